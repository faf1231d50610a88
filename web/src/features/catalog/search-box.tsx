import { Autocomplete, Button, Group } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCompletions } from './queries.ts';

/** Where one types; it offers ways to end the last word. */
export function SearchBox({
  typed,
  onSearch,
  size,
}: {
  typed: string;
  onSearch: (text: string) => void;
  size: 'md' | 'lg';
}) {
  const { t } = useTranslation('catalog');
  const [text, setText] = useState(typed);
  const [settled] = useDebouncedValue(text, 150);
  const offered = useCompletions(settled);
  const items = text.length > 1 ? (offered.data?.items.map((item) => item.text) ?? []) : [];
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(text.trim());
      }}
    >
      <Group gap="xs" wrap="nowrap">
        <Autocomplete
          style={{ flex: 1 }}
          size={size}
          aria-label={t('box')}
          placeholder={t('boxHint')}
          value={text}
          onChange={setText}
          onOptionSubmit={onSearch}
          data={[...new Set(items)]}
          filter={({ options }) => options}
          maxLength={500}
          type="search"
          autoComplete="off"
        />
        <Button type="submit" size={size}>
          {t('go')}
        </Button>
      </Group>
    </form>
  );
}
