import { createHash, verify, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, type JobSpecification, type JobView } from '@geneward/api';
import { afterEach, describe, expect, it } from 'vitest';
import { approveAt, commitFiles, consortium, specification, type Institution } from './testing/consortium.ts';
import { fakePlatform, type FakePlatform } from './testing/platform.ts';
import { geneward } from './testing/run.ts';

const survival: JobSpecification['analysis'] = {
  kind: 'survival',
  time: 't',
  event: 'e',
  group: 'g',
  groups: 2,
  grid: [5, 20],
};
const table = `IID\tt\te\tg\n${Array.from({ length: 12 }, (_, i) => [`p${i}`, i + 1, 1, i % 2].join('\t')).join('\n')}\n`;

const open: FakePlatform[] = [];
afterEach(async () => {
  for (const platform of open.splice(0)) await platform.close();
});

async function ready(more: Partial<JobSpecification> = {}) {
  const places = await consortium(['alpha', 'beta']);
  const commitments = await Promise.all(places.map((place) => commitFiles(place, { table })));
  return { places, job: specification(places, commitments, survival, more) };
}

async function platformOf(job: JobSpecification, lie?: (view: JobView) => JobView): Promise<FakePlatform> {
  const platform = await fakePlatform(job, lie);
  open.push(platform);
  return platform;
}

const serve = (place: Institution, { address }: FakePlatform) =>
  geneward(['--json', 'party', 'serve', '--once', '--policy', place.policy, '--out', join(place.folder, 'jobs')], {
    GENEWARD_URL: address,
    GENEWARD_TOKEN: 'a-token',
  });

const folderOf = (place: Institution): string => {
  const jobs = join(place.folder, 'jobs');
  return join(jobs, readdirSync(jobs)[0] ?? '');
};

describe('a party that takes its jobs from the platform', () => {
  it('computes what a person approved here, and hands in receipt and result', async () => {
    const { places, job } = await ready({ outputs: { recipients: [] } });
    for (const place of places) approveAt(place, job);
    const platform = await platformOf(job);
    const ended = await Promise.all(places.map((place) => serve(place, platform)));
    expect(ended.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual([0, 0]);
    const paths = platform.calls.map(({ method, path }) => `${method} ${path}`);
    expect(paths.filter((path) => path === 'PUT /compute/jobs/:job/receipt')).toHaveLength(2);
    expect(paths.filter((path) => path === 'PUT /compute/jobs/:job/result')).toHaveLength(2);
    const result: unknown = platform.calls.find(({ path }) => path.endsWith('/result'))?.body;
    const receipt = platform.calls.find(({ path }) => path.endsWith('/receipt'))?.body as {
      statements: { statement: { result: string } }[];
    };
    const hash = createHash('sha256').update(canonicalJson(result)).digest('hex');
    expect(receipt.statements.map(({ statement }) => statement.result)).toEqual([hash, hash]);
    for (const place of places) expect((await geneward(['job', 'verify', folderOf(place)])).code).toBe(0);
  });

  it.each<[string, (view: JobView) => JobView]>([
    [
      'a specification that was changed after the approval',
      (view) => ({ ...view, specification: { ...view.specification, purpose: 'Something else' } }),
    ],
    [
      'a lower threshold under the approved hash',
      (view) => ({ ...view, specification: { ...view.specification, thresholds: { individuals: 1, cell: 0 } } }),
    ],
    [
      'another certificate of a partner',
      (view) => ({
        ...view,
        specification: {
          ...view.specification,
          parties: view.specification.parties.map((party) =>
            party.name === 'beta' ? { ...party, fingerprint: 'ab'.repeat(32) } : party,
          ),
        },
      }),
    ],
  ])('runs nothing when the platform shows %s: it says so, signed, and gives nothing away', async (_, lie) => {
    const { places, job } = await ready({ thresholds: { individuals: 10, cell: 2 } });
    const [alpha] = places as [Institution, Institution];
    approveAt(alpha, job);
    const platform = await platformOf(job, lie);
    expect((await serve(alpha, platform)).code).toBe(0);
    const [call, ...others] = platform.calls;
    expect(others).toEqual([]);
    if (!call) throw new Error('nothing was said');
    expect(call).toMatchObject({
      path: '/compute/jobs/:job/abort',
      body: { abort: { party: 'alpha', code: 'not-approved', phase: 'checks' } },
    });
    const { abort, signature } = call.body as { abort: object; signature: string };
    const { publicKey } = new X509Certificate(readFileSync(join(alpha.folder, 'party.crt')));
    expect(verify('sha256', Buffer.from(canonicalJson(abort)), publicKey, Buffer.from(signature, 'base64'))).toBe(true);
    expect(Object.keys(abort).toSorted()).toEqual(['code', 'job', 'party', 'phase']);
    expect(existsSync(join(folderOf(alpha), 'result.json'))).toBe(false);
  });

  it('is not commanded: what nobody approved on this machine does not run, whoever is said to have approved it', async () => {
    const { places, job } = await ready();
    const [alpha] = places as [Institution, Institution];
    const platform = await platformOf(job);
    await serve(alpha, platform);
    expect(platform.calls.at(-1)?.body).toMatchObject({ abort: { code: 'not-approved' } });
  });

  it('tells what came of a job again when the platform was away, and does not run it twice', async () => {
    const { places, job } = await ready();
    const [alpha] = places as [Institution, Institution];
    const platform = await platformOf(job);
    platform.refuse(2);
    const { err } = await serve(alpha, platform);
    expect(platform.calls.map(({ path }) => path)).toEqual(['/compute/jobs/:job/abort']);
    expect(err.match(/"said":"takes"/g)).toHaveLength(1);
    expect(err.match(/"said":"unreachable"/g)).toHaveLength(2);
  });
});

describe('a person who approves with the platform’s page in front', () => {
  it('approves on both sides, and nothing that is shown otherwise than it is', async () => {
    const { places, job } = await ready();
    const [alpha] = places as [Institution, Institution];
    const approve = (platform: FakePlatform) =>
      geneward(['job', 'approve', platform.job, '--policy', alpha.policy, '--person', 'Dr Lin', '--learnt'], {
        GENEWARD_URL: platform.address,
        GENEWARD_TOKEN: 'a-token',
      });
    const changed = await platformOf(job, (view) => ({
      ...view,
      specification: { ...view.specification, purpose: 'Something else' },
    }));
    expect((await approve(changed)).err).toContain('other-job');
    const softened = await platformOf(job, (view) => ({ ...view, learns: [], learnsSha256: 'ab'.repeat(32) }));
    expect((await approve(softened)).err).toContain('other-job');
    for (const platform of [changed, softened]) expect(platform.calls).toEqual([]);
    expect(existsSync(join(alpha.folder, 'records', 'approvals'))).toBe(false);
    const honest = await platformOf(job);
    expect((await approve(honest)).code).toBe(0);
    expect(honest.calls).toMatchObject([{ method: 'PUT', path: '/compute/jobs/:job/approval' }]);
    expect(readdirSync(join(alpha.folder, 'records', 'approvals'))).toHaveLength(1);
  });
});
