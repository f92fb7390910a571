import { readFile } from 'node:fs/promises';

import type { Command } from './command.ts';
import { apiCommands } from './api-commands.ts';
import { completionCommand } from './completion.ts';
import { keyCommands } from './key-commands.ts';
import type { ExitCode } from './outcome.ts';
import { portalCommands } from './portal-commands.ts';
import { recordCommands } from './record-commands.ts';
import { sessionCommands } from './session-commands.ts';
import type { Terminal } from './terminal.ts';
import { webhookCommands } from './webhook-commands.ts';

/** Every command but `diff`, in the order of the help. */
export const commands: readonly Command[] = [
  ...sessionCommands,
  ...portalCommands.slice(0, 2),
  ...keyCommands,
  ...portalCommands.slice(2),
  ...apiCommands,
  ...webhookCommands,
  ...recordCommands,
  completionCommand(() => commands),
];

/** `gatehouse diff` reads its own arguments, needs no portal, and has three exit codes of its own: 0, 1 and 2. */
export async function runDiffCommand(terminal: Terminal, words: readonly string[]): Promise<ExitCode> {
  // Loaded when it is used: the readers of documents take longer to load than all the rest.
  const { runDiff } = await import('../diff.ts');
  return runDiff(words, {
    readFile: (path) => readFile(path, 'utf8'),
    writeOut: (text) => terminal.writeOut(text),
    writeError: (text) => terminal.writeError(text),
    nowMs: () => terminal.nowMs(),
  });
}
