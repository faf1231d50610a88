import type { LedgerLevel } from '@geneward/api';
import { Badge, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const colours = { pending: 'gray', L0: 'yellow', L1: 'jade', L2: 'teal', L3: 'blue' } as const;
/** What each level says, and what it does not. */
export const levelWords = {
  pending: 'levelPending',
  L0: 'levelL0',
  L1: 'levelL1',
  L2: 'levelL2',
  L3: 'levelL3',
} as const;

/** A level with what it means. L0 is shown as what it is: the word of the log alone. */
export function Level({ level }: { level: LedgerLevel }) {
  const { t } = useTranslation('ledger');
  return (
    <Tooltip label={t(levelWords[level])} multiline maw={320}>
      <Badge size="sm" radius="sm" variant="light" tt="none" color={colours[level]} tabIndex={0}>
        {level === 'pending' ? t('pending') : level}
      </Badge>
    </Tooltip>
  );
}
