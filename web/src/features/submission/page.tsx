import { Button, Container, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../app/figures.ts';
import { Empty, ProblemAlert } from '../../app/problem.tsx';
import { useMe } from '../identity/queries.ts';
import { useSubmissions } from './queries.ts';
import { StatusBadge } from './status.tsx';
import { TextLink } from '../../app/link.tsx';

/** Submissions that the reader may see, newest first. */
export function SubmissionsPage() {
  const { t, i18n } = useTranslation('submission');
  const { t: shell } = useTranslation();
  const me = useMe();
  const asked = useSubmissions(Boolean(me.data));
  if (me.data === null) return <SignInFirst from="/submissions" />;
  const items = asked.data?.pages.flatMap((page) => page.items);
  return (
    <Container size="md" py="xl">
      <Title order={1} size="h2">
        {t('title')}
      </Title>
      <Text c="dimmed" mt={4} mb="lg">
        {t('intro')}
      </Text>
      {asked.error && <ProblemAlert error={asked.error} retry={() => void asked.refetch()} />}
      {!asked.error && !items && <Skeleton height={180} />}
      {items?.length === 0 && <Empty title={t('none')} hint={t('noneHint')} />}
      <Stack gap="xs">
        {items?.map((one) => (
          <Paper key={one.id} withBorder p="md">
            <Group justify="space-between" wrap="nowrap" align="flex-start">
              <Stack gap={2}>
                <TextLink to="/submissions/$submission" params={{ submission: one.id }} fw={600}>
                  {one.title}
                </TextLink>
                <Text size="xs" c="dimmed">
                  {t('changed')} {formatTime(one.updatedAt, i18n.language)}
                </Text>
              </Stack>
              <StatusBadge status={one.status} />
            </Group>
          </Paper>
        ))}
        {asked.hasNextPage && (
          <Button variant="default" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
            {shell('more')}
          </Button>
        )}
      </Stack>
    </Container>
  );
}

/** For pages that nobody sees who is not signed in. */
export function SignInFirst({ from }: { from: string }) {
  const { t } = useTranslation('submission');
  const { t: shell } = useTranslation();
  return (
    <Empty title={t('signInFirst')}>
      <TextLink to="/sign-in" search={{ from }}>
        {shell('signIn')}
      </TextLink>
    </Empty>
  );
}
