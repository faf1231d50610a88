import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatTime } from '../../app/figures.ts';
import { begunBefore, giveUp } from './transfers.ts';

/** What was begun in this browser and waits for its file to be chosen again. @param count of the transfers shown beside it */
export function Begun({ count }: { count: number }) {
  const { t, i18n } = useTranslation('files');
  const queries = useQueryClient();
  const begun = useQuery({ queryKey: ['begun-uploads', count], queryFn: begunBefore });
  if (!begun.data || begun.data.length === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-label={t('begun')}>
      <Title order={2} size="h4">
        {t('begun')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('begunHint')}
      </Text>
      <Stack gap="xs">
        {begun.data.map((one) => {
          const name = one.metadata['filename'] ?? '';
          const drop = async () => {
            await giveUp(one);
            await queries.invalidateQueries({ queryKey: ['begun-uploads'] });
          };
          return (
            <Group key={one.urlStorageKey} justify="space-between" wrap="nowrap">
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {name}{' '}
                <Text span size="xs" c="dimmed">
                  {formatBytes(String(one.size ?? 0), i18n.language)} ·{' '}
                  {t('begunAt', { time: formatTime(new Date(one.creationTime).toISOString(), i18n.language) })}
                </Text>
              </Text>
              <Button size="compact-xs" variant="subtle" aria-label={t('forget', { name })} onClick={() => void drop()}>
                {t('remove')}
              </Button>
            </Group>
          );
        })}
      </Stack>
    </Paper>
  );
}
