import { Alert, Button, Container, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from '../../app/problem.tsx';
import { textOf } from './form.ts';
import { useMe, useSignIn } from './queries.ts';

/** Signs in with a password and goes back to where one came from. */
export function SignInPage() {
  const { t } = useTranslation('identity');
  const { from } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const me = useMe();
  const signIn = useSignIn();
  const send = (form: FormData) =>
    signIn.mutate(
      { email: textOf(form, 'email'), password: textOf(form, 'password') },
      { onSuccess: (profile) => !profile.passwordExpired && void navigate({ to: from ?? '/submissions' }) },
    );
  return (
    <Container size={420} py={{ base: 32, sm: 72 }}>
      <Title order={1} size="h2">
        {t('title')}
      </Title>
      <Text c="dimmed" mt="xs" mb="lg">
        {t('intro')}
      </Text>
      <Paper
        withBorder
        p="lg"
        component="form"
        onSubmit={(event: React.FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          send(new FormData(event.currentTarget));
        }}
      >
        <Stack>
          {me.data?.passwordExpired ? (
            <Alert color="yellow">{t('passwordExpired')}</Alert>
          ) : (
            me.data && <Alert color="jade">{t('already', { name: me.data.name })}</Alert>
          )}
          {signIn.error && <ProblemAlert error={signIn.error} />}
          <TextInput label={t('email')} name="email" type="email" autoComplete="username" required autoFocus />
          <PasswordInput
            label={t('password')}
            name="password"
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
          />
          <Button type="submit" loading={signIn.isPending}>
            {t('submit')}
          </Button>
        </Stack>
      </Paper>
      <Text size="sm" c="dimmed" mt="md">
        {t('noAccount')}
      </Text>
    </Container>
  );
}
