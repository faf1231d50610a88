import { stages, type SupervisedAct, type SupervisionFilter } from '@geneward/api';
import {
  Alert,
  Anchor,
  Button,
  Container,
  Group,
  Select,
  Skeleton,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty, ProblemAlert } from '../../app/problem.tsx';
import { Level } from './level.tsx';
import { usePlans, useSupervisedActs } from './queries.ts';

/** What a regulator or an auditor looks at: acts of all institutions with their places in the log, to filter and take along. */
export function SupervisionPage() {
  const { t } = useTranslation('ledger');
  const [filter, setFilter] = useState<SupervisionFilter>({});
  const asked = useSupervisedActs(filter);
  const acts = asked.data?.pages.flatMap(({ items }) => items);
  return (
    <Container size="xl" py="xl">
      <Title order={1} size="h2">
        {t('supervision')}
      </Title>
      <Text c="dimmed" mt={4} mb="lg">
        {t('supervisionLead')}
      </Text>
      <Filters filter={filter} choose={setFilter} />
      <Plans />
      {asked.error && <ProblemAlert error={asked.error} retry={() => void asked.refetch()} />}
      {asked.isPending && <Skeleton height={240} />}
      {acts?.length === 0 && <Empty title={t('noActs')} hint={t('noActsHint')} />}
      {acts && acts.length > 0 && <Acts items={acts} />}
      {asked.hasNextPage && (
        <Button mt="md" variant="default" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </Container>
  );
}

function Filters({ filter, choose }: { filter: SupervisionFilter; choose: (filter: SupervisionFilter) => void }) {
  const { t } = useTranslation('ledger');
  const set = <K extends keyof SupervisionFilter>(name: K, value: SupervisionFilter[K] | undefined) => {
    const { [name]: _before, ...rest } = filter;
    choose({ ...rest, ...(value !== undefined && value !== '' && { [name]: value }) });
  };
  const day = (text: string) => (text === '' ? undefined : `${text}T00:00:00.000Z`);
  const address = (format: string) => {
    const query = new URLSearchParams({ format });
    for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, value);
    return `/api/v1/supervision/export?${query.toString()}`;
  };
  return (
    <Group align="end" mb="md">
      <Select
        label={t('stage')}
        clearable
        value={filter.stage ?? null}
        data={stages.map((stage) => ({ value: stage, label: t(`stage_${stage}`) }))}
        onChange={(value) =>
          set(
            'stage',
            stages.find((stage) => stage === value),
          )
        }
      />
      <TextInput
        label={t('actType')}
        placeholder="object."
        value={filter.type ?? ''}
        onChange={(event) => set('type', event.currentTarget.value)}
      />
      <TextInput label={t('from')} type="date" onChange={(event) => set('from', day(event.currentTarget.value))} />
      <TextInput label={t('until')} type="date" onChange={(event) => set('to', day(event.currentTarget.value))} />
      <Anchor href={address('tsv')} download="acts.tsv">
        {t('takeTsv')}
      </Anchor>
      <Anchor href={address('json')} download="acts.json">
        {t('takeJson')}
      </Anchor>
    </Group>
  );
}

/** Plans that somebody has to explain. */
function Plans() {
  const { t } = useTranslation('ledger');
  const { data } = usePlans();
  if (!data || data.items.length === 0) return null;
  return (
    <Alert color="yellow" mb="md" title={t('plans', { count: data.items.length })}>
      {data.items.slice(0, 20).map(({ plan, problem }) => (
        <Text size="sm" key={plan.seq}>
          {plan.at.slice(0, 19).replace('T', ' ')} <b>{plan.type}</b> {plan.object?.id} — {t(`plan_${problem}`)}
        </Text>
      ))}
    </Alert>
  );
}

function Acts({ items }: { items: readonly SupervisedAct[] }) {
  const { t } = useTranslation('ledger');
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            {(['at', 'act', 'stage', 'outcome', 'about', 'place', 'level'] as const).map((name) => (
              <Table.Th key={name}>{t(name)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.seq}>
              <Table.Td>{item.at.slice(0, 19).replace('T', ' ')}</Table.Td>
              <Table.Td ff="monospace">{item.type}</Table.Td>
              <Table.Td>{t(`stage_${item.stage}`)}</Table.Td>
              <Table.Td>{t(`outcome_${item.outcome}`)}</Table.Td>
              <Table.Td>{item.object?.accession ?? item.object?.id}</Table.Td>
              <Table.Td>{item.index}</Table.Td>
              <Table.Td>
                <Level level={item.level} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
