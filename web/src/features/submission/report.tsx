import type { FindingView, Submission } from '@geneward/api';
import { Badge, Button, Code, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from '../../app/problem.tsx';
import { useState } from 'react';
import { useFindings, useReport, type Level } from './queries.ts';

const colors = { error: 'red', warning: 'orange', hint: 'blue' } as const;

/** What was found about a submission: place, what is wrong, how to mend it. */
export function Report({ submission }: { submission: Submission }) {
  const { t } = useTranslation('submission');
  const { t: shell } = useTranslation();
  const [level, setLevel] = useState<Level | 'all'>(submission.counts.errors > 0 ? 'error' : 'all');
  const asked = useFindings(submission.id, level === 'all' ? undefined : level);
  const report = useReport(submission.id);
  const findings = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const { errors, warnings, hints } = submission.counts;
  if (asked.error) return <ProblemAlert error={asked.error} />;
  if (errors + warnings + hints === 0) return <Text c="dimmed">{t('reportClean')}</Text>;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label={t('report')}
          value={level}
          onChange={setLevel}
          data={[
            { value: 'all', label: t('all') },
            { value: 'error', label: t('errors', { count: errors }) },
            { value: 'warning', label: t('warnings', { count: warnings }) },
            { value: 'hint', label: t('hints', { count: hints }) },
          ]}
        />
        <Button size="xs" variant="default" loading={report.isPending} onClick={() => report.mutate()}>
          {t('download')}
        </Button>
      </Group>
      {report.error && <ProblemAlert error={report.error} />}
      {findings.map((finding, n) => (
        <Finding key={`${n}${finding.code}`} finding={finding} />
      ))}
      {asked.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          loading={asked.isFetchingNextPage}
          onClick={() => void asked.fetchNextPage()}
        >
          {shell('more')}
        </Button>
      )}
    </Stack>
  );
}

/** One finding: place, what is wrong, how to mend it. */
export function Finding({ finding }: { finding: FindingView }) {
  const { t } = useTranslation('submission');
  const { place } = finding;
  const where = [
    place.sheet ?? place.file,
    place.row !== undefined && t('row', { row: place.row }),
    place.line !== undefined && t('line', { line: place.line }),
    place.record !== undefined && t('record', { record: place.record }),
    place.column !== undefined && t('column', { column: place.column }),
    place.alias,
  ].filter(Boolean);
  return (
    <div>
      <Group gap="xs">
        <Badge size="sm" radius="sm" tt="none" variant="light" color={colors[finding.level]}>
          {t(`level_${finding.level}`)}
        </Badge>
        <Code>{finding.code}</Code>
        <Text size="xs" c="dimmed">
          {where.join(' · ')}
        </Text>
      </Group>
      <Text size="sm" mt={2}>
        {finding.message}
      </Text>
      <Text size="sm" c="dimmed">
        {finding.mend}
      </Text>
      {finding.suggestion !== undefined && (
        <Text size="sm">
          {t('suggestion')} <Code>{finding.suggestion}</Code>
        </Text>
      )}
    </div>
  );
}
