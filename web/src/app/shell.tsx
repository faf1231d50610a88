import {
  Anchor,
  AppShell,
  Box,
  Burger,
  Container,
  Drawer,
  Group,
  Menu,
  SegmentedControl,
  Stack,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe, useSignOut } from '../features/identity/queries.ts';
import { currentLanguage } from './client.ts';
import { chooseLanguage } from './i18n.ts';
import classes from './shell.module.css';

/** What stands around every page: name, ways to go, language, who is signed in. */
export function Shell() {
  const { t } = useTranslation();
  const [open, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell header={{ height: 60 }} padding={0}>
      <a href="#content" className={classes['skip']}>
        {t('skip')}
      </a>
      <AppShell.Header>
        <Container size="xl" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="xl" wrap="nowrap">
              <UnstyledButton component={Link} to="/" className={classes['name']}>
                <img src="/mark.svg" alt="" width={30} height={30} />
                <Text fw={700} size="lg">
                  Geneward
                </Text>
              </UnstyledButton>
              <Group gap={4} visibleFrom="sm" component="nav" wrap="nowrap">
                <Ways />
              </Group>
            </Group>
            <Group gap="sm" wrap="nowrap">
              <LanguageSwitch />
              <Box visibleFrom="sm">
                <Account />
              </Box>
              <Burger hiddenFrom="sm" opened={open} onClick={toggle} aria-label={t('menu')} size="sm" />
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      <Drawer opened={open} onClose={close} position="right" size="xs" title={t('menu')} hiddenFrom="sm">
        <Stack component="nav" gap="xs" onClick={close}>
          <Ways />
          <Account />
        </Stack>
      </Drawer>
      <AppShell.Main id="content" tabIndex={-1} className={classes['main']}>
        <Box style={{ flex: 1 }}>
          <Outlet />
        </Box>
        <Box component="footer" className={classes['footer']}>
          <Container size="xl">
            <Group justify="space-between">
              <Text size="sm" c="dimmed">
                Geneward
              </Text>
              <Group gap="lg">
                <Anchor component={Link} to="/virus" size="sm" c="dimmed">
                  {t('virus')}
                </Anchor>
                <Anchor component={Link} to="/verify" size="sm" c="dimmed">
                  {t('verify')}
                </Anchor>
                <Anchor href="/reference" size="sm" c="dimmed">
                  {t('api')}
                </Anchor>
              </Group>
            </Group>
          </Container>
        </Box>
      </AppShell.Main>
    </AppShell>
  );
}

function Ways() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <>
      <Link to="/" className={classes['way']} activeOptions={{ exact: true, includeSearch: false }}>
        {t('search')}
      </Link>
      <Link to="/statistics" className={classes['way']}>
        {t('statistics')}
      </Link>
      {me.data && (
        <>
          <Link to="/submissions" className={classes['way']}>
            {t('submissions')}
          </Link>
          <Link to="/files" className={classes['way']}>
            {t('sendFiles')}
          </Link>
        </>
      )}
      {me.data?.roles.some((role) => role === 'regulator' || role === 'auditor') === true && (
        <Link to="/supervision" className={classes['way']}>
          {t('supervision')}
        </Link>
      )}
    </>
  );
}

function LanguageSwitch() {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('language')}
      value={currentLanguage()}
      onChange={(value) => void chooseLanguage(value)}
      data={[
        { value: 'en', label: 'EN' },
        { value: 'zh', label: '中文' },
      ]}
    />
  );
}

function Account() {
  const { t } = useTranslation();
  const me = useMe();
  const signOut = useSignOut();
  if (!me.data)
    return (
      <Link to="/sign-in" className={classes['way']}>
        {t('signIn')}
      </Link>
    );
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <UnstyledButton className={classes['way']}>{me.data.name}</UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.data.email}</Menu.Label>
        <Menu.Item onClick={() => signOut.mutate()}>{t('signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
