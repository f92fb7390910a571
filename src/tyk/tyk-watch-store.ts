import { type Transaction, sql } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import { readInChunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';

/** Follows the audit log: no change of a key, an application or the catalog happens without an entry there. */
export interface TykWatchStore {
  /** Makes every key due that new entries may concern, and remembers how far it read; true when there may be more. */
  follow(nowMs: number): Promise<boolean>;
  /** Makes every key due, as after a change of the settings; what stands in the log so far is then taken care of. */
  changeAll(nowMs: number): Promise<void>;
  /** Makes every key due for a comparison, when one is asked for or the last began before `beforeMs`. */
  beginCheck(beforeMs: number, nowMs: number): Promise<boolean>;
  askForCheck(audit: AuditRecord): Promise<void>;
  /** `problem` '' when Tyk answered as it should. */
  noteContact(problem: string, nowMs: number): Promise<void>;
  watch(): Promise<TykWatch>;
}

export interface TykWatch {
  /** When Tyk last answered as it should; null: never. */
  seenAtMs: number | null;
  checkedAtMs: number | null;
  checkWanted: boolean;
  problem: string;
}

const ENTRIES_PER_LOOK = 500;
const THE_ROW = 1;

export function createTykWatchStore({ kysely }: Database<PortalSchema>): TykWatchStore {
  const row = () => kysely.updateTable('tyk_watch').where('id', '=', THE_ROW);
  return {
    follow: (nowMs) => kysely.transaction().execute((transaction) => follow(transaction, nowMs)),
    changeAll: (nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        await lockWatch(transaction);
        const head = transaction.selectFrom('audit_head').select('sequence').where('id', '=', 1);
        await transaction.updateTable('tyk_watch').set({ audit_sequence: head }).execute();
        await transaction
          .updateTable('tyk_key')
          .set({ due_at_ms: nowMs, mark: sql`mark + 1` })
          .where('tyk_hash', '!=', '')
          .execute();
      }),
    beginCheck: (beforeMs, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const { check_wanted: wanted, checked_at_ms: checkedAtMs } = await lockWatch(transaction);
        if (wanted === 0 && checkedAtMs !== null && checkedAtMs > beforeMs) return false;
        await transaction.updateTable('tyk_watch').set({ checked_at_ms: nowMs, check_wanted: 0 }).execute();
        await transaction.updateTable('tyk_key').set({ due_at_ms: nowMs }).where('tyk_hash', '!=', '').execute();
        return true;
      }),
    askForCheck: (audit) =>
      kysely.transaction().execute(async (transaction) => {
        await lockWatch(transaction);
        await transaction.updateTable('tyk_watch').set({ check_wanted: 1 }).execute();
        await appendAudit(transaction, audit);
      }),
    async noteContact(problem, nowMs) {
      await row()
        .set({ problem, ...(problem === '' ? { seen_at_ms: nowMs } : {}) })
        .execute();
    },
    async watch() {
      const found = await kysely.selectFrom('tyk_watch').selectAll().executeTakeFirst();
      return {
        seenAtMs: found?.seen_at_ms ?? null,
        checkedAtMs: found?.checked_at_ms ?? null,
        checkWanted: found?.check_wanted === 1,
        problem: found?.problem ?? '',
      };
    },
  };
}

/** The one row, held until the transaction ends. */
function lockWatch(transaction: Transaction<PortalSchema>) {
  return transaction
    .updateTable('tyk_watch')
    .set({ id: THE_ROW })
    .where('id', '=', THE_ROW)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function follow(transaction: Transaction<PortalSchema>, nowMs: number): Promise<boolean> {
  const { audit_sequence: since } = await lockWatch(transaction);
  const entries = await transaction
    .selectFrom('audit_entry')
    .select(['sequence', 'subject'])
    .where('sequence', '>', since)
    .orderBy('sequence')
    .limit(ENTRIES_PER_LOOK)
    .execute();
  const last = entries.at(-1);
  if (!last) return false;
  const subjects = [...new Set(entries.map(({ subject }) => subject))];
  const due = transaction
    .updateTable('tyk_key')
    .set({ due_at_ms: nowMs, mark: sql`mark + 1` })
    .where('tyk_hash', '!=', '');
  if (subjects.includes('catalog')) await due.execute();
  else {
    await readInChunks(subjects, async (chunk) => {
      const ofApplications = transaction
        .selectFrom('api_key')
        .innerJoin('application', 'application.id', 'api_key.application_id')
        .select('api_key.id')
        .where((one) => one.or([one('application.id', 'in', chunk), one('application.team_id', 'in', chunk)]));
      await due.where((one) => one.or([one('key_id', 'in', chunk), one('key_id', 'in', ofApplications)])).execute();
      return [];
    });
  }
  await transaction.updateTable('tyk_watch').set({ audit_sequence: last.sequence }).execute();
  return entries.length === ENTRIES_PER_LOOK;
}
