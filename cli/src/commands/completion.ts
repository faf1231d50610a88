import { Argument, type Command } from 'commander';

/** Prints a completion script made from the commands themselves, so that it never lags behind. */
export function completion(program: Command): void {
  program
    .command('completion')
    .description('completion script for a shell: eval "$(geneward completion bash)" 命令补全脚本')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action((shell: 'bash' | 'zsh' | 'fish') => {
      process.stdout.write(scripts[shell](wordsOf(program)));
    });
}

/** Words that may follow each path of commands. */
function wordsOf(program: Command): Map<string, string[]> {
  const words = new Map<string, string[]>();
  const visit = (command: Command, path: string) => {
    const options = [...command.options, ...(command === program ? [] : program.options)].flatMap(
      (option) => option.long ?? [],
    );
    words.set(path, [...command.commands.map((inner) => inner.name()), ...options]);
    for (const inner of command.commands) visit(inner, `${path} ${inner.name()}`);
  };
  visit(program, 'geneward');
  return words;
}

const bash = (words: Map<string, string[]>) => `_geneward() {
  local path=geneward word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ${[...words.keys()]
        .slice(1)
        .map((path) => `"${path}"`)
        .join('|')}) path="$path $word" ;;
    esac
  done
  local words=""
  case "$path" in
${[...words].map(([path, list]) => `    "${path}") words="${list.join(' ')}" ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _geneward geneward
`;

const fish = (words: Map<string, string[]>) =>
  `${[...words]
    .flatMap(([path, list]) => {
      const [, ...seen] = path.split(' ');
      const condition =
        seen.length === 0
          ? '__fish_use_subcommand'
          : seen.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
      return list.map((word) =>
        word.startsWith('--')
          ? `complete -c geneward -n '${condition}' -l ${word.slice(2)}`
          : `complete -c geneward -n '${condition}' -a ${word}`,
      );
    })
    .join('\n')}\n`;

const scripts = {
  bash,
  zsh: (words: Map<string, string[]>) => `autoload -U +X bashcompinit && bashcompinit\n${bash(words)}`,
  fish,
};
