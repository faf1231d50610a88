import type { SubmissionStatus } from '@geneward/api';
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const colors: Readonly<Record<SubmissionStatus, string>> = {
  draft: 'gray',
  checking: 'blue',
  in_review: 'violet',
  returned: 'orange',
  accepted: 'jade',
  withdrawn: 'red',
};

export function StatusBadge({ status }: { status: SubmissionStatus }) {
  const { t } = useTranslation('submission');
  return (
    <Badge variant="light" color={colors[status]} radius="sm" tt="none" style={{ flexShrink: 0 }}>
      {t(`status_${status}`)}
    </Badge>
  );
}
