import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { z } from 'zod';

import type { Environment } from './config.ts';
import { type Random, randomBase62 } from '../platform/random.ts';

/** 43 base62 characters carry 256 random bits. */
const SECRET_LENGTH = 43;

const contents = z.record(z.string(), z.string());

/**
 * Secrets that demo and development mode make once and keep: those among `names` that the environment gives neither
 * directly nor as NAME_FILE. The file is readable by its owner only.
 * @throws when the file cannot be read, is damaged or cannot be written: new secrets would end every key
 */
export function keepSecrets(
  path: string,
  names: readonly string[],
  environment: Environment,
  random: Random,
): Readonly<Record<string, string>> {
  const isGiven = (name: string): boolean => Boolean(environment[name]) || Boolean(environment[`${name}_FILE`]);
  const needed = names.filter((name) => !isGiven(name));
  const kept = readKept(path);
  const missing = needed.filter((name) => kept[name] === undefined);
  for (const name of missing) kept[name] = randomBase62(random, SECRET_LENGTH);
  if (missing.length > 0) writeKept(path, kept);
  return Object.fromEntries(needed.map((name) => [name, kept[name] ?? '']));
}

function readKept(path: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  chmodSync(path, 0o600);
  const parsed = contents.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(`${path} is damaged: restore it, or delete it and issue all keys anew`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Renamed into place, so that a crash leaves the old file or the new one, never half of one. */
function writeKept(path: string, secrets: Readonly<Record<string, string>>): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
  chmodSync(unfinished, 0o600);
  renameSync(unfinished, path);
}
