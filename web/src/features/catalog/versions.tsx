import type { ObjectVersion } from '@geneward/api';
import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { formatDay } from '../../app/figures.ts';
import { ProblemAlert } from '../../app/problem.tsx';
import classes from './catalog.module.css';
import { useChanges, useVersions } from './queries.ts';

/** Versions of an object's metadata, each with its reason and what it changed. */
export function Versions({ object }: { object: string }) {
  const asked = useVersions(object);
  if (asked.error) return <ProblemAlert error={asked.error} />;
  return (
    <Stack gap="sm">
      {asked.data?.items.map((version) => (
        <Version key={version.version} object={object} version={version} />
      ))}
    </Stack>
  );
}

function Version({ object, version }: { object: string; version: ObjectVersion }) {
  const { t, i18n } = useTranslation('catalog');
  const [open, { toggle }] = useDisclosure(false);
  const changes = useChanges(object, version.version - 1, version.version, open);
  return (
    <div>
      <Group gap="sm">
        <Text fw={600}>{t('version', { version: version.version })}</Text>
        <Badge size="sm" radius="sm" variant="light" tt="none" color={version.standing === 'current' ? 'jade' : 'gray'}>
          {t(version.standing)}
        </Badge>
        <Text size="sm" c="dimmed">
          {formatDay(version.at, i18n.language)}
          {version.version > 1 && ` · ${version.reason ?? t('noReason')}`}
        </Text>
        {version.version > 1 && (
          <Button size="compact-xs" variant="subtle" onClick={toggle} aria-expanded={open}>
            {t('changes')}
          </Button>
        )}
      </Group>
      {open && changes.error && <ProblemAlert error={changes.error} />}
      {open && changes.data && (
        <div className={classes['wide']}>
          <Table mt="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('field')}</Table.Th>
                <Table.Th>{t('before')}</Table.Th>
                <Table.Th>{t('after')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changes.data.changes.map((change) => (
                <Table.Tr key={change.path}>
                  <Table.Td>{change.path}</Table.Td>
                  <Table.Td>{[change.before ?? []].flat().join('; ')}</Table.Td>
                  <Table.Td>{[change.after ?? []].flat().join('; ')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </div>
  );
}
