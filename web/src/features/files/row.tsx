import { ApiProblem, clockOf } from '@geneward/api';
import { Alert, Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../app/figures.ts';
import { ProblemAlert } from '../../app/problem.tsx';
import { Finding } from '../submission/report.tsx';
import { goOn, pause, remove, type Transfer } from './transfers.ts';

const colors: Partial<Record<Transfer['state'], string>> = { stored: 'jade', faulty: 'orange', failed: 'red' };

/** One file: how far it has come, what can be done with it, and what its check found. */
export function TransferRow({ transfer }: { transfer: Transfer }) {
  const { t, i18n } = useTranslation('files');
  const { key, name, size, sent, rate, state, problem, report } = transfer;
  const bytes = (value: number) => formatBytes(String(value), i18n.language);
  const findings = report?.findings.filter(({ level }) => level !== 'hint') ?? [];
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Text fw={500} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        <Group gap="xs" style={{ flexShrink: 0 }}>
          {(state === 'sending' || state === 'waiting') && (
            <Button size="compact-xs" variant="default" aria-label={t('pauseOne', { name })} onClick={() => pause(key)}>
              {t('pause')}
            </Button>
          )}
          {state === 'paused' && (
            <Button size="compact-xs" aria-label={t('resumeOne', { name })} onClick={() => goOn(key)}>
              {t('resume')}
            </Button>
          )}
          {state !== 'checking' && (
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={t('removeOne', { name })}
              onClick={() => remove(key)}
            >
              {t('remove')}
            </Button>
          )}
        </Group>
      </Group>
      <Progress
        my="xs"
        value={size > 0 ? (sent / size) * 100 : 0}
        aria-label={t('progressOf', { name })}
        {...(colors[state] && { color: colors[state] })}
      />
      <Group gap="md">
        <Text size="xs" role="status">
          {t(state)}
        </Text>
        <Text size="xs" c="dimmed">
          {t('moved', { moved: bytes(sent), size: bytes(size) })}
        </Text>
        {rate > 0 && (
          <Text size="xs" c="dimmed">
            {t('rate', { rate: bytes(rate) })} · {t('left', { time: clockOf((size - sent) / rate) })}
          </Text>
        )}
      </Group>
      <Stack gap="xs" mt={problem || findings.length > 0 ? 'sm' : 0}>
        {problem && <Refusal problem={problem} />}
        {findings.map((finding, nth) => (
          <Finding key={`${nth}${finding.code}`} finding={finding} />
        ))}
      </Stack>
    </Paper>
  );
}

function Refusal({ problem }: { problem: NonNullable<Transfer['problem']> }) {
  const { t } = useTranslation('files');
  if (problem.code === 'unauthenticated') return <Alert color="yellow">{t('signedOut')}</Alert>;
  return <ProblemAlert error={problem.status === 0 ? new TypeError() : new ApiProblem(problem)} />;
}
