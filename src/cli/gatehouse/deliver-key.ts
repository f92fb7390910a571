import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';

import { type Work, isGiven, textOption } from './command.ts';
import { type Outcome, done, failure, wrongUse } from './outcome.ts';
import { replaceFile } from './private-file.ts';
import type { KeyRecord } from './records.ts';

/** Where a new key goes. */
export type Destination = { to: 'stdout' } | { to: 'file'; path: string } | { to: 'command'; command: string };

export const destinationOptions = [
  ['--exec <command>', 'run this shell command with the new key on its standard input'],
  ['--file <path>', 'write the new key into this file, which only you can read'],
  ['--stdout', 'write the new key to standard output, and nothing else'],
] as const;

/** Exactly one: a key that went nowhere would be lost, and one on the screen is one that somebody reads. */
export function readDestination(work: Work): Outcome<Destination> {
  const [command, path] = [textOption(work, 'exec'), textOption(work, 'file')];
  const chosen: Destination[] = [];
  if (command !== undefined) chosen.push({ to: 'command', command });
  if (path !== undefined) chosen.push({ to: 'file', path });
  if (isGiven(work, 'stdout')) chosen.push({ to: 'stdout' });
  const [only, ...others] = chosen;
  if (!only || others.length > 0)
    return wrongUse('Say where the new key goes, with one of --exec, --file and --stdout.');
  if (only.to !== 'file' || isWritable(dirname(only.path))) return done(only);
  const message = `No file can be written in the folder of ${only.path}. Nothing was changed.`;
  return failure('notDelivered', 'not_delivered', message);
}

/** Before anything is asked for: a key that cannot be stored should not be made. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Hands the key over. On `--stdout` it is written at the end, with the report. No line break follows the key. */
export async function deliverKey(
  { terminal }: Work,
  destination: Destination,
  token: string,
  key: KeyRecord,
): Promise<Outcome<null>> {
  if (destination.to === 'stdout') return done(null);
  if (destination.to === 'file') {
    try {
      replaceFile(destination.path, token, terminal.random);
      return done(null);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'it failed';
      return notDelivered(`The new key could not be written to ${destination.path} (${reason}).`);
    }
  }
  const variables = { GATEHOUSE_KEY_ID: key.id, GATEHOUSE_KEY_NAME: key.name };
  const code = await terminal.run(destination.command, token, variables);
  return code === 0 ? done(null) : notDelivered(`The command of --exec ended with ${code}.`);
}

function notDelivered(what: string) {
  const next = 'Run the same command again within 23 hours: it hands over the same key.';
  return failure('notDelivered', 'not_delivered', `${what} ${next}`);
}
