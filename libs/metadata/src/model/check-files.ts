import { objectRules } from '../rules/catalogue/core.ts';
import { found } from '../rules/found.ts';
import type { Finding, Place } from '../rules/rule.ts';
import type { ArchiveRecord, DeclaredFile } from './record.ts';
import { objectModel } from './relations.ts';

const digests = [
  ['md5', 'MD5', /^[0-9a-f]{32}$/],
  ['sha256', 'SHA-256', /^[0-9a-f]{64}$/],
] as const;

/**
 * Checks what records say about their files: names once in the submission whatever their case, checksums well formed and each
 * for one file, types that suit the object, one kind of reads in a run. Whether a name is safe is checked as it is read.
 */
export function checkFiles(): (record: ArchiveRecord, where: Place, findings: Finding[]) => void {
  const owners = new Map<string, string>();
  const bytes = new Map<string, string>();

  const checkFile = (file: DeclaredFile, record: ArchiveRecord, where: Place, findings: Finding[]): void => {
    const name = file.name.normalize('NFC').toLowerCase();
    const first = owners.get(name);
    if (first === undefined) owners.set(name, record.alias);
    else
      findings.push(
        found(objectRules.fileTwice, { ...where, column: 'file_name' }, { value: file.name, params: { first } }),
      );
    const { formats } = objectModel[record.type];
    if (formats && !formats.has(file.format.toLowerCase()))
      findings.push(
        found(
          objectRules.fileType,
          { ...where, column: 'file_format' },
          { value: file.format, params: { type: record.type } },
        ),
      );
    for (const [column, algorithm, form] of digests) checkDigest(file, column, algorithm, form, where, findings);
  };

  const checkDigest = (
    file: DeclaredFile,
    column: 'md5' | 'sha256',
    algorithm: string,
    form: RegExp,
    where: Place,
    findings: Finding[],
  ): void => {
    const digest = file[column];
    if (digest === undefined) return;
    const at = { ...where, column };
    if (!form.test(digest)) {
      const mended = digest.trim().toLowerCase();
      const suggestion = form.test(mended) ? mended : undefined;
      findings.push(
        found(objectRules.checksum, at, { value: digest, params: { file: file.name, algorithm }, suggestion }),
      );
      return;
    }
    const other = bytes.get(`${algorithm} ${digest}`);
    if (other === undefined) bytes.set(`${algorithm} ${digest}`, file.name);
    else if (other !== file.name)
      findings.push(found(objectRules.sameBytes, at, { value: digest, params: { file: file.name, other } }));
  };

  return (record, where, findings) => {
    const { type, files } = record;
    if (files.length < objectModel[type].files) findings.push(found(objectRules.noFile, where, { params: { type } }));
    for (const file of files) checkFile(file, record, where, findings);
    const types = new Set(files.map((file) => file.format.toLowerCase()));
    const alone = ['bam', 'cram'].some(
      (format) => files.filter((file) => file.format.toLowerCase() === format).length > 1,
    );
    const most = types.has('fastq') && files.length > 10;
    if (type === 'run' && (types.size > 1 || alone || most))
      findings.push(
        found(objectRules.mixedFiles, where, { params: { types: files.map((file) => file.format).join(', ') } }),
      );
  };
}
