import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const cometbftVersion = 'v0.38.25';

/**
 * The engine, unmodified, built once from its Go module; the checksum database of Go vouches for the source.
 * `GENEWARD_COMETBFT` names one that is installed already.
 */
export function cometbft(): string {
  const given = process.env['GENEWARD_COMETBFT'];
  if (given) return given;
  const folder = join(
    process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    'geneward',
    `cometbft-${cometbftVersion}`,
  );
  const program = join(folder, 'cometbft');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const go = existsSync('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : 'go';
  process.stderr.write(`Building CometBFT ${cometbftVersion} (a minute, once). 正在构建 CometBFT，仅需一次。\n`);
  const built = spawnSync(go, ['install', `github.com/cometbft/cometbft/cmd/cometbft@${cometbftVersion}`], {
    env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '-trimpath' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (built.error || built.status !== 0)
    throw new Error(
      `CometBFT was not built (${built.error?.message ?? `go ended with ${built.status}`}). Install Go 1.23 or newer.`,
    );
  return program;
}
