import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';

/** Secret addresses under which calendar programs, which cannot sign in, read due dates: one for each account. */
export interface CalendarFeedStore {
  find(accountId: string): Promise<CalendarFeed | null>;
  /** The former address, if there is one, ends at once. */
  replace(accountId: string, tokenHash: Uint8Array, nowMs: number): Promise<void>;
  /** False when there was none. */
  end(accountId: string, nowMs: number): Promise<boolean>;
  /** Whose feed it is, and when it was read; null for an unknown token and for an account that is suspended. */
  read(tokenHash: Uint8Array, nowMs: number): Promise<{ accountId: string; teamIds: readonly string[] } | null>;
}

export interface CalendarFeed {
  createdAtMs: number;
  lastReadAtMs: number | null;
}

/** Calendar programs read every few minutes; noting it that often would only make the disk work. */
const NOTED_EVERY_MS = 60 * 60 * 1000;

export function createCalendarFeedStore({ kysely }: Database<PortalSchema>): CalendarFeedStore {
  return {
    async find(accountId) {
      const feeds = kysely.selectFrom('calendar_feed').select(['created_at_ms', 'last_read_at_ms']);
      const row = await feeds.where('account_id', '=', accountId).executeTakeFirst();
      return row ? { createdAtMs: row.created_at_ms, lastReadAtMs: row.last_read_at_ms } : null;
    },
    replace: (accountId, tokenHash, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const row = { token_hash: tokenHash, created_at_ms: nowMs, last_read_at_ms: null };
        await transaction
          .insertInto('calendar_feed')
          .values({ account_id: accountId, ...row })
          .onConflict((conflict) => conflict.column('account_id').doUpdateSet(row))
          .execute();
        await appendAudit(transaction, { ...entryOf(accountId, nowMs), action: 'calendar_feed.created' });
      }),
    end: (accountId, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const ended = await transaction
          .deleteFrom('calendar_feed')
          .where('account_id', '=', accountId)
          .returning('account_id')
          .executeTakeFirst();
        if (!ended) return false;
        await appendAudit(transaction, { ...entryOf(accountId, nowMs), action: 'calendar_feed.ended' });
        return true;
      }),
    async read(tokenHash, nowMs) {
      const feed = await kysely
        .selectFrom('calendar_feed')
        .innerJoin('account', 'account.id', 'calendar_feed.account_id')
        .select(['account_id', 'last_read_at_ms'])
        .where('token_hash', '=', tokenHash)
        .where('account.suspended_at_ms', 'is', null)
        .executeTakeFirst();
      if (!feed) return null;
      const accountId = feed.account_id;
      if ((feed.last_read_at_ms ?? 0) <= nowMs - NOTED_EVERY_MS) {
        const feeds = kysely.updateTable('calendar_feed').set({ last_read_at_ms: nowMs });
        await feeds.where('token_hash', '=', tokenHash).execute();
      }
      // Asked each time: who has left a team sees nothing of it any more.
      const members = kysely.selectFrom('team_member').select('team_id').where('account_id', '=', accountId);
      return { accountId, teamIds: (await members.execute()).map((row) => row.team_id) };
    },
  };
}

function entryOf(accountId: string, nowMs: number) {
  return { atMs: nowMs, actor: accountId, subject: accountId, teamId: null, details: {} };
}
