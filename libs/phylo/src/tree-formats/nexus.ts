import { samplesOf, isLeaf, nodeCount, type Tree } from '../tree/tree.ts';
import { readNewick, writeNewick } from './newick.ts';
import { VirusProblem } from '../rules/problem.ts';
import { treeRules } from '../rules/tree.ts';

/**
 * Reads the first tree of the TREES block of a NEXUS file, names translated.
 * Source: Maddison, Swofford, Maddison 1997, NEXUS. Throws `treeRules.syntax`.
 */
export function readNexus(text: string, reference: Tree['reference']): Tree {
  if (!/^\s*#NEXUS/iu.test(text)) throw new VirusProblem(treeRules.syntax, { reason: 'the first word is not #NEXUS' });
  const block = /\bbegin\s+trees\s*;/iu.exec(text);
  if (!block) throw new VirusProblem(treeRules.syntax, { reason: 'there is no block TREES' });
  const body = text.slice(block.index + block[0].length);
  const commands = statements(body);
  const translation = new Map<string, string>();
  for (const command of commands) {
    const word = /^\s*(\w+)/u.exec(command)?.[1]?.toLowerCase();
    if (word === 'translate') {
      for (const pair of command.replace(/^\s*\w+/u, '').split(',')) {
        const [, short, long] = /^\s*(\S+)\s+(.+?)\s*$/su.exec(pair) ?? [];
        if (short !== undefined && long !== undefined) translation.set(short, unquoted(long));
      }
    } else if (word === 'tree' || word === 'utree') {
      const at = command.indexOf('=');
      if (at < 0) throw new VirusProblem(treeRules.syntax, { reason: 'a tree without “=”' });
      const tree = readNewick(`${command.slice(at + 1)};`, reference);
      if (translation.size > 0)
        for (let node = 0; node < nodeCount(tree); node++) {
          const long = translation.get(tree.names.at(node));
          if (long !== undefined) tree.names.set(node, long);
        }
      return tree;
    } else if (word === 'end' || word === 'endblock') break;
  }
  throw new VirusProblem(treeRules.syntax, { reason: 'the block TREES holds no tree' });
}

/** Splits at semicolons outside quotes and comments. */
function* statements(text: string): Generator<string> {
  let from = 0;
  let within = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (within !== '') {
      if (character === within) within = '';
    } else if (character === "'") within = "'";
    else if (character === '[') within = ']';
    else if (character === ';') {
      yield text.slice(from, at);
      from = at + 1;
    }
  }
}

const unquoted = (name: string): string =>
  name.startsWith("'") && name.endsWith("'") ? name.slice(1, -1).replaceAll("''", "'") : name;

/** Writes TAXA and TREES; branch lengths are numbers of mutations. */
export function writeNexus(tree: Tree): string {
  const samples: string[] = [];
  for (let node = 0; node < nodeCount(tree); node++) if (isLeaf(tree, node)) samples.push(...samplesOf(tree, node));
  const labels = samples.map((name) => `'${name.replaceAll("'", "''")}'`);
  return [
    '#NEXUS',
    'begin taxa;',
    `  dimensions ntax=${samples.length};`,
    `  taxlabels ${labels.join(' ')};`,
    'end;',
    'begin trees;',
    `  tree 1 = [&R] ${writeNewick(tree).trim()}`,
    'end;',
    '',
  ].join('\n');
}
