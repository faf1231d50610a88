import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { SearchPage } from '../features/catalog/page.tsx';
import { readSearch } from '../features/catalog/search-state.ts';
import { BrokenPage, NoPage } from './problem.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NoPage, errorComponent: BrokenPage });

/** Search is the first page; what is asked stands in its address. */
const searchRoute = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readSearch,
  component: SearchPage,
});
const landingRoute = createRoute({
  getParentRoute: () => root,
  path: '/objects/$accession',
  component: lazyRouteComponent(() => import('../features/catalog/landing.tsx'), 'LandingPage'),
});
const lifeRoute = createRoute({
  getParentRoute: () => root,
  path: '/objects/$accession/life',
  component: lazyRouteComponent(() => import('../features/ledger/life.tsx'), 'LifePage'),
});
const verifyRoute = createRoute({
  getParentRoute: () => root,
  path: '/verify',
  component: lazyRouteComponent(() => import('../features/ledger/verify.tsx'), 'VerifyPage'),
});
const supervisionRoute = createRoute({
  getParentRoute: () => root,
  path: '/supervision',
  component: lazyRouteComponent(() => import('../features/ledger/supervision.tsx'), 'SupervisionPage'),
});
const statisticsRoute = createRoute({
  getParentRoute: () => root,
  path: '/statistics',
  component: lazyRouteComponent(() => import('../features/catalog/statistics.tsx'), 'StatisticsPage'),
});
const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (given): { from?: string } => {
    const { from } = given;
    // Only an address of these pages: never one of another site.
    return typeof from === 'string' && /^\/(?![/\\])/.test(from) ? { from } : {};
  },
  component: lazyRouteComponent(() => import('../features/identity/page.tsx'), 'SignInPage'),
});
const filesRoute = createRoute({
  getParentRoute: () => root,
  path: '/files',
  component: lazyRouteComponent(() => import('../features/files/page.tsx'), 'SendFilesPage'),
});
const submissionsRoute = createRoute({
  getParentRoute: () => root,
  path: '/submissions',
  component: lazyRouteComponent(() => import('../features/submission/page.tsx'), 'SubmissionsPage'),
});
const submissionRoute = createRoute({
  getParentRoute: () => root,
  path: '/submissions/$submission',
  component: lazyRouteComponent(() => import('../features/submission/submission.tsx'), 'SubmissionPage'),
});
const virusRoute = createRoute({
  getParentRoute: () => root,
  path: '/virus',
  component: lazyRouteComponent(() => import('../features/virus/page.tsx'), 'VirusPage'),
});

/** Where one-time links lead; their secret stands behind `#`, which no server sees. */
const linkRoutes = (['/bootstrap', '/invitation', '/password-reset'] as const).map((path) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(() => import('../features/identity/link.tsx'), 'LinkPage'),
  }),
);

export const router = createRouter({
  routeTree: root.addChildren([
    searchRoute,
    landingRoute,
    lifeRoute,
    verifyRoute,
    supervisionRoute,
    statisticsRoute,
    signInRoute,
    filesRoute,
    submissionsRoute,
    submissionRoute,
    virusRoute,
    ...linkRoutes,
  ]),
  scrollRestoration: true,
  defaultErrorComponent: BrokenPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
