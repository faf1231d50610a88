import { openLabel, scopes, type Action, type Label, type Resource, type Role, type Scope } from '@geneward/api';
import { expect, it } from 'vitest';
import type { Principal } from '../../platform/context.ts';
import { authorize } from './authorize.ts';
import { decide } from './decide.ts';
import { contextOf } from '../../../test/people.ts';
import type { Parts } from '../../platform/parts.ts';
import type { Problem } from '../../platform/problem.ts';

const home = '00000000-0000-7000-8000-00000000000a';
const elsewhere = '00000000-0000-7000-8000-00000000000b';
const secret: Label = { grade: 3, categories: ['human_genetic_resource'], jurisdictions: ['CN'] };

function somebody(roles: Role[], given: { organisation?: string; clearance?: Label; scopes?: readonly Scope[] } = {}) {
  return {
    kind: 'person',
    id: 'me',
    organisation: given.organisation ?? home,
    roles,
    clearance: given.clearance ?? openLabel,
    scopes: given.scopes ?? scopes,
    via: { kind: 'session', id: 's' },
  } satisfies Principal;
}
const limited = (given: Scope[]) => somebody(['submitter', 'reader'], { scopes: given });
const visitor: Principal = { kind: 'anonymous' };
const submitter = somebody(['submitter']);
const reader = somebody(['reader']);
const stranger = somebody(['submitter', 'reader'], { organisation: elsewhere });
const curator = somebody(['curator'], { organisation: elsewhere });
const cleared = somebody(['curator'], { organisation: elsewhere, clearance: secret });
const system = somebody(['system_administrator', 'submitter', 'reader']);
const security = somebody(['security_administrator']);
const auditor = somebody(['auditor']);

const thing = (kind: Resource['kind'], given: Partial<Resource> = {}): Resource => ({
  kind,
  id: 'x',
  organisation: home,
  owner: 'another',
  status: 'draft',
  manner: 'public',
  label: openLabel,
  ...given,
});
const object = (status: string, manner: Resource['manner'] = 'public', label = openLabel) =>
  thing('object', { status, manner, label });

const committee = somebody(['committee_member']);
const joint = (status: string, manner: Resource['manner'] = 'private', given: Partial<Resource> = {}) =>
  thing('job', { status, manner, ...given });

const batch = (status: string, manner: Resource['manner'], given: Partial<Resource> = {}) =>
  thing('genomes', { status, manner, ...given });

const forecast = (status: string, manner: Resource['manner'], given: Partial<Resource> = {}) =>
  thing('forecast', { status, manner, ...given });

