import {
  isCose,
  LogError,
  parsePolicy,
  requireQuorum,
  verifyCoseReceipt,
  verifyReceipt,
  type VerifiedReceipt,
} from '@geneward/merkle';
import { Alert, Button, Code, Container, FileButton, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from '../../app/problem.tsx';
import { Level, levelWords } from './level.tsx';
import { usePolicyOfArchive } from './queries.ts';

/** A receipt as it was given, and its name. */
interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Verifies receipts in the browser: once the page is there, no server takes part. */
export function VerifyPage() {
  const { t } = useTranslation('ledger');
  const [policy, setPolicy] = useState('');
  const [given, setGiven] = useState<readonly Given[]>([]);
  const archive = usePolicyOfArchive();
  // The same file may be chosen again after it was changed.
  const reset = useRef<() => void>(null);
  const take = async (files: File[]) => {
    setGiven(
      await Promise.all(
        files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
      ),
    );
    reset.current?.();
  };
  return (
    <Container size="md" py="xl">
      <Title order={1} size="h2">
        {t('verify')}
      </Title>
      <Text c="dimmed" mt={4} mb="lg">
        {t('verifyLead')}
      </Text>
      <Stack>
        <Textarea
          label={t('policy')}
          autosize
          minRows={4}
          maxRows={12}
          spellCheck={false}
          styles={{ input: { fontFamily: 'monospace' } }}
          value={policy}
          onChange={(event) => setPolicy(event.currentTarget.value)}
        />
        <Group>
          <FileButton multiple resetRef={reset} onChange={(files) => void take(files)}>
            {(props) => <Button {...props}>{t('choose')}</Button>}
          </FileButton>
          <Button
            variant="default"
            loading={archive.isPending}
            onClick={() => archive.mutate(undefined, { onSuccess: setPolicy })}
          >
            {t('policyHere')}
          </Button>
        </Group>
        {archive.error && <ProblemAlert error={archive.error} />}
        {archive.data !== undefined && archive.data === policy && (
          <Alert color="yellow">{t('policyHereWarning')}</Alert>
        )}
        {given.map((one) => (
          <Verdict key={one.name} given={one} policy={policy} />
        ))}
      </Stack>
    </Container>
  );
}

type Judged = { readonly verified: VerifiedReceipt } | { readonly code: LogError['code'] };

function judge(bytes: Uint8Array, policyText: string): Judged {
  try {
    const policy = parsePolicy(policyText);
    const verified = isCose(bytes)
      ? verifyCoseReceipt(bytes, policy)
      : verifyReceipt(new TextDecoder().decode(bytes), policy);
    requireQuorum(verified, policy);
    return { verified };
  } catch (error) {
    if (error instanceof LogError) return { code: error.code };
    throw error;
  }
}

const reasons = {
  not_signed: 'why_not_signed',
  bad_signature: 'why_bad_signature',
  proof_wrong: 'why_proof_wrong',
  commitment_wrong: 'why_commitment_wrong',
  quorum_missing: 'why_quorum_missing',
  policy_malformed: 'why_policy_malformed',
} as const;

function Verdict({ given, policy }: { given: Given; policy: string }) {
  const { t } = useTranslation('ledger');
  const judged = judge(given.bytes, policy);
  if ('code' in judged)
    return (
      <Alert color="red" title={`${given.name}: ${t('fails')}`} role="status">
        {t(reasons[judged.code as keyof typeof reasons] ?? 'why_other')} [{judged.code}]
      </Alert>
    );
  const { receipt, checkpoint, level, witnesses, statement } = judged.verified;
  return (
    <Alert color={level === 'L0' ? 'yellow' : 'jade'} title={`${given.name}: ${t('holds')}`} role="status">
      <Stack gap="xs">
        <Group gap="xs">
          <Level level={level} />
          <Text size="sm">{t(levelWords[level])}</Text>
        </Group>
        <Text size="sm">
          <Code>{receipt.entry.type}</Code> {receipt.entry.time}
        </Text>
        <Text size="sm">
          {t('inLog', { index: String(receipt.index), log: checkpoint.origin, size: String(checkpoint.size) })}
        </Text>
        {witnesses.length > 0 && (
          <Text size="sm">{t('witnesses', { names: witnesses.map((it) => it.witness.name).join(', ') })}</Text>
        )}
        {receipt.anchor && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {t('anchored', {
              size: String(receipt.anchor.size),
              chain: String(receipt.anchor.chainId),
              contract: receipt.anchor.contract,
              transaction: receipt.anchor.transaction,
            })}
          </Text>
        )}
        {statement ? (
          <details>
            <summary>{t('statement')}</summary>
            <Code block>{JSON.stringify(statement, undefined, 2)}</Code>
          </details>
        ) : (
          <Text size="sm">{t('erased')}</Text>
        )}
      </Stack>
    </Alert>
  );
}
