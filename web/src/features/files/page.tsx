import { clockOf } from '@geneward/api';
import { Container, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { DropZone } from '../../app/drop-zone.tsx';
import { formatBytes } from '../../app/figures.ts';
import { useMe } from '../identity/queries.ts';
import { SignInFirst } from '../submission/page.tsx';
import { Begun } from './begun.tsx';
import { TransferRow } from './row.tsx';
import { addFiles, transfers, type Transfer } from './transfers.ts';

/** Sends files into the inbox of who is signed in: chosen or dropped, paused and gone on with, also after a reload. */
export function SendFilesPage() {
  const { t } = useTranslation('files');
  const me = useMe();
  const list = useSyncExternalStore(transfers.subscribe, transfers.now);
  const busy = list.some(({ state }) => state === 'sending' || state === 'waiting');
  useStayWhile(busy);
  if (me.data === null) return <SignInFirst from="/files" />;
  return (
    <Container size="md" py="xl">
      <Title order={1} size="h2">
        {t('title')}
      </Title>
      <Text c="dimmed" mt={4} mb="lg">
        {t('intro')}
      </Text>
      <Stack>
        <DropZone multiple label={t('drop')} choose={t('choose')} onTake={addFiles} />
        {list.length > 1 && <Whole list={list} />}
        {list.map((one) => (
          <TransferRow key={one.key} transfer={one} />
        ))}
        <Begun count={list.length} />
      </Stack>
    </Container>
  );
}

/** The browser asks before it leaves while files are under way. */
function useStayWhile(busy: boolean): void {
  useEffect(() => {
    if (!busy) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [busy]);
}

function Whole({ list }: { list: readonly Transfer[] }) {
  const { t, i18n } = useTranslation('files');
  const sum = (pick: (one: Transfer) => number) => list.reduce((all, one) => all + pick(one), 0);
  const [size, sent] = [sum((one) => one.size), sum((one) => one.sent)];
  const done = list.filter(({ state }) => state === 'stored' || state === 'faulty').length;
  const bytes = (value: number) => formatBytes(String(value), i18n.language);
  const rate = sum((one) => one.rate);
  return (
    <Paper withBorder p="md" component="section" aria-label={t('whole')}>
      <Group justify="space-between">
        <Text fw={600}>{t('whole')}</Text>
        <Text size="sm">{t('count', { done, all: list.length })}</Text>
      </Group>
      <Progress my="xs" value={size > 0 ? (sent / size) * 100 : 0} aria-label={t('progressOf', { name: t('whole') })} />
      <Group gap="md">
        <Text size="xs" c="dimmed">
          {t('moved', { moved: bytes(sent), size: bytes(size) })}
        </Text>
        {rate > 0 && sent < size && (
          <Text size="xs" c="dimmed">
            {t('rate', { rate: bytes(rate) })} · {t('left', { time: clockOf((size - sent) / rate) })}
          </Text>
        )}
      </Group>
    </Paper>
  );
}
