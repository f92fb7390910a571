import type { Command } from './command.ts';
import { type Outcome, type Report, done, wrongUse } from './outcome.ts';

/** `gatehouse completion`: made from the table of commands. */
export function completionCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    words: '<shell>',
    summary: 'write a script that completes commands and options in bash or zsh',
    examples: ['source <(gatehouse completion bash)', 'source <(gatehouse completion zsh)'],
    needsToken: false,
    run: ({ words: [shell] }) => Promise.resolve(completion(shell ?? '', commands())),
  };
}

function completion(shell: string, commands: readonly Command[]): Outcome<Report> {
  if (shell !== 'bash' && shell !== 'zsh') return wrongUse('The shell is bash or zsh.');
  const cases = [...choices(commands)].map(([before, next]) => `    '${before}') words='${[...next].join(' ')}' ;;\n`);
  const start = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
  const text = `${start}_gatehouse() {
  local before='' word words='--json --help'
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* || \${#before} -gt 40 ]] || before="\${before:+$before }$word"
  done
  case "$before" in
${cases.join('')}  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _gatehouse gatehouse
`;
  return done({ data: { shell, script: text }, text });
}

/** What may follow which words. Arguments of the user are no words that are known, so after them options are offered. */
function choices(commands: readonly Command[]): Map<string, Set<string>> {
  const next = new Map<string, Set<string>>();
  const add = (before: string, word: string): void => {
    next.set(before, (next.get(before) ?? new Set()).add(word));
  };
  for (const { name, options = [] } of commands) {
    const words = name.split(' ');
    words.forEach((word, index) => add(words.slice(0, index).join(' '), word));
    for (const [flags] of options) add(name, /--[a-z-]+/.exec(flags)?.[0] ?? '');
    add(name, '--json');
    add(name, '--help');
  }
  return next;
}
