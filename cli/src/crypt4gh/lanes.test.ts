import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sealedSegmentSize, sealedSize, segmentSize, type DataKey, type Span } from '@geneward/crypt4gh';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyFolder } from '../testing/run.ts';
import { inLanes } from './lanes.ts';

const folder = emptyFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const dataKey: DataKey = { key: new Uint8Array(32).fill(7) };
const whole: Span = { from: 0, to: Infinity };
/** Bytes that tell their place. */
const text = (length: number) =>
  Buffer.from(Uint32Array.from({ length: Math.ceil(length / 4) }, (_, n) => n * 7919).buffer).subarray(0, length);

interface Way {
  readonly lanes: number;
  readonly length?: number;
  readonly position?: number;
}

/** Runs a job from file to file; threads start at once where there are to be several. */
async function through(work: Parameters<typeof inLanes>[0]['work'], input: Buffer, way: Way): Promise<Buffer> {
  const { lanes, length = Infinity, position = 0 } = way;
  writeFileSync(at('in'), input);
  const [descriptor, to] = [openSync(at('in'), 'r'), openSync(at('out'), 'w')];
  try {
    await inLanes({ work, from: { descriptor, position, length }, to }, { size: input.length, lanes, worth: 0 });
  } finally {
    closeSync(descriptor);
    closeSync(to);
  }
  return readFileSync(at('out'));
}
const sealed = (plain: Buffer, lanes = 1, key = dataKey) =>
  through({ verb: 'encrypt', dataKey: key }, plain, { lanes });
const opened = (bytes: Buffer, lanes: number, span = whole, key = dataKey) =>
  through({ verb: 'decrypt', dataKeys: [key], span }, bytes, { lanes });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    ({ code, params }: { code: string; params?: object }) => ({ code, ...params }),
  );

describe.each([1, 2, 3])('%i lanes', (lanes) => {
  it('write in order, whatever the length', async () => {
    for (const length of [0, 1, segmentSize, 4 * segmentSize, 8 * segmentSize, 333 * segmentSize + 17]) {
      const plain = text(length);
      const closed = await sealed(plain, lanes);
      expect(closed.length).toBe(sealedSize(length));
      expect((await opened(closed, lanes)).equals(plain)).toBe(true);
    }
  });

  it('write all that is sound before a damaged segment, and nothing of it', async () => {
    const plain = text(90 * segmentSize);
    for (const segment of [0, 1, 41, 89]) {
      const closed = await sealed(plain, lanes);
      closed[segment * sealedSegmentSize + 4000] = (closed[segment * sealedSegmentSize + 4000] ?? 0) ^ 1;
      expect(await refusal(opened(closed, lanes))).toEqual({
        code: 'segment_damaged',
        segment,
        from: segment * segmentSize,
      });
      expect(readFileSync(at('out')).equals(plain.subarray(0, segment * segmentSize))).toBe(true);
    }
  });

  it('notice a source that is cut within a segment', async () => {
    const plain = text(30 * segmentSize);
    const closed = await sealed(plain, lanes);
    for (const left of [29 * sealedSegmentSize + 9, 12 * sealedSegmentSize + 100, 8 * sealedSegmentSize - 1]) {
      const segment = Math.floor(left / sealedSegmentSize);
      expect(await refusal(opened(closed.subarray(0, left), lanes))).toMatchObject({ code: 'segment_cut', segment });
      expect(readFileSync(at('out')).equals(plain.subarray(0, segment * segmentSize))).toBe(true);
    }
  });

  it('notice a swap and a missing end of ordered segments', async () => {
    const ordered = { ...dataKey, sequence: 2n ** 64n - 5n };
    const plain = text(20 * segmentSize + 5);
    const closed = await sealed(plain, 1, ordered);
    expect((await opened(closed, lanes, whole, ordered)).equals(plain)).toBe(true);
    const cut = closed.subarray(0, 16 * sealedSegmentSize);
    expect(await refusal(opened(cut, lanes, whole, ordered))).toEqual({ code: 'end_missing', segment: 15 });
    const [a, b] = [closed.subarray(0, sealedSegmentSize), closed.subarray(sealedSegmentSize, 2 * sealedSegmentSize)];
    const swapped = Buffer.concat([b, a, closed.subarray(2 * sealedSegmentSize)]);
    expect(await refusal(opened(swapped, lanes, whole, ordered))).toMatchObject({
      code: 'segment_damaged',
      segment: 0,
    });
  });

  it('end with what the system says of the output', async () => {
    writeFileSync(at('in'), text(40 * segmentSize));
    const [descriptor, to] = [openSync(at('in'), 'r'), openSync('/dev/full', 'w')];
    const from = { descriptor, position: 0, length: Infinity };
    const size = 40 * segmentSize;
    const work = inLanes({ work: { verb: 'encrypt', dataKey }, from, to }, { size, lanes, worth: 0 });
    await expect(work).rejects.toThrow('ENOSPC');
    closeSync(descriptor);
    closeSync(to);
  });
});

