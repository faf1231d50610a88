import { rule } from '../rule.ts';

const rfc1952 = 'RFC 1952';
const sam4 = 'SAM specification 4.1 (BGZF)';

/** What may be wrong with a file before its format is even looked at. */
export const layerRules = {
  empty: rule('GW5001', 'error', {
    message: ['The file is empty.', '文件为空。'],
    explanation: [
      'A file without a single byte (or with nothing inside its compression) holds no data; most often the upload or the export before it was broken off.',
      '文件没有任何内容（或解压后为空），不包含数据；通常是上传或导出过程中断所致。',
    ],
    mend: ['Check the file on your side, export it again and send it anew.', '请核对本地文件，重新导出后再次上传。'],
    refused: '(0 bytes)',
    accepted: '@read1\\nACGT\\n+\\nIIII\\n',
  }),
  truncated: rule('GW5002', 'error', {
    message: ['The compressed data end too soon, after {offset} bytes.', '压缩数据提前结束（第 {offset} 字节处）。'],
    explanation: [
      'The file stops in the middle of its compressed stream: the tail is missing, so records are lost.',
      '文件在压缩流中途中断，末尾缺失，因此丢失了部分记录。',
    ],
    mend: [
      'Compare the size and the checksum with the original and send the whole file again; if the original fails `gzip -t` too, export it anew.',
      '请与原文件比对大小和校验值后重新上传；若原文件也无法通过 `gzip -t`，请重新导出。',
    ],
    refused: 'reads.fastq.gz cut after half of its bytes',
    accepted: 'a file for which `gzip -t` says nothing',
    source: rfc1952,
  }),
  corrupt: rule('GW5003', 'error', {
    message: [
      'The compressed data are damaged near byte {offset}: {reason}.',
      '压缩数据在第 {offset} 字节附近损坏：{reason}。',
    ],
    explanation: [
      'The compressed stream cannot be decoded, so bytes were changed on the way or on the disk.',
      '压缩流无法解码，说明数据在传输过程中或磁盘上被改动。',
    ],
    mend: [
      'Compare the checksum with the original, send the file again in binary mode, or compress it anew.',
      '请与原文件比对校验值，以二进制模式重新上传，或重新压缩。',
    ],
    refused: 'one byte flipped inside reads.fastq.gz',
    accepted: 'the same file as `gzip` wrote it',
    source: 'RFC 1951, RFC 1952',
  }),
  checksum: rule('GW5004', 'error', {
    message: [
      'The CRC-32 of the compressed member that starts at byte {offset} does not match its content.',
      '从第 {offset} 字节开始的压缩成员，其 CRC-32 与内容不符。',
    ],
    explanation: [
      'Every gzip member ends with a CRC-32 of its content. It differs here, so the content is not what was compressed.',
      '每个 gzip 成员末尾都有内容的 CRC-32；此处不一致，说明内容并非当初压缩的数据。',
    ],
    mend: [
      'Send the file again; if `gzip -t` fails on the original, compress it anew.',
      '请重新上传；若原文件的 `gzip -t` 也失败，请重新压缩。',
    ],
    refused: 'a member whose stored CRC-32 was changed',
    accepted: 'a member whose CRC-32 is that of its content',
    source: 'RFC 1952 section 2.3.1',
  }),
  size: rule('GW5005', 'error', {
    message: [
      'The member that starts at byte {offset} holds {actual} bytes but declares {declared}.',
      '从第 {offset} 字节开始的压缩成员实际含 {actual} 字节，声明为 {declared} 字节。',
    ],
    explanation: [
      'Every gzip member ends with the length of its content (ISIZE). It differs here, so bytes are missing or too many.',
      '每个 gzip 成员末尾都记录内容长度（ISIZE）；此处不一致，说明数据缺失或多余。',
    ],
    mend: ['Send the file again or compress it anew.', '请重新上传，或重新压缩文件。'],
    refused: 'a member whose stored length was changed',
    accepted: 'a member whose length is that of its content',
    source: 'RFC 1952 section 2.3.1',
  }),
  trailing: rule('GW5006', 'error', {
    message: [
      'Bytes that are not compressed data follow from byte {offset} on.',
      '从第 {offset} 字节起出现非压缩数据。',
    ],
    explanation: [
      'After the last compressed member the file goes on with something else. Readers drop it silently, so it is either rubbish or lost data.',
      '最后一个压缩成员之后仍有其他内容。多数读取程序会直接忽略，因此它要么是垃圾数据，要么是会丢失的数据。',
    ],
    mend: [
      'Decompress the file, look at its end, and compress it again without what does not belong to it.',
      '请解压后检查文件末尾，去除多余内容，再重新压缩。',
    ],
    refused: 'reads.fastq.gz with an HTML error page glued to its end',
    accepted: 'reads.fastq.gz ending with its last member',
    source: 'RFC 1952 section 2.2',
  }),
  zeroPadding: rule('GW5007', 'warning', {
    message: [
      'The compressed data are followed by zero bytes from byte {offset} on.',
      '从第 {offset} 字节起，压缩数据之后为零字节填充。',
    ],
    explanation: [
      'Tapes and some transfer tools pad files with zeros. Nothing is lost, but the checksum is not that of the original.',
      '磁带和某些传输工具会用零填充文件。数据没有丢失，但校验值与原文件不同。',
    ],
    mend: ['Send the original file without padding.', '请上传未填充的原文件。'],
    refused: 'reads.fastq.gz followed by 512 zero bytes',
    accepted: 'reads.fastq.gz ending with its last member',
    source: rfc1952,
  }),
  bgzfEnd: rule('GW5008', 'error', {
    message: ['The BGZF end-of-file block is missing.', '缺少 BGZF 文件结束块。'],
    explanation: [
      'A BGZF file (BAM, bgzipped VCF) ends with an empty block of 28 bytes. Without it nobody can tell whether blocks are missing.',
      'BGZF 文件（BAM、bgzip 压缩的 VCF 等）以一个 28 字节的空块结束；缺少它就无法判断是否丢失数据块。',
    ],
    mend: [
      'Take the file from its origin again; if it is whole, rewrite it with `samtools view -b` or `bgzip`.',
      '请从源头重新获取文件；若数据完整，可用 `samtools view -b` 或 `bgzip` 重写。',
    ],
    refused: 'sample.bam without its last 28 bytes',
    accepted: 'sample.bam as samtools wrote it',
    source: 'SAM specification 4.1.2',
  }),
  bgzfBlock: rule('GW5009', 'error', {
    message: [
      'The BGZF block at byte {offset} is damaged: {reason}.',
      '第 {offset} 字节处的 BGZF 数据块损坏：{reason}。',
    ],
    explanation: [
      'A BGZF file is a row of blocks of at most 64 KiB, each with its own size. This one does not hold what its header says, or an ordinary gzip member stands between the blocks.',
      'BGZF 文件由不超过 64 KiB 的数据块组成，每块都记录自身大小；此块与块头不符，或块之间混入了普通 gzip 成员。',
    ],
    mend: [
      'Send the file again, or rewrite it with `bgzip` or `samtools view -b`.',
      '请重新上传，或用 `bgzip`、`samtools view -b` 重写。',
    ],
    refused: 'a block whose BSIZE points into the next one',
    accepted: 'a file for which `bgzip -t` says nothing',
    source: sam4,
  }),
  archive: rule('GW5010', 'error', {
    message: ['This is a {kind} archive, not a data file.', '这是 {kind} 归档或压缩包，而非数据文件。'],
    explanation: [
      'Archives hide how many files there are and what they are called; each data file must be sent by itself. Sequence archives take gzip and bzip2 only.',
      '归档包会掩盖其中的文件数量和名称；每个数据文件必须单独上传。序列数据库仅接受 gzip 和 bzip2 压缩。',
    ],
    mend: ['Unpack it and send each file on its own, compressed with gzip.', '请解包后逐个上传，并使用 gzip 压缩。'],
    refused: 'reads.zip, run1.tar, reads.fastq.xz',
    accepted: 'reads_1.fastq.gz and reads_2.fastq.gz',
  }),
  twice: rule('GW5011', 'error', {
    message: [
      'Inside the {outer} compression there is again a {inner} file.',
      '{outer} 压缩之内又是一个 {inner} 文件。',
    ],
    explanation: [
      'The file was compressed or packed twice. Programs take off one layer and then fail.',
      '文件被压缩或打包了两次；分析程序只解一层，随后会报错。',
    ],
    mend: ['Take off one layer (`gunzip`) and send what remains.', '请解开一层（`gunzip`）后再上传。'],
    refused: 'reads.fastq.gz.gz, reads.tar.gz',
    accepted: 'reads.fastq.gz',
  }),
  recompressed: rule('GW5012', 'error', {
    message: ['A {inner} file must not be compressed again with {outer}.', '{inner} 文件不得再用 {outer} 压缩。'],
    explanation: [
      'This format is compressed by itself. A second layer saves nothing and prevents random access.',
      '该格式本身已压缩；再压缩一层既不省空间，又无法随机访问。',
    ],
    mend: ['Take off the outer compression and send the file as it is.', '请去除外层压缩后直接上传。'],
    refused: 'sample.cram.gz',
    accepted: 'sample.cram',
  }),
  tooLarge: rule('GW5013', 'error', {
    message: ['The file unpacks to more than {limit} bytes.', '文件解压后超过 {limit} 字节。'],
    explanation: [
      'A small file that unpacks to an enormous one is refused before it can exhaust the machine.',
      '体积很小、解压后却异常巨大的文件会被拒绝，以免耗尽系统资源。',
    ],
    mend: ['Split the data into several files.', '请将数据拆分为多个文件。'],
    refused: 'a gzip file of 10 MB that unpacks to 10 TB',
    accepted: 'a run of ordinary size',
  }),
  unexpected: rule('GW5014', 'error', {
    message: ['Expected {expected}, but this is {kind}.', '应为 {expected}，实际为 {kind}。'],
    explanation: [
      'The content of the file is not of the type under which it was sent. The type is told from the bytes, not from the name.',
      '文件内容与声明的类型不符。类型根据内容而非文件名判断。',
    ],
    mend: ['Choose the right file, or correct the declared type.', '请选择正确的文件，或更正声明的类型。'],
    refused: '>seq1\\nACGT as FASTQ',
    accepted: '@read1\\nACGT\\n+\\nIIII as FASTQ',
  }),
  unsupported: rule('GW5015', 'warning', {
    message: [
      '{kind} is recognised but its inside cannot be checked here.',
      '已识别为 {kind}，但此处无法检查其内部内容。',
    ],
    explanation: [
      'The file is kept as it is; damage inside it would not be noticed by this check.',
      '文件将按原样保存；此项检查无法发现其内部损坏。',
    ],
    mend: [
      'Nothing is wrong as such. Where there is a choice, send a format that can be checked, such as FASTQ, BAM or CRAM.',
      '文件本身没有错误。如有选择，请使用可检查的格式，如 FASTQ、BAM 或 CRAM。',
    ],
    refused: 'run.pod5, run.fast5, reads.sff',
    accepted: 'reads.fastq.gz',
  }),
  encoding: rule('GW5016', 'error', {
    message: ['The text is encoded as {encoding}.', '文本编码为 {encoding}。'],
    explanation: [
      'Sequence formats are plain ASCII or UTF-8 without a byte-order mark. Editors on Windows like to add one or to write UTF-16.',
      '序列格式要求 ASCII 或不带 BOM 的 UTF-8。Windows 编辑器常会加入 BOM 或保存为 UTF-16。',
    ],
    mend: ['Save the file as UTF-8 without BOM.', '请另存为不带 BOM 的 UTF-8。'],
    refused: 'EF BB BF 40 72 31 …',
    accepted: '40 72 31 …',
  }),
} as const;
