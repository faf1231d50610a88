import { randomBytes } from 'node:crypto';
import type { Figure } from './figure.ts';
import { openTransferSite } from './transfer/site.ts';

/** Fewer for a quick try: `GENEWARD_BENCH_FILES=1000`. */
const files = Number(process.env['GENEWARD_BENCH_FILES'] ?? 10_000);
const atOnce = 16;

/** Ten thousand files of 4 KiB, each sealed, made durable and answered for, sixteen at a time by one client. */
export async function run(): Promise<Figure[]> {
  const site = await openTransferSite();
  try {
    const headers = { authorization: `Bearer ${site.submitter.token}`, 'content-type': 'application/octet-stream' };
    let next = 0;
    const began = performance.now();
    const sender = async () => {
      while (next < files) {
        const name = `small-${(next += 1)}.bin`;
        const reply = await fetch(`${site.server.address}/api/v1/files/${name}`, {
          method: 'PUT',
          headers,
          body: randomBytes(4096),
        });
        if (!reply.ok) throw new Error(await reply.text());
        await reply.arrayBuffer();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
    const seconds = (performance.now() - began) / 1000;
    return [
      {
        name: 'small-files.time',
        value: Math.round(seconds * 10) / 10,
        unit: 's',
        better: 'lower',
        ...(files === 10_000 && { target: 60 }),
      },
      { name: 'small-files.rate', value: Math.round(files / seconds), unit: 'files/s', better: 'higher' },
    ];
  } finally {
    await site.close();
  }
}
