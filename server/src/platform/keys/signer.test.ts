import { verify } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSigner } from './signer.ts';

it('makes a key once, keeps it for its owner alone and signs what anybody can verify', () => {
  const data = mkdtempSync(join(tmpdir(), 'geneward-keys-'));
  try {
    const first = openSigner(data, 'downgrades');
    const again = openSigner(data, 'downgrades');
    expect(again.publicKey).toBe(first.publicKey);
    expect(openSigner(data, 'others').publicKey).not.toBe(first.publicKey);
    expect(statSync(join(data, 'keys', 'downgrades.pem')).mode & 0o777).toBe(0o600);
    const content = new TextEncoder().encode('内容');
    const signature = Buffer.from(first.sign(content), 'base64');
    expect(verify(null, content, first.publicKey, signature)).toBe(true);
    expect(verify(null, new TextEncoder().encode('别的'), first.publicKey, signature)).toBe(false);
  } finally {
    rmSync(data, { recursive: true });
  }
});
