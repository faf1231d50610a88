import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { computeRoutes, identityRoutes, partyProof, type BodyOf, type Client } from '@geneward/api';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit, Stop } from '../exit.ts';
import { itemsOf } from '../pages.ts';
import { readPolicy } from '../party/policy.ts';
import { signValue } from '../party/records.ts';
import { serveJobs, type Said } from '../party/serve.ts';
import { asStop } from '../party/stop.ts';
import type { Output } from '../output.ts';

/** What a party does with the platform: register, offer, take the jobs that were approved. */
export function platformVerbs(group: Command): void {
  group
    .command('register')
    .description('register the certificate of this party on the platform 在平台登记本方证书')
    .requiredOption('--policy <file>', 'what this party allows 本方策略文件')
    .action(
      action(async ({ output, client }, options: { policy: string }) =>
        asStop(output, async () => {
          const policy = readPolicy(options.policy);
          const api = client();
          const { organisation } = await api.call(identityRoutes.me, {});
          const { name, fingerprint, certificatePem: certificate } = policy;
          const signature = signValue(policy, partyProof({ organisation, name, fingerprint }));
          const made = await api.call(computeRoutes.registerParty, {
            body: { name, certificate, signature },
            idempotencyKey: randomUUID(),
          });
          output.result(made, (it) => it.fingerprint);
        }),
      ),
    );
  group
    .command('retire')
    .description('retire this party on the platform 在平台停用本方')
    .requiredOption('--policy <file>', 'what this party allows 本方策略文件')
    .action(
      action(async ({ output, client }, options: { policy: string }) =>
        asStop(output, async () => {
          const api = client();
          const party = await registered(api, readPolicy(options.policy).fingerprint, output);
          await api.call(computeRoutes.retireParty, { params: { party } });
          output.result({ party }, () => 'ok');
        }),
      ),
    );
  group
    .command('offer <name> [file]')
    .description('say what this party could bring, from a JSON file of schema and counts 登记数据概况')
    .requiredOption('--policy <file>', 'what this party allows 本方策略文件')
    .option('--remove', 'take it back 撤回')
    .action(
      action(
        async (
          { output, client },
          offer: string,
          path: string | undefined,
          options: { policy: string; remove?: boolean },
        ) =>
          asStop(output, async () => {
            const api = client();
            const party = await registered(api, readPolicy(options.policy).fingerprint, output);
            const params = { party, offer };
            if (options.remove === true) {
              await api.call(computeRoutes.removeOffer, { params });
              output.result(params, () => 'ok');
              return;
            }
            if (path === undefined)
              throw new Stop(
                exit.usage,
                output.pick({ en: 'Name the file of the offer.', zh: '请指定数据概况文件。' }),
              );
            const body = JSON.parse(readFileSync(path, 'utf8')) as BodyOf<typeof computeRoutes.putOffer>;
            output.result(await api.call(computeRoutes.putOffer, { params, body }), (it) => it.name);
          }),
      ),
    );
  group
    .command('serve')
    .description(
      'take approved jobs from the platform and run them, by this party’s own rules 从平台领取并运行已批准的任务',
    )
    .requiredOption('--policy <file>', 'what this party allows 本方策略文件')
    .requiredOption('--out <folder>', 'each job gets a folder in it 结果文件夹')
    .option('--once', 'end after one job 完成一项任务后结束')
    .action(
      action(async ({ output, client }, options: { policy: string; out: string; once?: boolean }) =>
        asStop(output, async () => {
          const stopping = new AbortController();
          for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
          const jobs: Said[] = [];
          await serveJobs({
            client: client(),
            policy: readPolicy(options.policy),
            folder: options.out,
            once: options.once === true,
            stopping: stopping.signal,
            say(what) {
              if (what.said === 'sealed' || what.said === 'aborted') jobs.push(what);
              output.warn(JSON.stringify(what));
            },
          });
          output.result(jobs, () => undefined);
        }),
      ),
    );
}

/** Id of the party with this certificate on the platform. */
async function registered(client: Client, fingerprint: string, output: Output): Promise<string> {
  const all = await itemsOf(10_000, (query) => client.call(computeRoutes.listParties, { query }));
  const party = all.find((one) => one.fingerprint === fingerprint);
  if (party) return party.id;
  throw new Stop(
    exit.refused,
    output.pick({
      en: 'This party is not registered. Run "geneward party register".',
      zh: '本方尚未登记，请运行 “geneward party register”。',
    }),
  );
}
