import { describe, expect, it } from 'vitest';
import {
  cosigner,
  ed25519PublicKey,
  formatAddCheckpoint,
  formatCheckpointText,
  formatTlogProof,
  formatVerifierKey,
  judgeAddCheckpoint,
  judgeCheckpoint,
  keyTypes,
  noteSigner,
  parseAddCheckpoint,
  parsePolicy,
  parseTlogProof,
  proveConsistency,
  proveInclusion,
  requireQuorum,
  signatureLine,
  signNote,
  treeHasher,
  verifierOf,
  verifyTlogProof,
  type TreeHead,
} from './index.ts';
import { nodesInMemory, numbered, plainRoot } from './test/tree.ts';

const hasher = treeHasher();
const entries = numbered(40);
const read = nodesInMemory(hasher, entries);
const seed = (n: number) => new Uint8Array(32).fill(n);
const origin = 'log.example';
const log = noteSigner(origin, seed(1));
const logKey = verifierOf(origin, keyTypes.ed25519, ed25519PublicKey(seed(1)));
const witness = (n: number) => verifierOf(`w${n}.example`, keyTypes.cosignature, ed25519PublicKey(seed(10 + n)));
const cosign = (text: string, n: number) =>
  signatureLine(text, cosigner(`w${n}.example`, seed(10 + n)), 1_700_000_000n);
const text = (size: number) =>
  formatCheckpointText({ origin, size: BigInt(size), root: plainRoot(entries.slice(0, size)) });
const checkpoint = (size: number, witnesses: readonly number[] = []) =>
  `${signNote(text(size), [log])}${witnesses.map((n) => `${cosign(text(size), n)}\n`).join('')}`;
const policyText = `# two of three
log ${formatVerifierKey(logKey)} https://log.example/
witness a ${formatVerifierKey(witness(1))}
witness b ${formatVerifierKey(witness(2))}
witness c ${formatVerifierKey(witness(3))}
group two 2 a b c
quorum two
`;
const policy = parsePolicy(policyText);

describe('a policy', () => {
  it('counts the witnesses that it names, each once', () => {
    expect(judgeCheckpoint(checkpoint(5, [1]), policy).witnessed).toBe(false);
    expect(judgeCheckpoint(checkpoint(5, [1, 1]), policy).witnessed).toBe(false);
    expect(judgeCheckpoint(checkpoint(5, [1, 9]), policy).witnessed).toBe(false);
    const judged = judgeCheckpoint(checkpoint(5, [1, 3]), policy);
    expect(judged.witnessed).toBe(true);
    expect(judged.witnesses.map(({ witness: { name } }) => name)).toEqual(['a', 'c']);
    expect(() => requireQuorum(judgeCheckpoint(checkpoint(5), policy), policy)).toThrow('too few witnesses');
    expect(() => requireQuorum(judged, policy)).not.toThrow();
  });

  it('asks nobody when it says so, and then nothing was witnessed', () => {
    const none = parsePolicy(`log ${formatVerifierKey(logKey)}\nquorum none\n`);
    const judged = judgeCheckpoint(checkpoint(5, [1, 2]), none);
    expect(judged.witnessed).toBe(false);
    expect(() => requireQuorum(judged, none)).not.toThrow();
  });

  it('believes no log that signs as another', () => {
    const other = formatCheckpointText({ origin: 'other.example', size: 5n, root: plainRoot(entries.slice(0, 5)) });
    expect(() => judgeCheckpoint(signNote(other, [log]), policy)).toThrow('no known key has signed as other.example');
  });

  it('nests groups', () => {
    const nested = parsePolicy(
      policyText.replace('group two 2 a b c\nquorum two', 'group ab any a b\ngroup both all ab c\nquorum both'),
    );
    expect(judgeCheckpoint(checkpoint(5, [1, 2]), nested).witnessed).toBe(false);
    expect(judgeCheckpoint(checkpoint(5, [2, 3]), nested).witnessed).toBe(true);
  });

  it.each([
    ['no quorum', policyText.replace('quorum two\n', '')],
    ['two quorums', `${policyText}quorum a\n`],
    ['an unknown quorum', policyText.replace('quorum two', 'quorum three')],
    ['a threshold of none', policyText.replace('two 2', 'two 0')],
    ['a threshold above the members', policyText.replace('two 2', 'two 4')],
    ['a member twice', policyText.replace('a b c', 'a a b')],
    ['a group before its members', policyText.replace('witness a', 'group x any a\nwitness a')],
    [
      'the same witness under two names',
      policyText.replace('group', `witness d ${formatVerifierKey(witness(1))}\ngroup`),
    ],
    ['the key of a log as witness', policyText.replace('group', `witness d ${formatVerifierKey(logKey)}\ngroup`)],
    ['the log twice', `log ${formatVerifierKey(logKey)}\n${policyText}`],
    ['a name twice', policyText.replace('witness b', 'witness a')],
    ['the name none', policyText.replace('witness a', 'witness none')],
    ['a carriage return', policyText.replaceAll('\n', '\r\n')],
    ['an unknown word', `${policyText}trust everybody\n`],
  ])('is refused with %s', (_what, wrong) => {
    expect(() => parsePolicy(wrong)).toThrow(expect.objectContaining({ code: 'policy_malformed' }));
  });
});

