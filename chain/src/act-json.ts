import type { Act, JobInput } from '@geneward/chain';
import { fromBase64 } from '@geneward/merkle';

type Form = 'text' | 'texts' | 'number' | 'bytes' | 'hashes' | 'inputs';

/** How a person writes each act: bytes in base64, whole numbers as text. */
const forms: { readonly [T in Act['type']]: Readonly<Record<Exclude<keyof Extract<Act, { type: T }>, 'type'>, Form>> } =
  {
    RegisterMember: { id: 'text', publicKey: 'bytes', cosigner: 'text' },
    RemoveMember: { id: 'text' },
    RotateKey: { target: 'text', key: 'text' },
    RegisterLog: { key: 'text' },
    SubmitCheckpoint: { note: 'text', proof: 'hashes' },
    ReportEquivocation: { first: 'text', second: 'text', prefixRoot: 'bytes', proof: 'hashes' },
    JobOpen: { job: 'text', plan: 'bytes', parties: 'texts' },
    JobApprove: { job: 'text', plan: 'bytes', inputs: 'inputs' },
    JobStart: { job: 'text' },
    JobSeal: { job: 'text', result: 'bytes' },
    ConsentFreeze: { consent: 'bytes' },
    ParamChange: { name: 'text', value: 'number' },
    SetValidator: { publicKey: 'bytes', power: 'number' },
  };

const inputForms: Readonly<Record<keyof JobInput, Form>> = {
  consent: 'bytes',
  origin: 'text',
  size: 'number',
  index: 'number',
  leaf: 'bytes',
  proof: 'hashes',
};

/** What somebody wrote is no act; the message says where, in both languages. */
export class ActError extends Error {
  constructor(en: string, zh: string) {
    super(`${en} ${zh}`);
  }
}

/**
 * Reads an act as a member writes it: `{"type": "SetValidator", "publicKey": "…", "power": "1"}`.
 * @throws ActError
 */
export function parseAct(text: string): Act {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new ActError('the act is no JSON', '操作不是 JSON');
  }
  const { type, ...rest } = record(given, 'the act');
  if (typeof type !== 'string' || !Object.hasOwn(forms, type)) {
    const types = Object.keys(forms).join(', ');
    throw new ActError(`type is one of ${types}`, `type 应为 ${types} 之一`);
  }
  return { type, ...fields(rest, forms[type as Act['type']], type) } as Act;
}

function fields(given: Record<string, unknown>, wanted: Readonly<Record<string, Form>>, where: string) {
  const strange = Object.keys(given).find((name) => !Object.hasOwn(wanted, name));
  if (strange !== undefined) throw new ActError(`${where} has no field ${strange}`, `${where} 没有字段 ${strange}`);
  return Object.fromEntries(
    Object.entries(wanted).map(([name, form]) => [name, read(given[name], form, `${where}.${name}`)]),
  );
}

function read(value: unknown, form: Form, where: string): unknown {
  if (form === 'texts') return list(value, where).map((one, at) => read(one, 'text', `${where}[${at}]`));
  if (form === 'hashes') return list(value, where).map((one, at) => read(one, 'bytes', `${where}[${at}]`));
  if (form === 'inputs')
    return list(value, where).map((one, at) => fields(record(one, `${where}[${at}]`), inputForms, `${where}[${at}]`));
  if (typeof value !== 'string') throw new ActError(`${where} is a text`, `${where} 应为文本`);
  if (form === 'text') return value;
  try {
    if (form === 'bytes') return fromBase64(value);
    if (/^(0|[1-9]\d{0,18})$/.test(value)) return BigInt(value);
  } catch {
    // Told below.
  }
  if (form === 'bytes') throw new ActError(`${where} is base64`, `${where} 应为 base64`);
  throw new ActError(`${where} is a whole number, as a text`, `${where} 应为以文本书写的整数`);
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ActError(`${where} is an object`, `${where} 应为对象`);
  return value as Record<string, unknown>;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ActError(`${where} is a list`, `${where} 应为列表`);
  return value;
}
