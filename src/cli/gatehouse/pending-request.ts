import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { newId } from '../../platform/random.ts';
import { makePrivateFolder, readFileIfPresent, replaceFile } from './private-file.ts';
import { type Terminal, variable } from './terminal.ts';

/** The portal gives the same answer to the same Idempotency-Key for 24 hours; an hour is left for clocks that differ. */
const REPEATABLE_MS = 23 * 60 * 60 * 1000;

const schema = z.object({
  idempotencyKey: z.string(),
  path: z.string(),
  body: z.record(z.string(), z.unknown()),
  startedAtMs: z.number(),
});

/** A call that gives a key, written down before it is sent: whoever runs the command again gets the same key. */
export type PendingRequest = z.infer<typeof schema>;

/** What is under way for the same command line; null when nothing is. */
export function readPending(terminal: Terminal, subject: readonly string[]): PendingRequest | null {
  const text = readFileIfPresent(pathOf(terminal, subject));
  const parsed = schema.safeParse(text === null ? null : parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** False when the portal may have forgotten its answer: what it gave is lost. */
export function isRepeatable({ startedAtMs }: PendingRequest, nowMs: number): boolean {
  return Math.abs(nowMs - startedAtMs) < REPEATABLE_MS;
}

export function writePending(
  terminal: Terminal,
  subject: readonly string[],
  { path, body }: Pick<PendingRequest, 'path' | 'body'>,
): PendingRequest {
  const pending = { idempotencyKey: newId(terminal.random, 'req'), path, body, startedAtMs: terminal.nowMs() };
  makePrivateFolder(stateFolder(terminal));
  replaceFile(pathOf(terminal, subject), `${JSON.stringify(pending)}\n`, terminal.random);
  return pending;
}

/** The key is where it belongs. */
export function forgetPending(terminal: Terminal, subject: readonly string[]): void {
  rmSync(pathOf(terminal, subject), { force: true });
}

function stateFolder(terminal: Terminal): string {
  return join(variable(terminal, 'XDG_STATE_HOME') ?? join(terminal.home, '.local/state'), 'gatehouse');
}

function pathOf(terminal: Terminal, subject: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(subject)).digest('hex');
  return join(stateFolder(terminal), `${hash.slice(0, 32)}.json`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
