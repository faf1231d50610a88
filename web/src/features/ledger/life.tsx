import { wordsOf, type LedgerAct } from '@geneward/api';
import { Anchor, Container, Skeleton, Table, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TextLink } from '../../app/link.tsx';
import { Empty, ProblemAlert } from '../../app/problem.tsx';
import { Level } from './level.tsx';
import { useLife } from './queries.ts';

const route = getRouteApi('/objects/$accession/life');

/** The whole life of an object: every act that the reader may see, with its level and its receipt. */
export function LifePage() {
  const { t } = useTranslation('ledger');
  const { accession } = route.useParams();
  const asked = useLife(accession);
  const { data } = asked;
  return (
    <Container size="lg" py="xl">
      <TextLink to="/objects/$accession" params={{ accession }} ff="monospace">
        {accession}
      </TextLink>
      <Title order={1} size="h2">
        {t('life')}
      </Title>
      <Text c="dimmed" mt={4} mb="lg">
        {t('lifeLead')} <TextLink to="/verify">{t('verify')}</TextLink>
      </Text>
      {asked.error && <ProblemAlert error={asked.error} retry={() => void asked.refetch()} />}
      {asked.isPending && <Skeleton height={240} />}
      {data?.items.length === 0 && <Empty title={t('none')} hint={t('noneHint')} />}
      {data && data.items.length > 0 && <Acts object={accession} items={data.items} />}
      {data && data.items.length > 0 && (
        <Text c="dimmed" size="sm" mt="sm">
          {t('rising')}
        </Text>
      )}
      {data?.truncated === true && <Text mt="sm">{t('truncated')}</Text>}
    </Container>
  );
}

/** Few columns, so that a row is read whole on a telephone as well. */
function Acts({ object, items }: { object: string; items: readonly LedgerAct[] }) {
  const { t, i18n } = useTranslation('ledger');
  const language = i18n.language === 'zh' ? 'zh' : 'en';
  return (
    <Table striped verticalSpacing="xs" style={{ overflowWrap: 'anywhere' }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('act')}</Table.Th>
          <Table.Th>{t('place')}</Table.Th>
          <Table.Th>{t('receipt')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.index}>
            <Table.Td>
              <Text size="sm">{wordsOf(item.type)?.[language] ?? item.type}</Text>
              <Text size="xs" c="dimmed">
                {item.at.slice(0, 19).replace('T', ' ')} UTC · {t(`stage_${item.stage}`)} ·{' '}
                <Text span ff="monospace" inherit>
                  {item.type}
                </Text>
              </Text>
            </Table.Td>
            <Table.Td>
              <Text size="sm">{item.index}</Text>
              <Level level={item.level} />
            </Table.Td>
            <Table.Td>
              {item.level !== 'pending' && (
                <Anchor
                  size="sm"
                  href={`/api/v1/ledger/objects/${encodeURIComponent(object)}/receipts/${item.index}`}
                  download={`${object}-${item.index}.tlog-proof`}
                >
                  {t('save')}
                </Anchor>
              )}
              {item.erased && ` ${t('erased')}`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
