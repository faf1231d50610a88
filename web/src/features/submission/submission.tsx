import type { Submission } from '@geneward/api';
import { Container, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatDay, formatTime } from '../../app/figures.ts';
import { ProblemAlert } from '../../app/problem.tsx';
import { TypeBadge } from '../catalog/badges.tsx';
import { useMe } from '../identity/queries.ts';
import { FileStates } from './file-states.tsx';
import { SignInFirst } from './page.tsx';
import { useSubmission } from './queries.ts';
import { Report } from './report.tsx';
import { StatusBadge } from './status.tsx';
import { TextLink } from '../../app/link.tsx';

/** One submission: what it holds, where its files are, what was found about it. */
export function SubmissionPage() {
  const { submission } = useParams({ from: '/submissions/$submission' });
  const { t } = useTranslation('submission');
  const me = useMe();
  const asked = useSubmission(submission);
  if (me.data === null) return <SignInFirst from={`/submissions/${submission}`} />;
  return (
    <Container size="lg" py="lg">
      <TextLink to="/submissions" size="sm">
        ← {t('back')}
      </TextLink>
      {asked.error && <ProblemAlert error={asked.error} retry={() => void asked.refetch()} />}
      {!asked.error && !asked.data && <Skeleton height={260} mt="md" />}
      {asked.data && <Shown submission={asked.data} />}
    </Container>
  );
}

function Shown({ submission }: { submission: Submission }) {
  const { t, i18n } = useTranslation('submission');
  const { files } = submission;
  return (
    <Stack gap="lg" mt="xs">
      <div>
        <Group gap="sm">
          <Title order={1} size="h2">
            {submission.title}
          </Title>
          <StatusBadge status={submission.status} />
        </Group>
        <Text c="dimmed" size="sm">
          {t('changed')} {formatTime(submission.updatedAt, i18n.language)}
          {submission.releaseOn !== undefined &&
            ` · ${t('releaseOn', { day: formatDay(submission.releaseOn, i18n.language) })}`}
        </Text>
      </div>
      <Part title={t('contents')}>
        {submission.objects.length === 0 && <Text c="dimmed">{t('empty')}</Text>}
        <Stack gap="xs">
          {submission.objects.map((one) => (
            <Group key={one.type} gap="sm">
              <TypeBadge type={one.type} />
              <Text size="sm">{t('objects', { fresh: one.new, revised: one.revised })}</Text>
            </Group>
          ))}
        </Stack>
      </Part>
      {submission.sheets.length > 0 && (
        <Part title={t('sheets')}>
          <Stack gap="xs">
            {submission.sheets.map((sheet) => (
              <Group key={sheet.name} justify="space-between">
                <Text size="sm" fw={500}>
                  {sheet.name}{' '}
                  <Text span size="xs" c="dimmed">
                    {formatBytes(sheet.size, i18n.language)}
                  </Text>
                </Text>
                <Text size="sm" c={sheet.state === 'failed' ? 'red' : 'dimmed'}>
                  {sheet.state === 'read'
                    ? t('sheetRecords', {
                        fresh: sheet.records.new,
                        revised: sheet.records.revised,
                        unchanged: sheet.records.unchanged,
                      })
                    : t(`sheet_${sheet.state}`)}
                </Text>
              </Group>
            ))}
          </Stack>
        </Part>
      )}
      {files.declared > 0 && (
        <Part title={t('files')}>
          <Text size="sm" mb="sm">
            {t('filesCount', { arrived: files.arrived, declared: files.declared })}
            {files.faulty > 0 && ` · ${t('faulty', { count: files.faulty })}`}
          </Text>
          <FileStates submission={submission.id} />
        </Part>
      )}
      <Part title={t('report')}>
        <Report submission={submission} />
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'lg' }} aria-label={title}>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