it('opens any range as its bytes are in the whole', async () => {
  const plain = text(11 * segmentSize + 321);
  const closed = await sealed(plain);
  const place = fc.integer({ min: 0, max: plain.length + segmentSize });
  await fc.assert(
    fc.asyncProperty(place, place, fc.constantFrom(1, 1, 1, 2), async (a, b, lanes) => {
      const span = { from: Math.min(a, b), to: Math.max(a, b) + 1 };
      const first = Math.floor(span.from / segmentSize);
      const way = {
        lanes,
        position: first * sealedSegmentSize,
        length: (Math.ceil(span.to / segmentSize) - first) * sealedSegmentSize,
      };
      const got = await through({ verb: 'decrypt', dataKeys: [dataKey], span }, closed, way);
      expect(got.equals(plain.subarray(span.from, span.to))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it('needs no more memory for a large file', async () => {
  const size = 384 * 2 ** 20;
  writeFileSync(at('large'), '');
  truncateSync(at('large'), size);
  const [descriptor, to] = [openSync(at('large'), 'r'), openSync('/dev/null', 'w')];
  const before = process.resourceUsage().maxRSS;
  const from = { descriptor, position: 0, length: Infinity };
  await inLanes({ work: { verb: 'encrypt', dataKey }, from, to }, { size, lanes: 2 });
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(300 * 1024);
  closeSync(descriptor);
  closeSync(to);
});

describe('as a command', () => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const environment = { PATH: process.env['PATH'] ?? '', GENEWARD_LANG: 'en' };
  const shell = (line: string): string =>
    execFileSync(
      'bash',
      ['-c', `set -eo pipefail; geneward() { "${process.execPath}" "${main}" crypt4gh "$@"; }; ${line}`],
      {
        cwd: folder,
        encoding: 'utf8',
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  const keyed = () => {
    shell('[ -e key ] || geneward keygen --nocrypt --sk key --pk key.pub');
    writeFileSync(at('plain'), text(40 * 2 ** 20 + 11));
  };

  it('does with threads what it does without: pipes, files, files that are added to, ranges', () => {
    keyed();
    shell('cat plain | geneward encrypt --recipient_pk key.pub | geneward decrypt --sk key | cmp - plain');
    shell('geneward encrypt --recipient_pk key.pub < plain > sealed; geneward decrypt --sk key < sealed | cmp - plain');
    shell('echo before > out; (geneward decrypt --sk key < sealed; echo after) >> out');
    shell('cmp out <(echo before; cat plain; echo after)');
    shell(
      'geneward decrypt --sk key --range 100000-36000002 < sealed | cmp - <(head -c 36000001 plain | tail -c +100001)',
    );
    shell('cat sealed | geneward decrypt --sk key --range 100000- | cmp - <(tail -c +100001 plain)');
    expect(shell('(geneward encrypt --recipient_pk key.pub; echo) < <(cat plain) | wc -c').trim()).toBe(
      String(16 + 108 + sealedSize(40 * 2 ** 20 + 11) + 1),
    );
  });

  it('ends quietly when the reader has had enough, or was killed', () => {
    keyed();
    shell('geneward encrypt --recipient_pk key.pub < plain > sealed');
    for (const input of ['< sealed', '< <(cat sealed)'])
      expect(shell(`geneward decrypt --sk key ${input} 2>&1 | head -c 38000000 | wc -c`).trim()).toBe('38000000');
    shell(`geneward decrypt --sk key < sealed > >(exec sleep 0.3)`);
  });

  it('tells of damage far within a large file, and writes all before it', () => {
    keyed();
    shell('geneward encrypt --recipient_pk key.pub < plain > sealed');
    shell(`printf X | dd of=sealed bs=1 seek=${124 + 560 * sealedSegmentSize + 50} conv=notrunc 2> /dev/null`);
    const told = shell('geneward decrypt --sk key < sealed 2>&1 > out || echo "ended $?"');
    expect(told).toContain('[segment_damaged]');
    expect(told).toContain('ended 1');
    const out = readFileSync(at('out'));
    const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(sum(out)).toBe(sum(text(40 * 2 ** 20 + 11).subarray(0, 560 * segmentSize)));
  });

  it('gives each segment of a slow stream at once', async () => {
    keyed();
    const child = spawn(process.execPath, [main, 'crypt4gh', 'encrypt', '--recipient_pk', 'key.pub'], {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let have = 0;
    const enough = new Promise<void>((resolve) => {
      child.stdout.on('data', (bytes: Buffer) => {
        have += bytes.length;
        if (have >= 124 + sealedSegmentSize) resolve();
      });
    });
    child.stdin.write(new Uint8Array(segmentSize));
    await enough;
    child.stdin.end();
    await once(child, 'close');
    expect(have).toBe(124 + sealedSegmentSize);
  });
});