const table: [string, Principal, Action, Resource, boolean][] = [
  ['parties see their joint job', submitter, 'job:read', joint('open'), true],
  ['their committee too', committee, 'job:read', joint('open'), true],
  ['readers when it is sealed', reader, 'job:read', joint('open'), false],
  ['then', reader, 'job:read_result', joint('sealed'), true],
  ['recipients as well', reader, 'job:read_result', joint('sealed', 'controlled'), true],
  ['and not before', submitter, 'job:read', joint('started', 'controlled'), false],
  ['strangers never', stranger, 'job:read', joint('sealed'), false],
  ['administrators neither', security, 'job:read', joint('sealed'), false],
  ['a committee approves', committee, 'job:approve', joint('open'), true],
  ['a submitter does not', submitter, 'job:approve', joint('open'), false],
  ['nobody their own', committee, 'job:approve', joint('open', 'private', { owner: 'me' }), false],
  ['a recipient approves nothing', committee, 'job:approve', joint('open', 'controlled'), false],
  ['who proposed it takes it back', submitter, 'job:cancel', joint('open', 'private', { owner: 'me' }), true],
  ['and nobody else', submitter, 'job:cancel', joint('open'), false],
  ['a token for submitting reports no progress', limited(['submit']), 'job:report', joint('started'), false],
  ['one for computing does', limited(['compute']), 'job:report', joint('started'), true],
  ['consents are frozen by the committee', committee, 'party:freeze_consent', thing('party'), true],
  ['of their own house', committee, 'party:freeze_consent', thing('party', { organisation: elsewhere }), false],
  ['anybody finds shared genomes', visitor, 'genomes:read', batch('done', 'public'), true],
  ['not before they are told', visitor, 'genomes:read', batch('running', 'public'), false],
  ['private ones only their house', visitor, 'genomes:read', batch('done', 'private'), false],
  ['which sees them', reader, 'genomes:read', batch('running', 'private'), true],
  ['and no other', stranger, 'genomes:read', batch('done', 'private'), false],
  ['submitters send and withdraw', submitter, 'genomes:withdraw', batch('done', 'private'), true],
  ['readers do not', reader, 'genomes:withdraw', batch('done', 'private'), false],
  ['nor do strangers', stranger, 'genomes:withdraw', batch('done', 'public'), false],
  ['curators manage sources', curator, 'source:manage', batch('open', 'private', { organisation: elsewhere }), true],
  ['of their own house', curator, 'source:manage', batch('open', 'private'), false],
  ['submitters do not', submitter, 'source:manage', batch('open', 'private'), false],
  ['anybody reads shared forecasts', visitor, 'forecast:read', forecast('locked', 'public'), true],
  ['their failures too', visitor, 'forecast:read', forecast('failed', 'public'), true],
  ['private ones only their house', stranger, 'forecast:read', forecast('scored', 'private'), false],
  ['which reads them', reader, 'forecast:read', forecast('scored', 'private'), true],
  ['submitters lock them', submitter, 'forecast:lock', forecast('waiting', 'public'), true],
  ['readers do not', reader, 'forecast:lock', forecast('waiting', 'private'), false],
  ['nor do strangers in another name', stranger, 'forecast:lock', forecast('waiting', 'public'), false],
  ['anybody reads released public metadata', visitor, 'object:read_metadata', object('released'), true],
  [
    'anybody reads released controlled metadata',
    visitor,
    'object:read_metadata',
    object('released', 'controlled'),
    true,
  ],
  ['suppressed is still read by its number', visitor, 'object:read_metadata', object('suppressed'), true],
  ['suppressed is not found', visitor, 'catalog:search', object('suppressed'), false],
  ['private stays private', visitor, 'object:read_metadata', object('released', 'private'), false],
  ['held is not public', visitor, 'object:read_metadata', object('held'), false],
  ['public data is open', visitor, 'object:read_data', object('released'), true],
  ['not from grade 3 on', visitor, 'object:read_data', object('released', 'public', secret), false],
  ['which offices do not read either', system, 'object:read_data', object('released', 'public', secret), false],
  ['controlled data is not', stranger, 'object:read_data', object('released', 'controlled'), false],
  ['controlled data is the owner’s', reader, 'object:read_data', object('released', 'controlled', secret), true],
  ['private data is the owner’s', reader, 'object:read_data', object('released', 'private'), true],
  ['drafts are not for readers', reader, 'object:read_metadata', object('draft'), false],
  [
    'drafts are the submitters’, also above their clearance',
    submitter,
    'object:read_data',
    object('draft', 'private', secret),
    true,
  ],
  ['drafts of others are not', stranger, 'object:read_metadata', object('draft'), false],
  ['drafts are not for curators', cleared, 'object:read_metadata', object('draft'), false],
  ['curators read what is under review', curator, 'object:read_metadata', object('in_review', 'private'), true],
  ['not from grade 3 on', curator, 'object:read_metadata', object('in_review', 'private', secret), false],
  ['unless cleared', cleared, 'object:read_metadata', object('in_review', 'private', secret), true],
  [
    'data under review asks for clearance at every grade',
    curator,
    'object:read_data',
    object('in_review', 'public', { ...openLabel, grade: 2 }),
    false,
  ],
  ['and is given within it', cleared, 'object:read_data', object('held', 'private', secret), true],
  ['released private is no more the curators’', cleared, 'object:read_data', object('released', 'private'), false],
  [
    'administrators read no data, whatever else they are',
    system,
    'object:read_data',
    object('released', 'private'),
    false,
  ],
  ['beyond the public', system, 'object:read_data', object('released'), true],
  ['auditors neither', auditor, 'object:read_data', object('in_review'), false],
  ['what was destroyed is gone', submitter, 'object:read_data', object('destroyed'), false],
  ['its tombstone stays', visitor, 'object:read_tombstone', object('destroyed'), true],
  ['nobody destroys yet', security, 'object:destroy', object('withdrawn'), false],
  ['submitters submit for their organisation', submitter, 'submission:create', thing('submission'), true],
  ['and for no other', stranger, 'submission:create', thing('submission'), false],
  ['visitors do not', visitor, 'submission:create', thing('submission'), false],
  ['curators decide', curator, 'submission:decide', thing('submission', { status: 'in_review' }), true],
  ['not on their own', curator, 'submission:decide', thing('submission', { status: 'in_review', owner: 'me' }), false],
  ['not on drafts', curator, 'submission:review', thing('submission', { status: 'draft' }), false],
  ['submitters do not decide', submitter, 'submission:decide', thing('submission', { status: 'in_review' }), false],
  ['files are the organisation’s', submitter, 'file:read', thing('file', { status: 'stored' }), true],
  ['curators see claimed files', cleared, 'file:read', thing('file', { status: 'claimed', label: secret }), true],
  ['and no inboxes', cleared, 'file:read', thing('file', { status: 'stored' }), false],
  ['system administrators invite', system, 'person:invite', thing('person'), true],
  ['but give no roles', system, 'person:assign_role', thing('person'), false],
  ['security administrators give roles', security, 'person:assign_role', thing('person'), true],
  ['not to themselves', security, 'person:assign_role', thing('person', { owner: 'me' }), false],
  ['auditors read the trail', auditor, 'audit:read', thing('audit'), true],
  ['administrators do not', system, 'audit:read', thing('audit'), false],
  [
    'a token does not do more than its scopes',
    somebody(['submitter'], { scopes: ['read'] }),
    'submission:edit',
    thing('submission'),
    false,
  ],
  ['curators suppress', curator, 'object:suppress', object('released', 'public'), true],
  ['not from grade 3 on', curator, 'object:suppress', object('released', 'public', secret), false],
  ['nor release what was cited', curator, 'object:release', object('held', 'controlled', secret), false],
  ['unless cleared for it', cleared, 'object:withdraw', object('held', 'controlled', secret), true],
  ...(['object:release', 'object:suppress', 'object:withdraw'] as const).flatMap((action): typeof table => [
    [`a reading token does no ${action}`, limited(['read']), action, object('released'), false],
    [`a submitting token does ${action}`, limited(['submit']), action, object('released'), true],
  ]),
  [
    'a reading token signs nothing',
    somebody(['curator'], { scopes: ['read'] }),
    'object:countersign_downgrade',
    object('released'),
    false,
  ],
  [
    'a token without "read" sees what a visitor sees',
    limited(['audit']),
    'object:read_metadata',
    object('held'),
    false,
  ],
  ['and that it does see', limited([]), 'object:read_metadata', object('released'), true],
  ['data the same', limited([]), 'object:read_data', object('released', 'controlled'), false],
  ['files the same', limited(['audit']), 'file:read', thing('file', { status: 'stored' }), false],
  ['submissions the same', limited([]), 'submission:read', thing('submission'), false],
  ['who may send files lists them', limited(['submit']), 'file:read', thing('file', { status: 'stored' }), true],
  ['who is without scopes still has an account', limited([]), 'person:read', thing('person', { owner: 'me' }), true],
  ['the platform’s jobs go on', { kind: 'system', name: 'job' }, 'object:release', object('held'), true],
];

