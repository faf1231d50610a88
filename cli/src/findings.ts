import type { FindingView } from '@geneward/api';
import type { Output } from './output.ts';

/** Every finding with its place, its value and its mend; what is the same fault over and over is told once with its places. */
export function printFindings(findings: readonly FindingView[], output: Output): string {
  const groups = Map.groupBy(findings, (finding) => `${finding.code} ${finding.message}`);
  const order = { error: 0, warning: 1, hint: 2 };
  return [...groups.values()]
    .toSorted(([a], [b]) => (a && b ? order[a.level] - order[b.level] : 0))
    .map((group) => printGroup(group, output))
    .join('\n');
}

const shownPlaces = 12;

function printGroup(group: readonly FindingView[], output: Output): string {
  const [first] = group;
  if (!first) return '';
  const level = {
    error: { en: 'error', zh: '错误' },
    warning: { en: 'warning', zh: '警告' },
    hint: { en: 'hint', zh: '提示' },
  }[first.level];
  const lines = group.slice(0, shownPlaces).map((finding) => {
    const value = finding.value === undefined ? '' : `  “${finding.value}”`;
    const offer = finding.suggestion === undefined ? '' : `  → “${finding.suggestion}”`;
    return `    ${placeOf(finding, output)}${value}${offer}`;
  });
  const more = group.length - lines.length;
  return [
    `${output.pick(level)} ${first.code}  ${first.message}`,
    ...lines,
    ...(more > 0
      ? [
          output.pick({
            en: `    and ${more} more places (--json lists all)`,
            zh: `    以及另外 ${more} 处（--json 可列出全部）`,
          }),
        ]
      : []),
    `    ${output.pick({ en: 'mend', zh: '处理' })}: ${first.mend}`,
  ].join('\n');
}

function placeOf({ place }: FindingView, output: Output): string {
  const zh = output.language === 'zh';
  const parts = [
    place.file,
    place.sheet !== undefined && place.sheet !== place.file ? place.sheet : undefined,
    place.row !== undefined ? (zh ? `第 ${place.row} 行` : `row ${place.row}`) : undefined,
    place.line !== undefined && place.row === undefined
      ? zh
        ? `第 ${place.line} 行`
        : `line ${place.line}`
      : undefined,
    place.column !== undefined ? (zh ? `“${place.column}” 列` : `column ${place.column}`) : undefined,
    place.record !== undefined && place.line === undefined
      ? zh
        ? `第 ${place.record} 条记录`
        : `record ${place.record}`
      : undefined,
    place.offset !== undefined ? (zh ? `偏移 ${place.offset}` : `byte ${place.offset}`) : undefined,
    place.alias,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
