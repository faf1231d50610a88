import type { CatalogStatistics } from '@geneward/api';
import { Box, Container, Group, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount, formatTime } from '../../app/figures.ts';
import { ProblemAlert } from '../../app/problem.tsx';
import classes from './catalog.module.css';
import { useFacetLabel } from './facets.tsx';
import { useStatistics } from './queries.ts';

/** Public figures of the archive. */
export function StatisticsPage() {
  const { t, i18n } = useTranslation('catalog');
  const label = useFacetLabel();
  const asked = useStatistics();
  if (asked.error)
    return (
      <Container size="lg" py="xl">
        <ProblemAlert error={asked.error} retry={() => void asked.refetch()} />
      </Container>
    );
  const figures = asked.data;
  if (!figures)
    return (
      <Container size="lg" py="xl">
        <Skeleton height={300} />
      </Container>
    );
  const count = (n: number) => formatCount(n, i18n.language);
  const tiles = [
    [t('objects'), count(figures.objects)],
    [t('volume'), formatBytes(figures.bytes, i18n.language)],
    [t('fileCount'), count(figures.files)],
    [t('organisms'), count(figures.organisms)],
    [t('organisations'), count(figures.organisations)],
  ] as const;
  return (
    <Container size="lg" py="xl">
      <Title order={1} size="h2">
        {t('statistics')}
      </Title>
      <Text c="dimmed" mt={4}>
        {t('statisticsHint', { at: formatTime(figures.at, i18n.language) })}
      </Text>
      <SimpleGrid cols={{ base: 2, sm: 5 }} my="lg">
        {tiles.map(([name, value]) => (
          <Paper key={name} withBorder p="md">
            <Text size="sm" c="dimmed">
              {name}
            </Text>
            <Text size="xl" fw={700} className={classes['number'] ?? ''}>
              {value}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Bars title={t('byType')} rows={named(figures.byType, (one) => label('type', one.value))} />
        <Bars
          title={t('byMonth')}
          rows={figures.byMonth.slice(-12).map((m) => ({ name: m.month, count: m.objects, bytes: m.bytes }))}
        />
        <Bars title={t('byOrganism')} rows={named(figures.byOrganism.slice(0, 12), (one) => one.value)} />
        <Bars
          title={t('byOrganisation')}
          rows={named(figures.byOrganisation.slice(0, 12), (one) => one.label ?? one.value)}
        />
      </SimpleGrid>
    </Container>
  );
}

const named = (rows: CatalogStatistics['byType'], name: (one: CatalogStatistics['byType'][number]) => string) =>
  rows.map((one) => ({ name: name(one), count: one.count, bytes: one.bytes }));

function Bars({ title, rows }: { title: string; rows: readonly { name: string; count: number; bytes: string }[] }) {
  const { i18n } = useTranslation();
  const most = Math.max(1, ...rows.map((row) => row.count));
  if (rows.length === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      <Stack gap="sm">
        {rows.map((row) => (
          <Box key={row.name}>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="sm" truncate>
                {row.name}
              </Text>
              <Text size="sm" c="dimmed" className={classes['number'] ?? ''} style={{ whiteSpace: 'nowrap' }}>
                {formatCount(row.count, i18n.language)}
                {row.bytes !== '0' && ` · ${formatBytes(row.bytes, i18n.language)}`}
              </Text>
            </Group>
            <div className={classes['bar']} style={{ width: `${(100 * row.count) / most}%` }} />
          </Box>
        ))}
      </Stack>
    </Paper>
  );
}
