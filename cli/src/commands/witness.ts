import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { InvalidArgumentError, type Command } from 'commander';
import { action } from '../command.ts';
import { lockFolder, openHeads } from '../ledger/heads.ts';
import { openSm2, readPolicy } from '../ledger/policy.ts';
import { witnessKey, witnessServer } from '../ledger/witness.ts';

interface Options {
  policy: string;
  store: string;
  name: string;
  host: string;
  port: number;
  sm2?: boolean;
}

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('0 to 65535');
  return port;
};

/** Watches logs of others and cosigns what continues what it has seen: C2SP tlog-witness. */
export function witness(program: Command): void {
  program
    .command('witness')
    .description('cosign logs of other institutions 为其他机构的日志作见证')
    .requiredOption('--policy <file>', 'which logs: the "log" lines of a tlog-policy 要见证的日志')
    .requiredOption('--name <name>', 'name of this witness, like witness.example.org 见证方名称')
    .requiredOption('--store <folder>', 'where key and heads are kept 密钥与状态目录')
    .option('--host <address>', 'address to listen on 监听地址', '127.0.0.1')
    .option('--port <n>', '0 takes a free one 端口', portNumber, 8471)
    .option('--sm2', 'sign with SM2 (GM/T 0003), with a key of its own 使用 SM2 签名')
    .action(
      action(async ({ output }, { policy, store, name, host, port, sm2 = false }: Options) => {
        const logs = (await readPolicy(policy)).logs.map((log) => log.key);
        const unlock = lockFolder(store);
        try {
          const { signer, text } = witnessKey(store, name, sm2 ? await openSm2() : undefined);
          const now = () => BigInt(Math.floor(Date.now() / 1000));
          const server = witnessServer({ logs, heads: openHeads(store), signer, now }, text);
          server.listen(port, host);
          await once(server, 'listening');
          const { port: taken } = server.address() as AddressInfo;
          const url = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
          output.result({ url, key: text }, () => `witness ${name} ${text} ${url}`);
          await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
          server.close();
          server.closeAllConnections();
        } finally {
          unlock();
        }
      }),
    );
}
