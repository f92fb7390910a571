import { setImmediate as nextTurn } from 'node:timers/promises';

import { sha256Hex } from '../platform/hash.ts';
import { createCallTally } from '../usage/call-tally.ts';
import type { StatisticsStore } from '../usage/statistics-store.ts';
import { type CallEvent, readEventLine } from './event-line.ts';
import type { KeyOwnerStore } from './key-owner-store.ts';
import type { RouteTable } from './route-table.ts';

export const MOST_EVENT_BYTES = 1024 * 1024;
export const MOST_EVENT_LINES = 5000;
/** Days of hours are kept for that long, so older events would have no place. */
const OLDEST_MS = 30 * 24 * 3_600_000;
/** Clocks differ a little. */
const NEWEST_MS = 5 * 60_000;
const MOST_ERRORS = 50;
/** Calls that arrive meanwhile are answered in between. */
const LINES_PER_TURN = 100;

export interface AcceptEventsDeps {
  statistics: Pick<StatisticsStore, 'findEvents' | 'addEvents'>;
  owners: KeyOwnerStore;
  routes: () => RouteTable;
}

/** What became of the lines of a batch. */
export interface EventsResult {
  accepted: number;
  /** Blank lines, and calls without a key of ours. */
  ignored: number;
  rejected: number;
  /** The first ones; lines count from 1. */
  errors: readonly { line: number; error: string }[];
}

export type AcceptEventsResult =
  { ok: true; result: EventsResult; isRepeated: boolean } | { ok: false; reason: 'too_many_lines' | 'batch_id_reused' };

interface Reading {
  ignored: number;
  events: { line: number; event: CallEvent }[];
  errors: { line: number; error: string }[];
}

/**
 * Counts the answered calls of a piece of an access log. A line that cannot be read does not stop the others. A batch
 * id counts once: sent again with the same body it is answered as the first time, with another it is refused.
 */
export async function acceptEvents(
  deps: AcceptEventsDeps,
  { batchId, body }: { batchId: string; body: string },
  nowMs: number,
): Promise<AcceptEventsResult> {
  const lines = body.split('\n');
  if (lines.length > MOST_EVENT_LINES + 1) return { ok: false, reason: 'too_many_lines' };
  const bodySha256 = sha256Hex(body);
  const known = await deps.statistics.findEvents(batchId);
  if (known) return repeated(known, bodySha256);
  const reading = await readLines(lines, nowMs);
  const { counts, accepted } = await countEvents(deps, reading);
  const { ignored, errors } = reading;
  errors.sort((one, other) => one.line - other.line);
  const result = { accepted, ignored, rejected: errors.length, errors: errors.slice(0, MOST_ERRORS) };
  const stored = await deps.statistics.addEvents(
    { id: batchId, bodySha256, result: JSON.stringify(result) },
    counts,
    nowMs,
  );
  // Sent twice at once: the other one was first.
  return stored.bodySha256 === bodySha256 ? { ok: true, result, isRepeated: false } : repeated(stored, bodySha256);
}

function repeated(stored: { bodySha256: string; result: string }, bodySha256: string): AcceptEventsResult {
  if (stored.bodySha256 !== bodySha256) return { ok: false, reason: 'batch_id_reused' };
  return { ok: true, result: JSON.parse(stored.result) as EventsResult, isRepeated: true };
}

async function readLines(lines: readonly string[], nowMs: number): Promise<Reading> {
  const reading: Reading = { ignored: 0, events: [], errors: [] };
  for (const [index, text] of lines.entries()) {
    if (index % LINES_PER_TURN === LINES_PER_TURN - 1) await nextTurn();
    const line = index + 1;
    if (text.trim() === '') {
      // What follows the last line break is no line.
      if (line < lines.length) reading.ignored += 1;
      continue;
    }
    const read = readEventLine(text);
    if (!read.ok) reading.errors.push({ line, error: read.reason });
    else if (read.event.keyId === '') reading.ignored += 1;
    else if (read.event.atMs > nowMs + NEWEST_MS || read.event.atMs < nowMs - OLDEST_MS)
      reading.errors.push({ line, error: 'the time must be within the last 30 days' });
    else reading.events.push({ line, event: read.event });
  }
  return reading;
}

async function countEvents({ owners, routes }: AcceptEventsDeps, { events, errors }: Reading) {
  const applications = await owners.applicationsOf([...new Set(events.map(({ event }) => event.keyId))]);
  const tally = createCallTally();
  const table = routes();
  let accepted = 0;
  for (const { line, event } of events) {
    const applicationId = applications.get(event.keyId);
    if (applicationId === undefined) {
      errors.push({ line, error: 'there is no such key' });
      continue;
    }
    accepted += 1;
    const atMs = event.atMs - Math.round(event.latencyMs ?? 0);
    tally.noteAnswer({ ...event, ...publishedPart(table, event), atMs, applicationId });
  }
  return { counts: tally.take(Infinity).counts, accepted };
}

/** Only names that are published: what a log says must not make rows without end. */
function publishedPart(table: RouteTable, { api, version, operationId }: CallEvent) {
  const route = table.version(api, version);
  if (!route) return { api: table.hasApi(api) ? api : '', version: '', operationId: '' };
  const isPublished = route.operations.some((operation) => operation.operationId === operationId);
  return { api, version, operationId: isPublished ? operationId : '' };
}
