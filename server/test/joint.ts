import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  canonicalJson,
  partyProof,
  type JobReceipt,
  type JobResult,
  type JobSpecification,
  type JobView,
  type Party,
} from '@geneward/api';
import type { Server } from '../src/platform/http.ts';
import type { Parts } from '../src/platform/parts.ts';
import { organisation, person, type TestPerson } from './people.ts';
import { callerOf } from './studies.ts';

/** An institution that takes part in joint analyses: its people, and the key of its party process. */
export interface Institute {
  readonly name: string;
  readonly organisation: string;
  readonly code: string;
  readonly submitter: TestPerson;
  readonly committee: TestPerson;
  readonly certificate: string;
  readonly fingerprint: string;
  sign(value: unknown): string;
}

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const oid = (hex: string) => der(6, Buffer.from(hex, 'hex'));
const ecdsaSha256 = () => der(0x30, oid('2a8648ce3d040302'));
const time = (year: number) => der(0x17, Buffer.from(`${year % 100}0101000000Z`.padStart(13, '0')));

/** A self-signed certificate, RFC 5280 section 4.1, with nothing in it that is not needed. */
export function selfSigned(name: string, key: { publicKey: KeyObject; privateKey: KeyObject }, until = 2049): string {
  const called = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from(name)))));
  const tbs = der(
    0x30,
    der(0xa0, der(2, Buffer.from([2]))),
    der(2, Buffer.from([1, ...randomBytes(7)])),
    ecdsaSha256(),
    called,
    der(0x30, time(2020), time(until)),
    called,
    key.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(3, Buffer.from([0]), sign('sha256', tbs, key.privateKey));
  const text = der(0x30, tbs, ecdsaSha256(), signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${text.replaceAll(/.{64}/g, '$&\n').trim()}\n-----END CERTIFICATE-----\n`;
}

const rawOf = (pem: string) => Buffer.from(pem.replaceAll(/-----.*?-----|\s/g, ''), 'base64');

let count = 0;

/** An institute with a submitter, a committee member and a key; not registered yet. */
export async function institute(parts: Parts, given = `party-${(count += 1)}`): Promise<Institute> {
  const code = `${given}-${process.pid}-${(count += 1)}`;
  const of = await organisation(parts, { code });
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = selfSigned(given, key);
  return {
    name: given,
    organisation: of,
    code,
    submitter: await person(parts, { roles: ['submitter'], organisation: of }),
    committee: await person(parts, { roles: ['committee_member'], organisation: of }),
    certificate,
    fingerprint: createHash('sha256').update(rawOf(certificate)).digest('hex'),
    sign: (value) => sign('sha256', Buffer.from(canonicalJson(value)), key.privateKey).toString('base64'),
  };
}

/** What an institute sends to be registered. */
export const registration = (one: Institute, organisationId = one.organisation) => ({
  name: one.name,
  certificate: one.certificate,
  signature: one.sign(partyProof({ organisation: organisationId, name: one.name, fingerprint: one.fingerprint })),
});

export async function register(server: Server, one: Institute): Promise<Party> {
  const { status, body } = await callerOf(server)(one.submitter, 'POST', '/compute/parties', registration(one));
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body as Party;
}

/** A survival analysis of these institutes. */
export const specification = (
  institutes: readonly Institute[],
  more: Partial<JobSpecification> = {},
): JobSpecification => ({
  version: 1,
  analysis: { kind: 'survival', time: 't', event: 'e', group: 'g', groups: 2, grid: [5, 10] },
  parties: institutes.map(({ name, fingerprint }) => ({
    name,
    fingerprint,
    commitment: createHash('sha256').update(name).digest('hex'),
  })),
  thresholds: { individuals: 10, cell: 3 },
  ambiguous: 'exclude',
  purpose: 'A test',
  references: ['ETHICS-1', 'CONSENT-7'],
  nonce: randomBytes(32).toString('hex'),
  ...more,
});

export const approval = ({ sha256, learnsSha256 }: Pick<JobView, 'sha256' | 'learnsSha256'>) => ({
  sha256,
  learnsSha256,
});

export const someResult = (individuals = 40): JobResult => ({
  kind: 'survival',
  individuals,
  columns: ['GROUP', 'TIME', 'AT_RISK', 'EVENTS', 'SURVIVAL', 'SE'],
  rows: [
    [0, 5, 20, 4, 0.8, 0.1],
    [1, 5, 20, 6, 0.7, 0.1],
  ],
  summary: { df: 1 },
});

const hashOf = (value: unknown) => createHash('sha256').update(canonicalJson(value)).digest('hex');

/** The receipt that all institutes sign. */
export function receiptOf(job: JobSpecification, institutes: readonly Institute[], result: unknown): JobReceipt {
  const chain = (from: string, to: string) => hashOf(`${from} ${to}`);
  return {
    job,
    statements: institutes.map((one) => {
      const lines = institutes
        .filter((other) => other !== one)
        .map(({ name }) => ({ partner: name, sent: chain(one.name, name), received: chain(name, one.name) }));
      const statement = { job: hashOf(job), party: one.name, result: hashOf(result), lines };
      return { statement, certificate: one.certificate, signature: one.sign(statement) };
    }),
  };
}
