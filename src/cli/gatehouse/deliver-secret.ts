import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';

import { type Work, isGiven, textOption } from './command.ts';
import { type Outcome, done, failure, wrongUse } from './outcome.ts';
import { replaceFile } from './private-file.ts';
import type { KeyRecord } from './records.ts';

/** Where a new key, or the new secret of a webhook, goes. */
export type Destination = { to: 'stdout' } | { to: 'file'; path: string } | { to: 'command'; command: string };

/** @param what `key` or `secret` */
export function destinationOptions(what: string): readonly (readonly [flags: string, meaning: string])[] {
  return [
    ['--exec <command>', `run this shell command with the new ${what} on its standard input`],
    ['--file <path>', `write the new ${what} into this file, which only you can read`],
    ['--stdout', `write the new ${what} to standard output, and nothing else`],
  ];
}

/** Exactly one: a key that went nowhere would be lost, and one on the screen is one that somebody reads. */
export function readDestination(work: Work, what = 'key'): Outcome<Destination> {
  const [command, path] = [textOption(work, 'exec'), textOption(work, 'file')];
  const chosen: Destination[] = [];
  if (command !== undefined) chosen.push({ to: 'command', command });
  if (path !== undefined) chosen.push({ to: 'file', path });
  if (isGiven(work, 'stdout')) chosen.push({ to: 'stdout' });
  const [only, ...others] = chosen;
  if (!only || others.length > 0)
    return wrongUse(`Say where the new ${what} goes, with one of --exec, --file and --stdout.`);
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

/** What a command of `--exec` knows of the key that it gets. */
export function keyVariables({ id, name }: KeyRecord): Record<string, string> {
  return { GATEHOUSE_KEY_ID: id, GATEHOUSE_KEY_NAME: name };
}

/** Hands a secret over. On `--stdout` it is written at the end, with the report. No line break follows it elsewhere. */
export async function deliverSecret(
  { terminal }: Work,
  destination: Destination,
  secret: string,
  variables: Readonly<Record<string, string>>,
): Promise<Outcome<null>> {
  if (destination.to === 'stdout') return done(null);
  if (destination.to === 'file') {
    try {
      replaceFile(destination.path, secret, terminal.random);
      return done(null);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'it failed';
      return notDelivered(`The file ${destination.path} could not be written (${reason}).`);
    }
  }
  const code = await terminal.run(destination.command, secret, variables);
  return code === 0 ? done(null) : notDelivered(`The command of --exec ended with ${code}.`);
}

function notDelivered(what: string) {
  const next = 'Run the same command again within 23 hours: it hands over the same.';
  return failure('notDelivered', 'not_delivered', `${what} ${next}`);
}
