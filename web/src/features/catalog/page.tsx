import { Box, Button, Container, Drawer, Grid, Group, Select, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { SearchSort } from '@geneward/api';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../app/figures.ts';
import { Empty, ProblemAlert } from '../../app/problem.tsx';
import classes from './catalog.module.css';
import { FacetPanel } from './facets.tsx';
import { Hit } from './hit.tsx';
import { useSearchResults } from './queries.ts';
import { SearchBox } from './search-box.tsx';
import { isUntouched, readSearch, type SearchState } from './search-state.ts';
import { TextLink } from '../../app/link.tsx';

const examples = ['organism:"Homo sapiens"', 'type:project', '"whole genome"', '水稻', 'country:China'];
const sorts: readonly SearchSort[] = ['relevance', 'newest', 'accession', 'title'];

/** The first page: a box to type in, and below it what is found. */
export function SearchPage() {
  const { t } = useTranslation('catalog');
  const state = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const go = (next: SearchState) => void navigate({ to: '/', search: readSearch({ ...next }) });
  const typed = (q: string) => go({ ...state, q });
  const fresh = isUntouched(state);
  return (
    <>
      <Box {...(fresh ? { className: classes['hero'] ?? '' } : { pt: 'lg' })}>
        <Container size={fresh ? 'md' : 'xl'}>
          {fresh && (
            <Stack gap="sm" mb="xl" ta="center">
              <Title order={1}>{t('headline')}</Title>
              <Text c="dimmed" size="lg">
                {t('lead')}
              </Text>
            </Stack>
          )}
          <SearchBox key={state.q ?? ''} typed={state.q ?? ''} onSearch={typed} size={fresh ? 'lg' : 'md'} />
          {fresh && (
            <Group gap="sm" mt="md" justify="center">
              <Text size="sm" c="dimmed">
                {t('examples')}
              </Text>
              {examples.map((q) => (
                <TextLink key={q} to="/" search={{ q }} size="sm">
                  {q}
                </TextLink>
              ))}
            </Group>
          )}
        </Container>
      </Box>
      <Results state={state} go={go} />
    </>
  );
}

function Results({ state, go }: { state: SearchState; go: (next: SearchState) => void }) {
  const { t, i18n } = useTranslation('catalog');
  const { t: shell } = useTranslation();
  const results = useSearchResults(state);
  const [filtering, { open, close }] = useDisclosure(false);
  const first = results.data?.pages[0];
  if (results.error)
    return (
      <Container size="xl" py="lg">
        <ProblemAlert error={results.error} retry={() => void results.refetch()} />
      </Container>
    );
  if (!first) return <Waiting />;
  const hits = results.data?.pages.flatMap((page) => page.items) ?? [];
  if (hits.length === 0 && isUntouched(state)) return <Empty title={t('noneYet')} hint={t('noneYetHint')} />;
  const panel = <FacetPanel facets={first.facets} state={state} onChange={go} />;
  const words = first.terms
    .filter((term) => !term.not && term.kind !== 'field')
    .flatMap((term) => term.text.split(/\s+/));
  const clear = (
    <Button variant="subtle" size="compact-sm" onClick={() => go({ ...(state.q !== undefined && { q: state.q }) })}>
      {t('clear')}
    </Button>
  );
  return (
    <Container size="xl" py="lg">
      <Grid gap="xl">
        <Grid.Col span={3} visibleFrom="md" component="aside" aria-label={t('filters')}>
          {panel}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 9 }}>
          <Stack gap="sm">
            <Group justify="space-between">
              <Group gap="sm">
                <Text fw={600} role="status">
                  {first.total.relation === 'at_least'
                    ? t('many')
                    : t('results', { count: first.total.value, shown: formatCount(first.total.value, i18n.language) })}
                </Text>
                {Object.keys(state).some((name) => name !== 'q' && name !== 'sort') && clear}
              </Group>
              <Group gap="xs">
                <Button hiddenFrom="md" variant="default" size="xs" onClick={open}>
                  {t('filters')}
                </Button>
                <Select
                  size="xs"
                  w={150}
                  aria-label={t('sort')}
                  allowDeselect={false}
                  value={state.sort ?? (state.q === undefined ? 'newest' : 'relevance')}
                  data={sorts
                    .filter((sort) => sort !== 'relevance' || state.q !== undefined)
                    .map((sort) => ({ value: sort, label: t(`sort_${sort}`) }))}
                  onChange={(sort) => go({ ...state, ...(sort && { sort }) })}
                />
              </Group>
            </Group>
            {first.suggestion && <Suggestion typed={state.q ?? ''} suggestion={first.suggestion} />}
            {hits.length === 0 && <Empty title={t('none')} hint={t('noneHint')} />}
            {hits.map((hit) => (
              <Hit key={hit.id} hit={hit} words={words} />
            ))}
            {results.hasNextPage && (
              <Button
                variant="default"
                loading={results.isFetchingNextPage}
                onClick={() => void results.fetchNextPage()}
              >
                {shell('more')}
              </Button>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
      <Drawer opened={filtering} onClose={close} title={t('filters')} position="left" hiddenFrom="md">
        <Stack>
          {panel}
          <Button onClick={close}>{t('showResults')}</Button>
        </Stack>
      </Drawer>
    </Container>
  );
}

function Suggestion({ typed, suggestion }: { typed: string; suggestion: { text: string; used: boolean } }) {
  const { t } = useTranslation('catalog');
  if (suggestion.used) return <Text>{t('instead', { typed, text: suggestion.text })}</Text>;
  return (
    <Text>
      {t('meant')}{' '}
      <TextLink to="/" search={{ q: suggestion.text }} fw={600}>
        {suggestion.text}
      </TextLink>
      ?
    </Text>
  );
}

function Waiting() {
  return (
    <Container size="xl" py="lg" aria-busy="true">
      <Stack gap="sm">
        {[0, 1, 2, 3].map((n) => (
          <Skeleton key={n} height={110} radius="md" />
        ))}
      </Stack>
    </Container>
  );
}
