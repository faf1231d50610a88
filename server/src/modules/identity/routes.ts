import { identityRoutes } from '@geneward/api';
import type { FastifyReply } from 'fastify';
import { bind, type Server } from '../../platform/http.ts';
import { versionOf } from '../../platform/etag.ts';
import { cookieName, isHttps } from './authenticate.ts';
import type { IdentityParts } from './ports.ts';
import * as account from './service/account.ts';
import * as invitations from './service/invitations.ts';
import * as links from './service/links.ts';
import * as notices from './service/notices.ts';
import * as organisations from './service/organisations.ts';
import * as passwords from './service/passwords.ts';
import * as people from './service/people.ts';
import * as roles from './service/roles.ts';
import * as signIn from './service/sign-in.ts';
import * as sshKeys from './service/ssh-keys.ts';
import * as tokens from './service/tokens.ts';

/** Contract to use case. */
export function mountRoutes(server: Server, parts: IdentityParts): void {
  const cookie = sessionCookie(parts);
  const base = (reply: FastifyReply) =>
    parts.config.http.publicUrl ?? `${reply.request.protocol}://${reply.request.host}`;
  bind(server, identityRoutes, {
    signIn: async ({ context, body, headers, reply }) => {
      const client = { userAgent: headers['user-agent'], cookie: cookie.read(reply) };
      const { secret, profile } = await signIn.signIn(parts, context, body, client);
      cookie.set(reply, secret);
      return profile;
    },
    signOut: async ({ context, reply }) => {
      await signIn.signOut(context);
      cookie.clear(reply);
    },
    tokenForPassword: ({ context, body }) => signIn.tokenForPassword(parts, context, body),
    bootstrap: ({ context, body }) => links.bootstrap(parts, context, body),
    readLink: ({ context, body }) => links.readLink(context, body.secret),
    acceptInvitation: ({ context, body }) => links.acceptInvitation(parts, context, body),
    resetPassword: ({ context, body }) => links.resetPassword(parts, context, body.secret, body.password),

    me: async ({ context, etag }) => {
      const profile = await account.me(parts, context);
      etag(profile.version);
      return profile;
    },
    updateMe: async ({ context, body, ifMatch, etag }) => {
      const profile = await account.updateMe(parts, context, body, versionOf(ifMatch));
      etag(profile.version);
      return profile;
    },
    changePassword: async ({ context, body, headers, reply }) => {
      cookie.set(reply, await passwords.changePassword(parts, context, body, headers['user-agent']));
    },
    mySessions: ({ context }) => account.mySessions(parts, context),
    revokeMySession: ({ context, params }) => account.revokeMySession(context, params.session),
    myTokens: ({ context }) => tokens.myTokens(context),
    issueToken: ({ context, body }) => tokens.issueToken(context, body),
    renewToken: ({ context }) => tokens.renewToken(context, parts),
    revokeMyToken: ({ context, params }) => tokens.revokeMyToken(context, params.token),
    mySshKeys: ({ context }) => sshKeys.mySshKeys(context),
    addSshKey: ({ context, body }) => sshKeys.addSshKey(parts, context, body),
    removeSshKey: ({ context, params }) => sshKeys.removeSshKey(context, params.key),
    myNotices: ({ context, query }) => notices.myNotices(context, query),
    markNoticesRead: async ({ context, body }) => ({ marked: await notices.markNoticesRead(context, body.ids) }),

    organisations: ({ context, query }) => organisations.listOrganisations(parts, context, query),
    organisation: async ({ context, params, etag }) => {
      const found = await organisations.getOrganisation(parts, context, params.organisation);
      etag(found.version);
      return found;
    },
    createOrganisation: ({ context, body }) => organisations.createOrganisation(parts, context, body),
    updateOrganisation: async ({ context, params, body, ifMatch, etag }) => {
      const changed = await organisations.updateOrganisation(
        parts,
        context,
        params.organisation,
        body,
        versionOf(ifMatch),
      );
      etag(changed.version);
      return changed;
    },

    people: ({ context, query }) => people.listPeople(parts, context, query),
    person: ({ context, params }) => people.getPerson(parts, context, params.person),
    invitations: ({ context, query }) => invitations.listInvitations(parts, context, query),
    invite: ({ context, body, reply }) => invitations.invite(parts, context, body, base(reply)),
    revokeInvitation: ({ context, params }) => invitations.revokeInvitation(parts, context, params.invitation),
    assignRole: ({ context, params }) => roles.assignRole(parts, context, params.person, params.role),
    revokeRole: ({ context, params }) => roles.revokeRole(parts, context, params.person, params.role),
    setClearance: ({ context, params, body }) => people.setClearance(parts, context, params.person, body),
    disablePerson: ({ context, params, body }) => people.disablePerson(parts, context, params.person, body.reason),
    endAccess: ({ context, params }) => people.endAccess(parts, context, params.person),
    enablePerson: ({ context, params }) => people.enablePerson(parts, context, params.person),
    lockPerson: ({ context, params, body }) => people.lockPerson(parts, context, params.person, body.minutes),
    unlockPerson: ({ context, params }) => people.unlockPerson(parts, context, params.person),
    offerPasswordReset: ({ context, params, reply }) =>
      invitations.offerPasswordReset(parts, context, params.person, base(reply)),
  });
}

/** The cookie of a session: for this host alone, out of reach of scripts and of other sites. */
function sessionCookie({ config }: IdentityParts) {
  const options = (https: boolean) => ({ path: '/', httpOnly: true, sameSite: 'strict', secure: https }) as const;
  return {
    read: (reply: FastifyReply) => reply.request.cookies[cookieName(isHttps(config, reply.request))],
    set(reply: FastifyReply, secret: string) {
      const https = isHttps(config, reply.request);
      reply.setCookie(cookieName(https), secret, { ...options(https), maxAge: config.identity.sessionHours * 3600 });
    },
    clear(reply: FastifyReply) {
      const https = isHttps(config, reply.request);
      reply.clearCookie(cookieName(https), options(https));
    },
  };
}
