import { facetNames, type FacetName, type SearchReply } from '@geneward/api';
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../app/figures.ts';
import { toggleFacet, type SearchState } from './search-state.ts';
import classes from './catalog.module.css';

type Facets = NonNullable<SearchReply['facets']>;
type Value = { value: string; label?: string | undefined; count: number | undefined };

/** What a search can be narrowed by, with counts; what is ticked stays in sight. */
export function FacetPanel({
  facets,
  state,
  onChange,
}: {
  facets: Facets | undefined;
  state: SearchState;
  onChange: (state: SearchState) => void;
}) {
  const { t } = useTranslation('catalog');
  const shown = facetNames.filter((name) => (state[name] ?? facets?.values[name] ?? []).length > 0);
  return (
    <Stack gap="lg">
      {shown.map((name) => (
        <Facet
          key={name}
          name={name}
          values={valuesOf(facets?.values[name] ?? [], state[name] ?? [])}
          ticked={state[name] ?? []}
          onToggle={(value) => onChange(toggleFacet(state, name, value))}
        />
      ))}
      {facets?.counted === 'sample' && (
        <Text size="xs" c="dimmed">
          {t('sampled')}
        </Text>
      )}
    </Stack>
  );
}

function valuesOf(counted: readonly Value[], ticked: readonly string[]): Value[] {
  const missing = ticked.filter((value) => !counted.some((one) => same(one.value, value)));
  return [...missing.map((value) => ({ value, count: undefined })), ...counted];
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const few = 6;

function Facet({
  name,
  values,
  ticked,
  onToggle,
}: {
  name: FacetName;
  values: readonly Value[];
  ticked: readonly string[];
  onToggle: (value: string) => void;
}) {
  const { t, i18n } = useTranslation('catalog');
  const { t: shell } = useTranslation();
  const label = useFacetLabel();
  const listed = (value: Value) => (
    <Group key={value.value} justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
      <Checkbox
        size="xs"
        checked={ticked.some((one) => same(one, value.value))}
        onChange={() => onToggle(ticked.find((one) => same(one, value.value)) ?? value.value)}
        label={label(name, value.value, value.label)}
        classNames={{ label: classes['facetLabel'] ?? '' }}
      />
      {value.count !== undefined && (
        <Text size="xs" c="dimmed" className={classes['number']}>
          {formatCount(value.count, i18n.language)}
        </Text>
      )}
    </Group>
  );
  return (
    <fieldset className={classes['facet']}>
      <legend>{t(`facet_${name}`)}</legend>
      <Stack gap={6}>
        {values.slice(0, few).map(listed)}
        {values.length > few && (
          <details className={classes['rest']}>
            <Button component="summary" variant="subtle" size="compact-xs">
              {shell('more')}
            </Button>
            <Stack gap={6} mt={6}>
              {values.slice(few).map(listed)}
            </Stack>
          </details>
        )}
      </Stack>
    </fieldset>
  );
}

/** Types and manners are named in the reader's language; other values are as submitted. */
export function useFacetLabel() {
  const { t, i18n } = useTranslation('catalog');
  return (name: FacetName, value: string, label?: string): string => {
    if (name !== 'type' && name !== 'manner') return label ?? value;
    const key = `${name}_${value.toLowerCase()}`;
    return i18n.exists(key, { ns: 'catalog' }) ? t(key as 'type_run') : value;
  };
}
