import { setImmediate as nextTurn } from 'node:timers/promises';

import { CSV_START, csvLine } from '../platform/csv.ts';
import type { AuditFilter } from './audit-query.ts';
import type { AuditReadingStore } from './audit-reading-store.ts';
import { type AuditLine, type AuditReader, readAudit } from './read-audit.ts';

export type AuditFormat = 'csv' | 'ndjson';

const LINES_PER_READ = 500;

const COLUMNS = [
  'time',
  'action',
  'subject',
  'subject_name',
  'application',
  'actor',
  'actor_name',
  'address',
  'team',
  'details',
] as const;

/**
 * All entries of a filter as text, newest first, in pieces: however many there are, a few hundred are in memory, and
 * others are answered between two pieces. Owners get what the chain needs to be checked elsewhere as well.
 */
export async function* exportAudit(
  store: AuditReadingStore,
  reader: AuditReader,
  { format, filter }: { format: AuditFormat; filter: AuditFilter },
): AsyncGenerator<string> {
  const withChain = reader.scope === 'everything';
  if (format === 'csv') yield CSV_START + csvLine([...COLUMNS, ...(withChain ? ['sequence', 'hash'] : [])]);
  let beforeSequence: number | null = null;
  do {
    const page = await readAudit(store, reader, { filter, beforeSequence, limit: LINES_PER_READ });
    const write = format === 'csv' ? csvOf : jsonOf;
    if (page.lines.length > 0) yield page.lines.map((line) => write(line, withChain)).join('');
    beforeSequence = page.nextBeforeSequence;
    await nextTurn();
  } while (beforeSequence !== null);
}

function csvOf(line: AuditLine, withChain: boolean): string {
  const { action, subject, subjectName, applicationId, actor, actorName, address, teamId, details } = line;
  const time = new Date(line.atMs).toISOString();
  const cells = [time, action, subject, subjectName, applicationId, actor, actorName, address, teamId];
  return csvLine([...cells, JSON.stringify(shown(details)), ...(withChain ? [line.sequence, line.hash] : [])]);
}

function jsonOf(line: AuditLine, withChain: boolean): string {
  const { action, subject, subjectName, applicationId, actor, actorName, address, teamId, details } = line;
  const entry = {
    time: new Date(line.atMs).toISOString(),
    action,
    subject,
    subjectName,
    applicationId,
    actor,
    actorName,
    address,
    teamId,
    // The chain is computed over all of them, in this order.
    details: withChain ? details : shown(details),
    ...(withChain ? { atMs: line.atMs, sequence: line.sequence, hash: line.hash } : {}),
  };
  return `${JSON.stringify(entry)}\n`;
}

/** Without the address, which has a place of its own. */
function shown(details: AuditLine['details']): AuditLine['details'] {
  return Object.fromEntries(Object.entries(details).filter(([name]) => name !== 'address'));
}
