import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Kysely } from 'kysely';

import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type AuditEntry, type ChainResult, entryHash } from './audit-log.ts';

const ROWS_PER_READ = 1000;

export interface AuditStore {
  /** What happened to one thing, newest first. The caller decides who may see it. */
  entriesOf(subject: string, limit: number): Promise<readonly AuditEntry[]>;
  /** Recomputes the whole chain; writers are not held up. */
  verifyChain(): Promise<ChainResult>;
}

type AuditRow = PortalSchema['audit_entry'];

export function createAuditStore({ kysely }: Database<PortalSchema>): AuditStore {
  return {
    entriesOf: async (subject, limit) => {
      const rows = await kysely
        .selectFrom('audit_entry')
        .selectAll()
        .where('subject', '=', subject)
        .orderBy('sequence', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toEntry);
    },
    verifyChain: () => verifyChain(kysely),
  };
}

export function toEntry(row: AuditRow): AuditEntry {
  return {
    sequence: row.sequence,
    atMs: row.at_ms,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    teamId: row.team_id,
    details: JSON.parse(row.details) as AuditEntry['details'],
    hash: row.hash,
  };
}

async function verifyChain(kysely: Kysely<PortalSchema>): Promise<ChainResult> {
  // Read before the head: an entry and its head are committed together, so none can lie beyond a later head.
  const { lowest, highest } = await outermost(kysely);
  const head = await kysely
    .selectFrom('audit_head')
    .select(['sequence', 'hash'])
    .where('id', '=', 1)
    .executeTakeFirst();
  if (!head || (lowest !== null && lowest < 1)) return { ok: false, brokenAt: 1 };
  let last = { sequence: 0, hash: '' };
  while (last.sequence < head.sequence) {
    const rows = await rowsAfter(kysely, last.sequence, head.sequence);
    if (rows.length === 0) return { ok: false, brokenAt: last.sequence + 1 };
    // A long log must not keep others waiting.
    await nextTurn();
    for (const row of rows) {
      if (!follows(row, last)) return { ok: false, brokenAt: last.sequence + 1 };
      last = row;
    }
  }
  if (last.hash !== head.hash) return { ok: false, brokenAt: head.sequence };
  if (highest !== null && highest > head.sequence) return { ok: false, brokenAt: head.sequence + 1 };
  return { ok: true, ...head };
}

function outermost(kysely: Kysely<PortalSchema>): Promise<{ lowest: number | null; highest: number | null }> {
  return kysely
    .selectFrom('audit_entry')
    .select(({ fn }) => [
      fn.min<number | null>('sequence').as('lowest'),
      fn.max<number | null>('sequence').as('highest'),
    ])
    .executeTakeFirstOrThrow();
}

function rowsAfter(kysely: Kysely<PortalSchema>, sequence: number, lastSequence: number): Promise<AuditRow[]> {
  return kysely
    .selectFrom('audit_entry')
    .selectAll()
    .where('sequence', '>', sequence)
    .where('sequence', '<=', lastSequence)
    .orderBy('sequence')
    .limit(ROWS_PER_READ)
    .execute();
}

function follows(row: AuditRow, previous: { sequence: number; hash: string }): boolean {
  return row.sequence === previous.sequence + 1 && row.previous_hash === previous.hash && row.hash === entryHash(row);
}