describe('a receipt', () => {
  const proofOf = async (index: number, size: number) => ({
    index: BigInt(index),
    hashes: await proveInclusion(hasher, BigInt(index), BigInt(size), read),
    checkpoint: checkpoint(size, [1, 2]),
  });
  const entry = (index: number) => entries[index] ?? Uint8Array.of();

  it('is written, read back and verified', async () => {
    const written = formatTlogProof({ ...(await proofOf(7, 30)), extra: Uint8Array.of(1, 2) });
    const parsed = parseTlogProof(written);
    expect(formatTlogProof(parsed)).toBe(written);
    expect(verifyTlogProof(hasher, parsed, entry(7), policy).witnessed).toBe(true);
    const alone = await proofOf(0, 1);
    expect(verifyTlogProof(hasher, parseTlogProof(formatTlogProof(alone)), entry(0), policy).checkpoint.size).toBe(1n);
  });

  it('speaks for no other entry, index or checkpoint', async () => {
    const proof = await proofOf(7, 30);
    expect(() => verifyTlogProof(hasher, proof, entry(8), policy)).toThrow('not where');
    expect(() => verifyTlogProof(hasher, { ...proof, index: 8n }, entry(7), policy)).toThrow('not where');
    expect(() => verifyTlogProof(hasher, { ...proof, checkpoint: checkpoint(31) }, entry(7), policy)).toThrow(
      'not where',
    );
  });

  it.each([
    ['another version', (text: string) => text.replace('@v1', '@v2')],
    ['no index', (text: string) => text.replace(/index .*\n/, '')],
    ['a leading zero', (text: string) => text.replace('index 7', 'index 07')],
    ['a hash of another length', (text: string) => text.replace(/(index 7\n).*\n/, '$1AAAA\n')],
    ['too many hashes', (text: string) => text.replace('index 7\n', `index 7\n${`${'A'.repeat(43)}=\n`.repeat(64)}`)],
    ['extra behind the index', (text: string) => text.replace('index 7', 'index 7\nextra AAAA')],
    ['nothing else', () => 'c2sp.org/tlog-proof@v1\nindex 0\n'],
  ])('is refused with %s', async (_what, bend) => {
    const written = formatTlogProof(await proofOf(7, 30));
    expect(() => parseTlogProof(bend(written))).toThrow(expect.objectContaining({ code: 'proof_malformed' }));
  });
});

describe('a witness', () => {
  const head = (size: number): TreeHead => ({ size: BigInt(size), root: plainRoot(entries.slice(0, size)) });
  const request = async (old: number, size: number) => ({
    old: BigInt(old),
    proof: await proveConsistency(hasher, BigInt(old), BigInt(size), read),
    note: checkpoint(size),
  });
  const judge = (asked: Awaited<ReturnType<typeof request>>, seen: TreeHead | undefined) =>
    judgeAddCheckpoint(hasher, parseAddCheckpoint(formatAddCheckpoint(asked)), [logKey], () => seen);

  it('cosigns what follows from what it has seen', async () => {
    expect(judge(await request(0, 5), undefined).status).toBe(200);
    expect(judge(await request(5, 12), head(5)).status).toBe(200);
    expect(judge(await request(12, 12), head(12)).status).toBe(200);
  });

  it('tells its size to whom has another, and follows no rollback', async () => {
    expect(judge(await request(0, 12), head(5))).toEqual({ status: 409, size: 5n });
    expect(judge(await request(4, 4), head(5))).toEqual({ status: 409, size: 5n });
    expect(judge({ ...(await request(5, 12)), note: checkpoint(4) }, head(5)).status).toBe(400);
  });

  it('refuses a fork of the same size and a rewritten history', async () => {
    const forked = formatCheckpointText({ origin, size: 5n, root: plainRoot(numbered(6).slice(1)) });
    expect(judge({ old: 5n, proof: [], note: signNote(forked, [log]) }, head(5))).toEqual({ status: 409, size: 5n });
    const rewritten = formatCheckpointText({ origin, size: 12n, root: plainRoot(numbered(13).slice(1)) });
    expect(judge({ ...(await request(5, 12)), note: signNote(rewritten, [log]) }, head(5)).status).toBe(422);
    expect(judge({ ...(await request(5, 12)), proof: [] }, head(5)).status).toBe(422);
  });

  it('knows its logs and their keys', async () => {
    const asked = await request(0, 5);
    const stranger = formatCheckpointText({ origin: 'stranger.example', size: 5n, root: head(5).root });
    expect(
      judge({ ...asked, note: signNote(stranger, [noteSigner('stranger.example', seed(1))]) }, undefined).status,
    ).toBe(404);
    expect(judge({ ...asked, note: signNote(text(5), [noteSigner(origin, seed(2))]) }, undefined).status).toBe(403);
    const bent = checkpoint(5).replace(/.{8}=\n$/, 'AAAAAAA=\n');
    expect([400, 403]).toContain(judge({ ...asked, note: bent }, undefined).status);
  });

  it.each([
    '',
    'old 5',
    'old 05\n\nx',
    'old -1\n\nx',
    `old 5\nAAAA\n\nx`,
    `old 1\n${`${'A'.repeat(43)}=\n`.repeat(64)}\nx`,
  ])('refuses a malformed request: %j', (body) => {
    expect(() => parseAddCheckpoint(body)).toThrow(expect.objectContaining({ code: 'request_malformed' }));
  });
});
