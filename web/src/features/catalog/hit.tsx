import type { SearchHit } from '@geneward/api';
import { Group, Highlight, Paper, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatDay } from '../../app/figures.ts';
import { StandingBadges, TypeBadge } from './badges.tsx';
import classes from './catalog.module.css';
import { TextLink } from '../../app/link.tsx';

/** One result. */
export function Hit({ hit, words }: { hit: SearchHit; words: readonly string[] }) {
  const { t, i18n } = useTranslation('catalog');
  const name = hit.accession ?? hit.alias;
  const facts = [hit.country, hit.strategy, hit.instrument ?? hit.platform, hit.collectedOn].filter(
    (fact) => fact !== undefined,
  );
  return (
    <Paper component="article" withBorder p="md" className={classes['hit'] ?? ''}>
      <Stack gap={6}>
        <Group gap="xs">
          <TypeBadge type={hit.type} />
          <Text ff="monospace" size="sm" c="dimmed">
            {name}
          </Text>
          <StandingBadges manner={hit.manner} status={hit.status} />
        </Group>
        <TextLink
          to="/objects/$accession"
          params={{ accession: hit.accession ?? hit.id }}
          fw={600}
          className={classes['title'] ?? ''}
        >
          <Highlight component="span" highlight={[...words]} inherit>
            {hit.title}
          </Highlight>
        </TextLink>
        <Group gap="xs" className={classes['facts'] ?? ''}>
          {hit.organism !== undefined && (
            <Text size="sm" fs="italic">
              {hit.organism}
            </Text>
          )}
          {facts.map((fact) => (
            <Text key={fact} size="sm" c="dimmed">
              {fact}
            </Text>
          ))}
          {hit.files > 0 && (
            <Text size="sm" c="dimmed">
              {t('files', { count: hit.files, size: formatBytes(hit.bytes, i18n.language) })}
            </Text>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {[
            hit.organisationName,
            hit.releasedAt !== undefined
              ? t('released', { day: formatDay(hit.releasedAt, i18n.language) })
              : t('updated', { day: formatDay(hit.updatedAt, i18n.language) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </Stack>
    </Paper>
  );
}
