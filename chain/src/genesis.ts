import type { Genesis } from '@geneward/chain';
import { fromBase64, toBase64 } from '@geneward/merkle';

/** Bytes of `app_state` in genesis.json at most. */
const limit = 1 << 20;

/** `app_state` of CometBFT's genesis.json. Keys are base64; a member's `cosigner` is a verifier key. */
export function formatGenesis({ members, parameters = [] }: Genesis): object {
  return {
    members: members.map(({ id, publicKey, cosigner = '' }) => ({ id, publicKey: toBase64(publicKey), cosigner })),
    parameters: parameters.map(({ name, value }) => ({ name, value: String(value) })),
  };
}

/** @throws Error that says what is wrong with the genesis */
export function parseGenesis(chainId: string, bytes: Uint8Array): Genesis {
  if (bytes.length > limit) throw new Error('app_state is too large');
  const given: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  const { members, parameters } = fields(given, 'app_state', ['members', 'parameters']);
  return {
    chainId,
    members: listOf(members, 'members').map((member, at) => {
      const { id, publicKey, cosigner } = fields(member, `members[${at}]`, ['id', 'publicKey', 'cosigner']);
      return {
        id: textOf(id, `members[${at}].id`),
        publicKey: fromBase64(textOf(publicKey, `members[${at}].publicKey`)),
        cosigner: textOf(cosigner, `members[${at}].cosigner`),
      };
    }),
    parameters: listOf(parameters, 'parameters').map((parameter, at) => {
      const { name, value } = fields(parameter, `parameters[${at}]`, ['name', 'value']);
      return { name: textOf(name, 'name'), value: BigInt(textOf(value, `parameters[${at}].value`)) };
    }),
  };
}

function fields(given: unknown, where: string, names: readonly string[]): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Error(`${where} is no object`);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`${where} has an unknown field ${unknown}`);
  return given as Record<string, unknown>;
}

function listOf(given: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(given)) throw new Error(`${where} is no list`);
  return given;
}

function textOf(given: unknown, where: string): string {
  if (typeof given !== 'string') throw new Error(`${where} is no text`);
  return given;
}
