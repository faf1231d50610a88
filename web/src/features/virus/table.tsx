import { Badge, Code, ScrollArea, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Row, Said, Stand } from './told.ts';

const colors = { good: 'jade', mediocre: 'yellow', bad: 'orange' } as const;
/** Changes that are shown before one must ask for the rest. */
const few = 12;

/** Genomes, one a row: what is wrong with it, or quality, clade, changes and place. */
export function GenomeTable({ rows, stands }: { rows: readonly Row[]; stands: ReadonlyMap<string, Stand> }) {
  const { t } = useTranslation('virus');
  return (
    <ScrollArea>
      <Table verticalSpacing="xs" miw={860}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('genome')}</Table.Th>
            <Table.Th>{t('quality')}</Table.Th>
            <Table.Th>{t('clade')}</Table.Th>
            <Table.Th>{t('coverage')}</Table.Th>
            <Table.Th>{t('changes')}</Table.Th>
            <Table.Th>{t('neighbours')}</Table.Th>
            <Table.Th>{t('place')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <GenomeRow key={row.line} row={row} stand={row.accepted ? stands.get(row.name) : undefined} />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function GenomeRow({ row, stand }: { row: Row; stand: Stand | undefined }) {
  const { t } = useTranslation('virus');
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600}>
          {row.name}
        </Text>
        {row.findings.map((said) => (
          <Finding key={said.code} said={said} />
        ))}
      </Table.Td>
      <Table.Td>
        {row.quality ? (
          <Badge color={colors[row.quality]} variant="light" tt="none" miw="max-content">
            {t(row.quality)} {row.score}
          </Badge>
        ) : (
          <Badge color="red" variant="light" tt="none" miw="max-content">
            {t('refused')}
          </Badge>
        )}
      </Table.Td>
      <Table.Td>
        {row.clade}
        {row.lineages.length > 0 && (
          <Text size="xs" c="dimmed">
            {row.lineages.join(' · ')}
          </Text>
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {row.coverage === undefined ? '' : `${(row.coverage * 100).toFixed(1)} %`}
      </Table.Td>
      <Table.Td>
        <Changes list={row.aminoAcids} />
      </Table.Td>
      <Table.Td>
        <Text size="xs">{row.neighbours.slice(0, 3).join(', ')}</Text>
      </Table.Td>
      <Table.Td>
        {stand && (
          <Text size="xs">
            {t('beside', { name: stand.beside })}, {t('added', { number: stand.cost })}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Changes({ list }: { list: readonly string[] }) {
  if (list.length <= few) return <Text size="xs">{list.join(', ')}</Text>;
  return (
    <details>
      <summary>
        <Text span size="xs">
          {list.slice(0, few).join(', ')} … ({list.length})
        </Text>
      </summary>
      <Text size="xs">{list.slice(few).join(', ')}</Text>
    </details>
  );
}

function Finding({ said }: { said: Said }) {
  const { t, i18n } = useTranslation('virus');
  const { message, mend } = i18n.language === 'zh' ? said.zh : said.en;
  return (
    <Text size="xs" c={said.level === 'error' ? 'red' : 'dimmed'} component="div">
      <Code>{said.code}</Code> {message} {mend}
      {said.line !== undefined && ` (${t('line', { line: said.line })})`}
    </Text>
  );
}
