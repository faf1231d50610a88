import type { ArchiveObject } from '@geneward/api';
import { addressOf, filesRoutes } from '@geneward/api';
import { Anchor, Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Copy } from '../../app/copy.tsx';
import classes from './catalog.module.css';

type File = NonNullable<ArchiveObject['content']>['files'][number];

/** Files of an object with what proves that they came over whole. */
export function FileTable({ files }: { files: readonly File[] }) {
  const { t } = useTranslation('catalog');
  return (
    <div className={classes['wide']}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('fileName')}</Table.Th>
            <Table.Th>{t('format')}</Table.Th>
            <Table.Th>{t('checksum')}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file) => (
            <Table.Tr key={file.name}>
              <Table.Td>{file.name}</Table.Td>
              <Table.Td>{file.format}</Table.Td>
              <Table.Td>
                <Sum name="MD5" value={file.md5} />
                <Sum name="SHA-256" value={file.sha256} />
              </Table.Td>
              <Table.Td>
                {file.id === undefined ? (
                  <Text size="sm" c="dimmed">
                    {t('awaited')}
                  </Text>
                ) : (
                  <Anchor
                    size="sm"
                    href={addressOf('', filesRoutes.downloadFile, { id: file.id }, {})}
                    download={file.name}
                  >
                    {t('download')}
                  </Anchor>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Sum({ name, value }: { name: string; value: string | undefined }) {
  if (value === undefined) return null;
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="xs" c="dimmed" w={56} style={{ flexShrink: 0 }}>
        {name}
      </Text>
      <span className={classes['hash']}>{value}</span>
      <Copy text={value} label={name} />
    </Group>
  );
}
