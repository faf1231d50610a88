interface Told {
  readonly message: { readonly en: string; readonly zh: string };
  readonly mend: { readonly en: string; readonly zh: string };
}

const told = (en: string, zh: string, mendEn: string, mendZh: string): Told => ({
  message: { en, zh },
  mend: { en: mendEn, zh: mendZh },
});

const fromOrigin = ['Take the file from its origin again.', '请从源头重新获取文件。'] as const;
const otherKey = [
  'Try your other keys, or ask the sender to encrypt for yours (`geneward crypt4gh reencrypt`).',
  '请尝试您的其他密钥，或请发送方为您的公钥重新加密（`geneward crypt4gh reencrypt`）。',
] as const;
const newKey = ['Make a key with `geneward crypt4gh keygen`.', '请用 `geneward crypt4gh keygen` 生成密钥。'] as const;

/** Everything that can be wrong with a container, a key or a manifest. `{name}` stands for a value of the problem. */
export const crypt4ghProblems = {
  not_crypt4gh: told(
    'This is no Crypt4GH file: it does not start with "crypt4gh".',
    '这不是 Crypt4GH 文件：开头不是 "crypt4gh"。',
    'Give the encrypted file. A file that is not encrypted needs no decryption.',
    '请提供加密后的文件；未加密的文件无需解密。',
  ),
  version_unknown: told(
    'Crypt4GH version {version} is not known; version 1 is read.',
    '未知的 Crypt4GH 版本 {version}，仅支持版本 1。',
    'Ask the sender for version 1.',
    '请让发送方提供版本 1 的文件。',
  ),
  header_cut: told('The file ends inside its header.', '文件在头部中途结束。', ...fromOrigin),
  header_packet_length: told(
    'Header packet {packet} says that it is {length} bytes long.',
    '头部第 {packet} 个数据包声明的长度为 {length} 字节，不合理。',
    ...fromOrigin,
  ),
  header_too_large: told(
    'The header is larger than {limit}.',
    '头部超过上限 {limit}。',
    'Keep only your own packets: `geneward crypt4gh reencrypt --trim`.',
    '请只保留自己的数据包：`geneward crypt4gh reencrypt --trim`。',
  ),
  header_empty: told(
    'A header needs at least one reader and one data key.',
    '头部至少需要一个接收者和一个数据密钥。',
    'Name a reader.',
    '请指定接收者。',
  ),
  no_key_fits: told(
    'None of your keys opens this file: it was encrypted for somebody else, or its header was altered.',
    '您的密钥均无法打开此文件：它是为他人加密的，或头部被改动。',
    ...otherKey,
  ),
  sender_differs: told(
    'The file was not written with the key of the sender that you named.',
    '文件并非由您指定的发送方密钥写成。',
    'Ask the sender which key was used; do not trust the file until you know.',
    '请向发送方确认所用密钥；确认之前请勿信任此文件。',
  ),
  packet_type_unknown: told(
    'A header packet of type {type} is not known.',
    '未知的头部数据包类型 {type}。',
    'Ask the sender for a file of Crypt4GH version 1.',
    '请让发送方提供 Crypt4GH 版本 1 的文件。',
  ),
  packet_malformed: told('A header packet is too short for what it holds.', '头部数据包过短。', ...fromOrigin),
  data_method_unknown: told(
    'Data encryption method {method} is not known.',
    '未知的数据加密方法 {method}。',
    'Ask the sender for ChaCha20-Poly1305.',
    '请让发送方使用 ChaCha20-Poly1305。',
  ),
  data_methods_mixed: told(
    'The data keys of the header are for different methods.',
    '头部的数据密钥采用了不同的加密方法。',
    ...fromOrigin,
  ),
  edit_list_twice: told(
    'The header has more than one edit list.',
    '头部含有多个编辑列表。',
    'Ask the sender to write the file anew.',
    '请让发送方重新生成文件。',
  ),
  edit_list_malformed: told('The edit list is damaged.', '编辑列表损坏。', ...fromOrigin),
  segment_damaged: told(
    'Segment {segment} (plain bytes from {from}) was altered, or none of the data keys is for it.',
    '第 {segment} 段（明文自 {from} 字节起）被改动，或没有与之对应的数据密钥。',
    ...fromOrigin,
  ),
  segment_cut: told(
    'The file ends inside segment {segment} (plain bytes from {from}), or this last segment was altered.',
    '文件在第 {segment} 段（明文自 {from} 字节起）中途结束，或最后一段被改动。',
    ...fromOrigin,
  ),
  end_missing: told(
    'The last segment is missing: the file was cut after segment {segment}.',
    '缺少最后一段：文件在第 {segment} 段之后被截断。',
    ...fromOrigin,
  ),
  range_invalid: told(
    'The range {range} is not possible.',
    '范围 {range} 无效。',
    'Give whole numbers from 0, the end greater than the start.',
    '请使用从 0 开始的整数，且结束大于起始。',
  ),
  rearrange_ordered: told(
    'In a file of the ordered method the end cannot be cut off: a reader could not tell it from a loss.',
    '有序方法的文件不能截去末尾，否则读者无法区分截断与丢失。',
    'Decrypt the range and encrypt it anew.',
    '请解密该范围后重新加密。',
  ),
  key_format: told(
    'This is no key that can be read: {reason}.',
    '无法读取密钥：{reason}。',
    'Give a Crypt4GH key (c4gh-v1) or an OpenSSH key of type ed25519.',
    '请提供 Crypt4GH 密钥（c4gh-v1）或 ed25519 类型的 OpenSSH 密钥。',
  ),
  key_unsupported: told('The key uses {what}, which is not supported.', '密钥使用了不受支持的 {what}。', ...newKey),
  key_too_costly: told(
    'Opening the key would take {rounds} rounds; at most {limit} are run.',
    '打开密钥需要 {rounds} 轮运算，上限为 {limit}。',
    ...newKey,
  ),
  passphrase_needed: told(
    'The secret key is locked by a passphrase.',
    '私钥由口令保护。',
    'Give the passphrase.',
    '请提供口令。',
  ),
  passphrase_wrong: told(
    'The passphrase does not open the key, or the key file was altered.',
    '口令无法打开密钥，或密钥文件被改动。',
    'Try again; a lost passphrase cannot be recovered.',
    '请重试；遗失的口令无法找回。',
  ),
  public_key_weak: told(
    'The public key is not one that a person can have the secret key of.',
    '公钥无效（不存在对应的私钥）。',
    'Ask for the key again.',
    '请重新索取公钥。',
  ),
  manifest_format: told(
    'The segment manifest is damaged at {field}.',
    '分段清单的 {field} 损坏。',
    'Fetch the manifest again.',
    '请重新获取清单。',
  ),
  manifest_unsigned: told(
    'The segment manifest carries no valid signature of a key that you trust.',
    '分段清单没有可信密钥的有效签名。',
    'Check that the public key is that of the archive; do not use the file.',
    '请核对归档库的公钥；请勿使用该文件。',
  ),
  manifest_proof: told(
    'The segment hashes are not those that the manifest was signed for.',
    '分段哈希与签名清单不一致。',
    'Fetch the segment hashes again.',
    '请重新获取分段哈希。',
  ),
  manifest_segment: told(
    'Segment {segment} (plain bytes from {from}) is not the one that the archive signed: it was altered, swapped or repeated.',
    '第 {segment} 段（明文自 {from} 字节起）与归档库签名的不符：被改动、调换或重复。',
    'Fetch this segment again.',
    '请重新获取该段。',
  ),
  manifest_cut: told(
    'The file ends after {got} of {size} plain bytes.',
    '文件只有 {got} 字节，应为 {size} 字节。',
    'Fetch the rest.',
    '请获取其余部分。',
  ),
  manifest_longer: told(
    'The file goes on after its {size} plain bytes.',
    '文件超出了应有的 {size} 字节。',
    ...fromOrigin,
  ),
  manifest_digest: told(
    'The {digest} of the whole file is not the one in the manifest.',
    '整个文件的 {digest} 与清单不符。',
    ...fromOrigin,
  ),
} as const satisfies Record<string, Told>;

/** What a program may branch on. */
export type Crypt4ghCode = keyof typeof crypt4ghProblems;

/** A container, key or manifest that must not be used, with the reason and the mend in English and Chinese. */
export class Crypt4ghProblem extends Error {
  readonly code: Crypt4ghCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** The reason, for people. */
  readonly text: { readonly en: string; readonly zh: string };
  /** What to do about it. */
  readonly mend: { readonly en: string; readonly zh: string };

  constructor(code: Crypt4ghCode, params: Readonly<Record<string, string | number>> = {}) {
    const { message, mend } = crypt4ghProblems[code];
    const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => String(params[name] ?? hole));
    super(fill(message.en));
    this.name = 'Crypt4ghProblem';
    this.code = code;
    this.params = params;
    this.text = { en: fill(message.en), zh: fill(message.zh) };
    this.mend = mend;
  }
}
