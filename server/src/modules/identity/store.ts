/** SQL of this module's tables, by theme. */
export * from './store/guard.ts';
export * from './store/links.ts';
export * from './store/notices.ts';
export * from './store/organisations.ts';
export * from './store/passwords.ts';
export * from './store/people.ts';
export * from './store/roles.ts';
export * from './store/sessions.ts';
export * from './store/ssh-keys.ts';
export * from './store/tidy.ts';
export * from './store/tokens.ts';
