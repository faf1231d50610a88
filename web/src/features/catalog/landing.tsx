import type { ArchiveObject, Landing } from '@geneward/api';
import { Alert, Container, Group, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Copy } from '../../app/copy.tsx';
import { formatDay } from '../../app/figures.ts';
import { ProblemAlert } from '../../app/problem.tsx';
import { StandingBadges, TypeBadge } from './badges.tsx';
import { Cite } from './cite.tsx';
import { FileTable } from './file-table.tsx';
import { Lineage } from './lineage.tsx';
import { useLanding } from './queries.ts';
import { Versions } from './versions.tsx';
import { TextLink } from '../../app/link.tsx';

/** All about one object. */
export function LandingPage() {
  const { accession } = useParams({ from: '/objects/$accession' });
  const asked = useLanding(accession);
  if (asked.error)
    return (
      <Container size="lg" py="xl">
        <ProblemAlert error={asked.error} retry={() => void asked.refetch()} />
      </Container>
    );
  if (!asked.data)
    return (
      <Container size="lg" py="xl" aria-busy="true">
        <Skeleton height={40} width="60%" mb="lg" />
        <Skeleton height={260} />
      </Container>
    );
  return <Landed landing={asked.data} />;
}

function Landed({ landing }: { landing: Landing }) {
  const { t, i18n } = useTranslation('catalog');
  const { object, graph, citation } = landing;
  const { t: ledger } = useTranslation('ledger');
  const { content } = object;
  useTitle(`${object.accession ?? object.alias} · Geneward`);
  return (
    <Container size="lg" py="lg">
      <JsonLd data={landing.jsonLd} />
      <Stack gap="lg">
        <header>
          <Group gap="xs">
            <TypeBadge type={object.type} />
            <Text ff="monospace" fw={600}>
              {object.accession ?? object.alias}
            </Text>
            {object.accession !== undefined && <Copy text={object.accession} />}
            <StandingBadges manner={object.manner} status={object.status} />
          </Group>
          <Title order={1} size="h2" mt="xs" style={{ overflowWrap: 'anywhere' }}>
            {content?.title ?? object.alias}
          </Title>
          <Text c="dimmed" mt={4}>
            {[
              landing.organisationName,
              object.releasedAt !== undefined && t('released', { day: formatDay(object.releasedAt, i18n.language) }),
              t('version', { version: object.version }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </header>
        <Standing object={object} />
        {content && <Attributes object={object} content={content} organisation={landing.organisationName} />}
        {content && content.files.length > 0 && (
          <Section title={t('files')}>
            {object.manner === 'controlled' && (
              <Text size="sm" c="dimmed" mb="sm">
                {t('controlledData')}
              </Text>
            )}
            <FileTable files={content.files} />
          </Section>
        )}
        <Section title={t('related')}>
          <Lineage graph={graph} />
        </Section>
        {object.accession !== undefined && (
          <>
            <Section title={t('cite')}>
              <Cite citation={citation} />
            </Section>
            <Section title={t('versions')}>
              <Versions object={object.id} />
            </Section>
            <Section title={ledger('life')}>
              <TextLink to="/objects/$accession/life" params={{ accession: object.accession }}>
                {ledger('toLife')}
              </TextLink>
            </Section>
          </>
        )}
      </Stack>
    </Container>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'lg' }} aria-label={title}>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

function Standing({ object }: { object: ArchiveObject }) {
  const { t, i18n } = useTranslation('catalog');
  const { tombstone, suppressed } = object;
  if (tombstone)
    return (
      <Alert color="red" title={t(object.status === 'destroyed' ? 'destroyedTitle' : 'tombstoneTitle')}>
        <Text size="sm">
          {formatDay(tombstone.at, i18n.language)} · {tombstone.reason}
        </Text>
        {tombstone.replacedBy.length > 0 && (
          <Text size="sm" mt="xs">
            {t('replacedBy')}{' '}
            {tombstone.replacedBy.map((accession) => (
              <TextLink key={accession} to="/objects/$accession" params={{ accession }} mr="xs">
                {accession}
              </TextLink>
            ))}
          </Text>
        )}
      </Alert>
    );
  if (!suppressed) return null;
  return (
    <Alert color="orange" title={t('suppressedTitle')}>
      {formatDay(suppressed.at, i18n.language)} · {suppressed.reason}
    </Alert>
  );
}

function Attributes({
  object,
  content,
  organisation,
}: {
  object: ArchiveObject;
  content: NonNullable<ArchiveObject['content']>;
  organisation: string | undefined;
}) {
  const { t } = useTranslation('catalog');
  const own: [string, React.ReactNode][] = [
    [t('alias'), object.alias],
    ...(organisation === undefined ? [] : [[t('submittedBy'), organisation] satisfies [string, string]]),
    ...(content.checklist === undefined ? [] : [[t('checklist'), content.checklist] satisfies [string, string]]),
    ...(object.useTerms === '' ? [] : [[t('useTerms'), object.useTerms] satisfies [string, string]]),
  ];
  const given = Object.entries(content.attributes).map(([name, value]): [string, string] => [
    name.replaceAll('_', ' '),
    [[value].flat().join('; '), content.units[name]].filter(Boolean).join(' '),
  ]);
  return (
    <Section title={t('metadata')}>
      <Table variant="vertical" layout="auto" withRowBorders>
        <Table.Tbody>
          {[...given, ...own].map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w="34%" fw={500} style={{ overflowWrap: 'anywhere' }}>
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value === '' ? t('unsaid') : value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

/** schema.org for machines that read pages; `<` is written so that no text ends the element. */
function JsonLd({ data }: { data: Record<string, unknown> }) {
  return <script type="application/ld+json">{JSON.stringify(data).replaceAll('<', '\\u003c')}</script>;
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = 'Geneward';
    };
  }, [title]);
}
