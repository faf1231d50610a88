import type { Config } from '../config.ts';
import type { HolderId } from './header.ts';
import type { KeyHolder } from './key-holder.ts';
import { keyService, type KeyService } from './key-service.ts';
import { pkcs11Holder } from './pkcs11-holder.ts';
import { hasKeyFile, sealedHolder } from './sealed-keys.ts';
import { KeyProblem } from './suite.ts';
import { transitHolder } from './transit-holder.ts';

/**
 * The key service that the configuration names, with every other holder that is configured, so that what those have wrapped
 * stays readable. Throws KeyProblem `keys_refused` naming the settings that a holder lacks.
 */
export function openKeys(config: Config, now: () => Date): KeyService {
  const { suite, holder: chosen, password, secretFile } = config.keys;
  const makers: Readonly<Record<HolderId, () => KeyHolder | undefined>> = {
    file: () =>
      chosen === 'file' || hasKeyFile(config.data)
        ? sealedHolder({ data: config.data, suite, password, secretFile, now })
        : undefined,
    pkcs11: () => pkcs11Of(config),
    transit: () => transitOf(config),
  };
  const holder = makers[chosen]();
  if (!holder) throw lacking(chosen);
  const others = (Object.keys(makers) as HolderId[]).flatMap((id) => (id === chosen ? [] : (makers[id]() ?? [])));
  return keyService(suite, holder, others);
}

function pkcs11Of({ keys }: Config): KeyHolder | undefined {
  const { pkcs11Module: module, pkcs11Token: token, pkcs11PinFile: pinFile, pkcs11Label: label } = keys;
  return module && token && pinFile ? pkcs11Holder({ module, token, pinFile, label }) : undefined;
}

function transitOf({ keys }: Config): KeyHolder | undefined {
  const { transitUrl: url, transitTokenFile: tokenFile, transitMount: mount, transitKey: key } = keys;
  const { transitNamespace: namespace, transitTimeoutSeconds: timeoutSeconds } = keys;
  return url && tokenFile ? transitHolder({ url, tokenFile, mount, key, namespace, timeoutSeconds }) : undefined;
}

function lacking(holder: HolderId): KeyProblem {
  const needed =
    holder === 'pkcs11'
      ? 'keys.pkcs11Module, keys.pkcs11Token, keys.pkcs11PinFile'
      : 'keys.transitUrl, keys.transitTokenFile';
  return new KeyProblem('keys_refused', `keys.holder is ${holder}: set ${needed} as well. 请同时设置 ${needed}。`);
}
