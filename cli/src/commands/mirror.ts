import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { exit } from '../exit.ts';
import { fetchFrom } from '../ledger/fetch.ts';
import { lockFolder } from '../ledger/heads.ts';
import { mirror as copyLog, mirrorServer, type Mirrored } from '../ledger/mirror.ts';
import { readPolicy } from '../ledger/policy.ts';
import { witnessKey } from '../ledger/witness.ts';
import { wholeNumber } from './search.ts';

interface Options {
  policy: string;
  store: string;
  name: string;
  every?: number;
  host: string;
  port?: number;
}

/** Keeps a whole, verified copy of a log of another institution, from which it can recover. */
export function mirror(program: Command): void {
  program
    .command('mirror <address>')
    .description('keep a verified copy of the log of an archive 保存日志的完整副本')
    .requiredOption('--policy <file>', 'which log to believe 信任策略文件')
    .requiredOption('--store <folder>', 'where the copy and the key are kept 副本与密钥目录')
    .requiredOption('--name <name>', 'name of this mirror, like mirror.example.org 镜像名称')
    .option('--every <seconds>', 'go on, this often 持续运行的间隔秒数', wholeNumber(1, 86_400))
    .option('--port <n>', 'also serve the copy; 0 takes a free port 提供副本的端口', wholeNumber(0, 65_535))
    .option('--host <address>', 'address to listen on 监听地址', '127.0.0.1')
    .action(
      action(async ({ output }, address: string, { policy: file, store, name, every, host, port }: Options) => {
        const policy = await readPolicy(file);
        const unlock = lockFolder(store);
        const server = port === undefined ? undefined : mirrorServer(store);
        try {
          const { signer, text: key } = witnessKey(store, name);
          server?.listen(port, host);
          if (server) await once(server, 'listening');
          const url = server && `http://${host}:${(server.address() as AddressInfo).port}`;
          const now = () => BigInt(Math.floor(Date.now() / 1000));
          const copy = () => copyLog(store, policy, fetchFrom(address), signer, now);
          const tell = (copied: Mirrored) =>
            output.result({ ...copied, size: String(copied.size), key, url }, () =>
              [
                `${copied.origin} ${copied.size} ${key}${url === undefined ? '' : ` ${url}`}`,
                ...copied.findings.map(({ code, detail }) => `✗ ${code}: ${detail}`),
              ].join('\n'),
            );
          for (;;) {
            // An archive that is away is the very time at which the copy is needed.
            const copied = await (every === undefined ? copy() : copy().catch(() => undefined));
            if (copied) tell(copied);
            else output.warn({ en: `${address} is not reached`, zh: `无法连接 ${address}` });
            if (copied && copied.findings.length > 0) return exit.faults;
            if (every === undefined) return exit.done;
            await new Promise((done) => setTimeout(done, every * 1000));
          }
        } finally {
          server?.close();
          server?.closeAllConnections();
          unlock();
        }
      }),
    );
}
