import type { AccessManner, ObjectStatus, SearchHit } from '@geneward/api';
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type ObjectType = SearchHit['type'];

const typeColors: Readonly<Record<ObjectType, string>> = {
  project: 'jade',
  sample: 'blue',
  experiment: 'violet',
  run: 'grape',
  assembly: 'orange',
  variation: 'pink',
  sequence: 'cyan',
  metabolism: 'lime',
  single_cell: 'indigo',
  analysis: 'yellow',
};

export function TypeBadge({ type }: { type: ObjectType }) {
  const { t } = useTranslation('catalog');
  return (
    <Badge variant="light" color={typeColors[type]} radius="sm" tt="none" fw={600}>
      {t(`type_${type}`)}
    </Badge>
  );
}

/** Public and released is the rule and says nothing; the rest does. */
export function StandingBadges({ manner, status }: { manner: AccessManner; status: ObjectStatus }) {
  const { t } = useTranslation('catalog');
  return (
    <>
      {manner !== 'public' && (
        <Badge variant="outline" color={manner === 'private' ? 'red' : 'orange'} radius="sm" tt="none">
          {t(`manner_${manner}`)}
        </Badge>
      )}
      {status !== 'released' && (
        <Badge
          variant="filled"
          color={status === 'withdrawn' || status === 'destroyed' ? 'red' : 'gray'}
          radius="sm"
          tt="none"
        >
          {t(`status_${status}`)}
        </Badge>
      )}
    </>
  );
}
