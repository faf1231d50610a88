import type { FileState } from '@geneward/api';
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../app/figures.ts';
import { ProblemAlert } from '../../app/problem.tsx';
import { useSubmissionFiles } from './queries.ts';

const colorOf = (state: FileState): string => {
  if (state === 'faulty' || state === 'mismatch' || state === 'expired') return 'red';
  return state === 'stored' ? 'jade' : 'gray';
};

/** Every file that a submission names, and whether it has come. */
export function FileStates({ submission }: { submission: string }) {
  const { t, i18n } = useTranslation('submission');
  const { t: shell } = useTranslation();
  const asked = useSubmissionFiles(submission);
  if (asked.error) return <ProblemAlert error={asked.error} />;
  return (
    <Stack gap={6}>
      {asked.data?.pages
        .flatMap((page) => page.items)
        .map((file) => (
          <Group key={`${file.object}${file.name}`} justify="space-between" wrap="nowrap">
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {file.name}{' '}
              <Text span size="xs" c="dimmed">
                {file.alias}
                {file.size !== undefined && ` · ${formatBytes(file.size, i18n.language)}`}
              </Text>
            </Text>
            <Badge variant="light" radius="sm" tt="none" color={colorOf(file.state)} style={{ flexShrink: 0 }}>
              {t(`file_${file.state}`)}
            </Badge>
          </Group>
        ))}
      {asked.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void asked.fetchNextPage()}>
          {shell('more')}
        </Button>
      )}
    </Stack>
  );
}
