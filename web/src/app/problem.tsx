import { ApiProblem } from '@geneward/api';
import { Alert, Button, Code, Container, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TextLink } from './link.tsx';

/** A refusal as the server tells it: what, how to mend it, its code. */
export function ProblemAlert({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const body = error instanceof ApiProblem ? error.body : undefined;
  const unreachable = error instanceof TypeError;
  return (
    <Alert color="red" variant="light" role="alert" title={body?.title ?? t(unreachable ? 'unreachable' : 'broken')}>
      <Stack gap="xs" align="flex-start">
        {(body?.hint ?? (unreachable && t('unreachableHint'))) && (
          <Text size="sm">{body?.hint ?? t('unreachableHint')}</Text>
        )}
        {body?.issues?.map((issue) => (
          <Text key={`${issue.path}${issue.message}`} size="sm">
            <Code>{issue.path}</Code> {issue.message}
          </Text>
        ))}
        {body && (
          <Text size="xs" c="dimmed">
            {t('code')} <Code>{body.code}</Code>
            {body.instance && (
              <>
                {' · '}
                {t('request')} <Code>{body.instance.slice(0, 8)}</Code>
              </>
            )}
          </Text>
        )}
        {retry && (
          <Button size="xs" variant="light" color="red" onClick={retry}>
            {t('again')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** For an address that is no page. */
export function NoPage() {
  const { t } = useTranslation();
  return (
    <Empty title={t('notFound')} hint={t('notFoundHint')}>
      <TextLink to="/">{t('toSearch')}</TextLink>
    </Empty>
  );
}

/** When a page itself fails. */
export function BrokenPage({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Container size="sm" py="xl">
      <ProblemAlert error={error} retry={reset} />
    </Container>
  );
}

/** Nothing to show, and what to do about it. */
export function Empty({
  title,
  hint,
  children,
}: {
  title: string;
  hint?: string | undefined;
  children?: React.ReactNode;
}) {
  return (
    <Stack align="center" gap="xs" py={64} ta="center">
      <Title order={3}>{title}</Title>
      {hint && <Text c="dimmed">{hint}</Text>}
      {children && <Group mt="sm">{children}</Group>}
    </Stack>
  );
}
