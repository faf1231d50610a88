import { Alert, Button, Container, Paper, PasswordInput, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../../app/client.ts';
import { TextLink } from '../../app/link.tsx';
import { Empty, ProblemAlert } from '../../app/problem.tsx';
import { textOf } from './form.ts';
import { useLink, useUseLink, type LinkForm } from './queries.ts';

/** Uses a one-time link: the first administrator, an invitation, a new password. */
export function LinkPage() {
  const { t } = useTranslation('identity');
  const [secret] = useState(() => location.hash.slice(1));
  const link = useLink(secret);
  if (secret === '') return <Empty title={t('noSecret')} hint={t('noSecretHint')} />;
  return (
    <Container size={460} py={{ base: 32, sm: 56 }}>
      {link.error && <ProblemAlert error={link.error} />}
      {link.isPending && <Skeleton height={280} />}
      {link.data && <LinkFields link={link.data} secret={secret} />}
    </Container>
  );
}

type LinkRead = NonNullable<ReturnType<typeof useLink>['data']>;

function LinkFields({ link, secret }: { link: LinkRead; secret: string }) {
  const { t } = useTranslation('identity');
  const use = useUseLink();
  const { purpose } = link;
  const email = link.email ?? '';
  const organisation = link.organisation?.[currentLanguage()] ?? '';
  const [title, hint] = {
    bootstrap: [t('bootstrap'), t('bootstrapHint')],
    invitation: [t('invitation'), t('invitationHint', { email, organisation })],
    password_reset: [t('reset'), t('resetHint', { email })],
  }[purpose];
  return (
    <>
      <Title order={1} size="h2">
        {title}
      </Title>
      <Text c="dimmed" mt="xs" mb="lg">
        {hint}
      </Text>
      <Paper
        withBorder
        p="lg"
        component="form"
        onSubmit={(event: React.FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          use.mutate(formOf(purpose, secret, new FormData(event.currentTarget)));
        }}
      >
        {use.isSuccess ? (
          <Alert color="jade">
            {t('saved')} <TextLink to="/sign-in">{t('title')}</TextLink>
          </Alert>
        ) : (
          <Stack>
            {use.error && <ProblemAlert error={use.error} />}
            {purpose === 'bootstrap' && (
              <>
                <TextInput
                  label={t('organisationCode')}
                  description={t('organisationCodeHint')}
                  name="code"
                  pattern="[a-z0-9][a-z0-9\-]{1,39}"
                  required
                />
                <TextInput label={t('organisationEn')} name="en" required />
                <TextInput label={t('organisationZh')} name="zh" required />
                <TextInput label={t('email')} name="email" type="email" autoComplete="username" required />
              </>
            )}
            {purpose !== 'password_reset' && (
              <TextInput label={t('name')} name="name" autoComplete="name" required maxLength={200} />
            )}
            <PasswordInput
              label={t('newPassword')}
              name="password"
              autoComplete="new-password"
              required
              visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
            />
            <Button type="submit" loading={use.isPending}>
              {t('save')}
            </Button>
          </Stack>
        )}
      </Paper>
    </>
  );
}

const formOf = (purpose: LinkForm['purpose'], secret: string, form: FormData): LinkForm => ({
  purpose,
  secret,
  email: textOf(form, 'email'),
  name: textOf(form, 'name'),
  password: textOf(form, 'password'),
  organisation: { code: textOf(form, 'code'), name: { en: textOf(form, 'en'), zh: textOf(form, 'zh') } },
});
