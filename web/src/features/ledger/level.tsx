import type { LedgerLevel } from '@geneward/api';
import { Badge, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const colours = { pending: 'gray', L0: 'yellow', L1: 'jade' } as const;
const words = { pending: 'levelPending', L0: 'levelL0', L1: 'levelL1' } as const;

/** A level with what it means. L0 is shown as what it is: the word of the log alone. */
export function Level({ level }: { level: LedgerLevel }) {
  const { t } = useTranslation('ledger');
  return (
    <Tooltip label={t(words[level])} multiline maw={320}>
      <Badge size="sm" radius="sm" variant="light" tt="none" color={colours[level]} tabIndex={0}>
        {level === 'pending' ? t('pending') : level}
      </Badge>
    </Tooltip>
  );
}
