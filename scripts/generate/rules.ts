import { ruleCatalogue } from '@geneward/api';
import type { Language, Rule } from '@geneward/metadata';

const words = {
  en: {
    title: 'Rules',
    made: 'Made from the rule catalogue by `npm run generate`.',
    level: { error: 'error', warning: 'warning', hint: 'hint' },
    mend: 'Mend',
    refused: 'refused',
    accepted: 'accepted',
    same: 'Same check elsewhere',
    source: 'Source',
  },
  zh: {
    title: '检查规则',
    made: '由规则目录通过 `npm run generate` 生成。',
    level: { error: '错误', warning: '警告', hint: '提示' },
    mend: '处理办法',
    refused: '不通过',
    accepted: '通过',
    same: '其他数据库的同类检查',
    source: '来源',
  },
} as const;

/** The rule catalogue as one page a language. */
export function rulePages(): Record<string, string> {
  const rules = [...ruleCatalogue.values()];
  return { 'docs/rules/en.md': page(rules, 'en'), 'docs/rules/zh.md': page(rules, 'zh') };
}

function page(rules: readonly Rule[], language: Language): string {
  const say = words[language];
  const entries = rules.map((rule) => {
    const same = Object.entries(rule.same ?? {}).flatMap(([archive, codes]) =>
      codes.map((code) => `${archive.toUpperCase()} ${code}`),
    );
    return [
      `## ${rule.code} · ${say.level[rule.level]}`,
      `**${rule.message[language]}**`,
      rule.explanation[language],
      `${say.mend}: ${rule.mend[language]}`,
      `- ${say.refused}: \`${inline(rule.example.refused)}\`\n- ${say.accepted}: \`${inline(rule.example.accepted)}\``,
      ...(same.length > 0 ? [`${say.same}: ${same.join(', ')}`] : []),
      ...(rule.source ? [`${say.source}: ${rule.source}`] : []),
    ].join('\n\n');
  });
  return `# ${say.title}\n\n${say.made}\n\n${entries.join('\n\n')}\n`;
}

const inline = (text: string) => text.replaceAll('`', 'ˋ').replaceAll('\n', ' ⏎ ').replaceAll('\t', ' ⇥ ');
