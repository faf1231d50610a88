import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsFolder } from '../session.ts';

/** By what a file is known again: its content, not where it lies. */
export interface Fingerprint {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

/** An upload under way: the parts that it is sent in, each a resumable upload of its own. */
export interface KeptUpload {
  readonly parts: readonly { readonly id: string; readonly from: number; readonly to: number }[];
  /** The upload that the parts were joined into. */
  readonly whole?: string;
}

const folder = () => join(settingsFolder(), 'uploads');

function pathOf(server: string, { name, size, sha256 }: Fingerprint): string {
  const key = createHash('sha256')
    .update(JSON.stringify([server, name, size, sha256]))
    .digest('hex');
  return join(folder(), `${key.slice(0, 32)}.json`);
}

/** What an earlier call, of this or of a killed process, has begun for the same file and installation. */
export function keptUpload(server: string, file: Fingerprint): KeptUpload | undefined {
  try {
    return JSON.parse(readFileSync(pathOf(server, file), 'utf8')) as KeptUpload;
  } catch {
    return undefined;
  }
}

/** Keeps it in a file of its own, so that several processes never meet in one. */
export function keepUpload(server: string, file: Fingerprint, upload: KeptUpload): void {
  mkdirSync(folder(), { recursive: true, mode: 0o700 });
  const path = pathOf(server, file);
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, JSON.stringify(upload), { mode: 0o600 });
  renameSync(partial, path);
}

export function forgetUpload(server: string, file: Fingerprint): void {
  rmSync(pathOf(server, file), { force: true });
}
