/** Versions whose specification is followed; compare them as numbers: 1 stands for VCFv4.1. */
export type VcfVersion = 1 | 2 | 3 | 4 | 5;

/** The version of a `##fileformat` line, undefined when it is none that is known. */
export function versionOf(line: string): VcfVersion | undefined {
  const [, minor] = /^##fileformat=VCFv4\.([1-5])$/.exec(line) ?? [];
  return minor === undefined ? undefined : (Number(minor) as VcfVersion);
}
