import { Alert, Button, Container, FileButton, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { DropZone } from '../../app/drop-zone.tsx';
import { formatCount } from '../../app/figures.ts';
import { most, useAnalysis, type Analysis } from './analysis.ts';
import { GenomeTable } from './table.tsx';

/** Analyses genomes in the browser up to their place on the tree, for those that must not leave it. */
export function VirusPage() {
  const { t } = useTranslation('virus');
  const { now, openDataset, analyse } = useAnalysis();
  const busy = now.state === 'opening' || now.state === 'reading' || now.state === 'placing';
  return (
    <Container size="xl" py="xl">
      <Title order={1} size="h2">
        {t('title')}
      </Title>
      <Text c="dimmed" mt={4} mb="lg" maw={760}>
        {t('lead')}
      </Text>
      <Stack>
        <DatasetChoice dataset={now.dataset} busy={busy} onOpen={openDataset} />
        <DropZone
          label={t('drop')}
          choose={t('choose')}
          disabled={busy || !now.dataset}
          onTake={([file]) => file && analyse(file)}
        />
        {now.failed && <Failure failed={now.failed} />}
        <Standing now={now} />
        {now.rows.length > 0 && <GenomeTable rows={now.rows} stands={now.stands} />}
      </Stack>
    </Container>
  );
}

function DatasetChoice(given: { dataset: Analysis['dataset']; busy: boolean; onOpen: (file?: File) => void }) {
  const { t, i18n } = useTranslation('virus');
  const { dataset } = given;
  const reset = useRef<() => void>(null);
  const take = (file: File | null) => {
    if (file) given.onOpen(file);
    reset.current?.();
  };
  return (
    <Paper withBorder p="md" component="section" aria-label={t('dataset')}>
      <Group justify="space-between">
        <div>
          <Text fw={600}>
            {dataset
              ? t('datasetAbout', {
                  name: dataset.name,
                  version: dataset.version,
                  leaves: formatCount(dataset.leaves, i18n.language),
                })
              : '…'}
          </Text>
          <Text size="sm" c="dimmed">
            {t('datasetHint')}
          </Text>
        </div>
        <FileButton accept=".zip,.gz,.tgz,.tar" resetRef={reset} onChange={take}>
          {(props) => (
            <Button variant="default" disabled={given.busy} {...props}>
              {t('datasetOwn')}
            </Button>
          )}
        </FileButton>
      </Group>
    </Paper>
  );
}

function Failure({ failed }: { failed: NonNullable<Analysis['failed']> }) {
  const { t, i18n } = useTranslation('virus');
  if (failed === 'broken') return <Alert color="red" role="alert" title={t('broken')} />;
  const { message, mend } = i18n.language === 'zh' ? failed.zh : failed.en;
  return (
    <Alert color="red" role="alert" title={t('failed')}>
      {message} [{failed.code}]<br />
      {mend}
    </Alert>
  );
}

function Standing({ now }: { now: Analysis }) {
  const { t, i18n } = useTranslation('virus');
  const { all, accepted } = now.counts;
  const count = (value: number) => formatCount(value, i18n.language);
  if (now.state === 'reading' || now.state === 'placing')
    return (
      <div role="status">
        <Text size="sm">
          {now.state === 'reading' ? t('reading', { number: count(all) }) : t('placing', { number: count(accepted) })}
        </Text>
        <Progress mt={4} value={100 * now.share} animated={now.state === 'placing'} aria-label={t('title')} />
      </div>
    );
  if (now.state !== 'done') return undefined;
  return (
    <Group justify="space-between" role="status">
      <Text>
        {t('done', { accepted: count(accepted), number: count(all), refused: count(all - accepted) })}{' '}
        {all > most && t('shown', { number: count(most) })}
      </Text>
      {now.table && <SaveTable table={now.table} />}
    </Group>
  );
}

function SaveTable({ table }: { table: Blob }) {
  const { t } = useTranslation('virus');
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(table);
    link.download = 'genomes.tsv';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Button variant="default" onClick={save}>
      {t('save')}
    </Button>
  );
}