it.each(table)('%s', (_what, principal, action, resource, allowed) => {
  expect(decide(principal, action, resource)).toMatchObject({ allowed });
});

it('says which policies decided, and why, in both languages', () => {
  expect(decide(submitter, 'object:edit', object('draft'))).toMatchObject({ policies: ['own-objects'] });
  const refused = decide(system, 'object:read_data', object('held'));
  expect(refused.policies).toEqual(['offices-read-no-data']);
  expect(refused.reasons[0]).toMatchObject({
    en: expect.stringContaining('no data'),
    zh: expect.stringContaining('不得'),
  });
});

it('gives the same answer for all that is alike, and keeps answers for identifiers apart', () => {
  expect(decide(submitter, 'object:edit', object('draft'))).toBe(
    decide(submitter, 'object:edit', { ...object('draft'), id: 'y' }),
  );
  expect(decide(submitter, 'object:edit', { ...object('draft'), organisation: elsewhere }).allowed).toBe(false);
});

it('refuses in a way that does not give away what is there', () => {
  const codeOf = (principal: Principal, action: Action, resource: Resource) => {
    try {
      authorize(contextOf({ pool: {}, log: {} } as Parts, principal), action, resource);
      return 'allowed';
    } catch (error) {
      return (error as Problem).code;
    }
  };
  expect(codeOf(visitor, 'object:edit', object('draft'))).toBe('not_found');
  expect(codeOf(stranger, 'submission:edit', thing('submission'))).toBe('not_found');
  expect(codeOf(visitor, 'object:edit', object('released'))).toBe('unauthenticated');
  expect(codeOf(stranger, 'object:edit', object('released'))).toBe('forbidden');
  expect(codeOf(visitor, 'file:upload', thing('file'))).toBe('unauthenticated');
  expect(codeOf(reader, 'file:upload', thing('file'))).toBe('forbidden');
});

it('tells a mistake of the program from a refusal', () => {
  expect(() => decide(submitter, 'audit:read', object('draft'))).toThrow('audit:read does not apply to object');
});
