import { Command as Parser, CommanderError } from 'commander';

import { holdsToken } from '../../platform/token-shape.ts';
import { version } from '../../platform/version.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import type { Command, OptionValues } from './command.ts';
import { commands, runDiffCommand } from './commands.ts';
import { readCredentials } from './credentials.ts';
import { type ExitCode, type Failure, type Outcome, type Report, exitCodes, failure } from './outcome.ts';
import type { Terminal } from './terminal.ts';

const EXIT_CODES = `Ends with
  0  done                          5  the portal cannot be reached
  1  refused or failed             6  the token may not do this
  2  wrong use                    10  the new key could not be handed over
  3  not signed in                11  the new key was not accepted by --check-url
  4  no such thing                12  the old key could not be ended
`;

const SECRET_ARGUMENT =
  'A token or key stood in the arguments. Everybody on this machine can read those, and the shell keeps them: revoke it. Give tokens with GATEHOUSE_TOKEN_FILE, or on standard input with sign-in --token-stdin.';

/** Runs one command line. @param words without the name of the program */
export async function runGatehouse(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const asJson = words.includes('--json');
  // Before anything can repeat an argument.
  if (words.some((word) => holdsToken(word) || /^--token(=|$)/.test(word))) {
    return fail(terminal, asJson, failure('wrongUse', 'secret_in_arguments', SECRET_ARGUMENT));
  }
  if (words[0] === 'diff') return runDiffCommand(terminal, words.slice(1));
  let ended: ExitCode = exitCodes.ok;
  const parser = createParser(terminal, async (command, given, options) => {
    ended = await perform(terminal, command, given, options);
  });
  try {
    await parser.parseAsync(words, { from: 'user' });
    return ended;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongUse;
  }
}

type Perform = (command: Command, words: readonly (string | undefined)[], options: OptionValues) => Promise<void>;

function createParser(terminal: Terminal, run: Perform): Parser {
  const output = {
    writeOut: (text: string) => terminal.writeOut(text),
    writeErr: (text: string) => terminal.writeError(text),
  };
  const base = (parser: Parser): Parser =>
    parser.exitOverride().configureOutput(output).helpOption('-h, --help', 'show this').helpCommand(false);
  const root = base(new Parser('gatehouse'))
    .description('Your applications, keys, usage and notices at an API portal, for people and for scripts.')
    .version(version, '-V, --version', 'show the version')
    .addHelpText(
      'after',
      `\n${EXIT_CODES}\nBeside these: gatehouse diff OLD NEW compares two OpenAPI documents (gatehouse diff --help).`,
    );
  const groups = new Map<string, Parser>();
  for (const command of commands) {
    const [first = '', second] = command.name.split(' ');
    const group = second === undefined ? root : (groups.get(first) ?? addGroup(first));
    const parser = base(group.command(`${second ?? first} ${command.words ?? ''}`.trim()))
      .summary(command.summary)
      .description(command.details === undefined ? sentence(command) : `${sentence(command)}\n\n${command.details}`)
      .option('--json', 'write JSON, for programs')
      .addHelpText('after', `\nExamples:\n${command.examples.map((line) => `  ${line}\n`).join('')}`);
    for (const [flags, meaning] of command.options ?? []) parser.option(flags, meaning);
    parser.action((...given: unknown[]) => {
      const options = given.at(-2) as OptionValues;
      return run(command, given.slice(0, -2).flat() as (string | undefined)[], options);
    });
  }
  return root;

  function addGroup(name: string): Parser {
    const group = base(root.command(name)).summary(`${name}: ${names(name).join(', ')}`);
    groups.set(name, group);
    return group;
  }
}

function names(group: string): string[] {
  return commands.flatMap(({ name }) => (name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : []));
}

function sentence({ summary }: Command): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

async function perform(
  terminal: Terminal,
  command: Command,
  words: readonly (string | undefined)[],
  options: OptionValues,
): Promise<ExitCode> {
  const asJson = options.json === true;
  const api = signedIn(terminal, command);
  if (!api.ok) return fail(terminal, asJson, api);
  const outcome = await command.run({ terminal, api: api.value, words, options });
  if (!outcome.ok) return fail(terminal, asJson, outcome);
  write(terminal, asJson, outcome.value);
  return exitCodes.ok;
}

/** Commands that need no token do not look at the client that they get. */
function signedIn(terminal: Terminal, { needsToken }: Command): Outcome<ApiClient> {
  const none = { url: '', token: '' };
  const credentials = needsToken ? readCredentials(terminal) : { ok: true as const, value: none };
  return credentials.ok ? { ok: true, value: createApiClient(terminal, credentials.value) } : credentials;
}

function write(terminal: Terminal, asJson: boolean, { data, text, secret, settle }: Report): void {
  const told = asJson ? `${JSON.stringify(data, null, 2)}\n` : text;
  if (secret === undefined) terminal.writeOut(told);
  else {
    terminal.writeOut(`${secret}\n`);
    terminal.writeError(told);
  }
  settle?.();
}

function fail(terminal: Terminal, asJson: boolean, { exit, code, message }: Failure): ExitCode {
  const error = { code, message, exit };
  terminal.writeError(asJson ? `${JSON.stringify({ error })}\n` : `gatehouse: ${message}\n`);
  return exit;
}
