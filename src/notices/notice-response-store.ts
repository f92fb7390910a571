import type { Kysely } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { MailPreference, Wording } from './notice.ts';

/** What people did with notices: read, acknowledge, choose how to be told. */
export interface NoticeResponseStore {
  markRead(wording: Wording, accountId: string, nowMs: number): Promise<void>;
  /** For these teams; what is acknowledged already stays as it is. */
  acknowledge(wording: Wording, accountId: string, teamIds: readonly string[], nowMs: number): Promise<void>;
  acknowledgements(teamIds: readonly string[]): Promise<readonly Acknowledgement[]>;
  /** What the teams did with one wording; each time is the earliest of a team. */
  responses(wording: Wording): Promise<ReadonlyMap<string, TeamResponse>>;
  counts(): Promise<readonly ResponseCounts[]>;
  preference(accountId: string): Promise<MailPreference>;
  /** Nothing happens when it is so already. */
  changePreference(change: PreferenceChange): Promise<void>;
}

export interface Acknowledgement extends Wording {
  teamId: string;
  atMs: number;
}

export interface TeamResponse {
  /** When a mail was queued; null while the digest is waited for, and without mail. */
  toldAtMs: number | null;
  readAtMs: number | null;
  acknowledgedAtMs: number | null;
}

/** Of one wording. */
export interface ResponseCounts extends Wording {
  /** Accounts. */
  told: number;
  read: number;
  /** Teams. */
  acknowledged: number;
}

export interface PreferenceChange {
  accountId: string;
  mail: MailPreference;
  /** Where it was chosen. */
  by: 'page' | 'link';
  nowMs: number;
}

export function createNoticeResponseStore({ kysely }: Database<PortalSchema>): NoticeResponseStore {
  return {
    async markRead({ slug, revisionAtMs }, accountId, nowMs) {
      await kysely
        .insertInto('notice_reading')
        .values({ notice_slug: slug, revision_at_ms: revisionAtMs, account_id: accountId, read_at_ms: nowMs })
        .onConflict((conflict) => conflict.columns(['notice_slug', 'revision_at_ms', 'account_id']).doNothing())
        .execute();
    },
    acknowledge: ({ slug, revisionAtMs }, accountId, teamIds, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const wording = { notice_slug: slug, revision_at_ms: revisionAtMs };
        const rows = teamIds.map((teamId) => ({ ...wording, team_id: teamId, account_id: accountId }));
        const added = await transaction
          .insertInto('notice_acknowledgement')
          .values(rows.map((row) => ({ ...row, acknowledged_at_ms: nowMs })))
          .onConflict((conflict) => conflict.columns(['notice_slug', 'revision_at_ms', 'team_id']).doNothing())
          .returning('team_id')
          .execute();
        const entry = { atMs: nowMs, actor: accountId, action: 'notice.acknowledged', subject: slug };
        for (const row of added)
          await appendAudit(transaction, { ...entry, teamId: row.team_id, details: { revisionAtMs } });
      }),
    async acknowledgements(teamIds) {
      if (teamIds.length === 0) return [];
      const rows = await kysely
        .selectFrom('notice_acknowledgement')
        .selectAll()
        .where('team_id', 'in', teamIds)
        .execute();
      return rows.map((row) => ({
        slug: row.notice_slug,
        revisionAtMs: row.revision_at_ms,
        teamId: row.team_id,
        atMs: row.acknowledged_at_ms,
      }));
    },
    responses: (wording) => readResponses(kysely, wording),
    counts: () => readCounts(kysely),
    async preference(accountId) {
      const row = await kysely
        .selectFrom('notice_preference')
        .select('mail')
        .where('account_id', '=', accountId)
        .executeTakeFirst();
      return row?.mail ?? 'digest';
    },
    changePreference: ({ accountId, mail, by, nowMs }) =>
      kysely.transaction().execute(async (transaction) => {
        const chosen = { mail, changed_at_ms: nowMs };
        const changed = await transaction
          .insertInto('notice_preference')
          .values({ account_id: accountId, ...chosen })
          .onConflict((conflict) =>
            conflict.column('account_id').doUpdateSet(chosen).where('notice_preference.mail', '!=', mail),
          )
          .returning('account_id')
          .executeTakeFirst();
        if (!changed) return;
        const entry = { actor: accountId, action: 'account.notice_mail_changed', subject: accountId, teamId: null };
        await appendAudit(transaction, { ...entry, atMs: nowMs, details: { mail, by } });
      }),
  };
}

async function readResponses(
  kysely: Kysely<PortalSchema>,
  { slug, revisionAtMs }: Wording,
): Promise<Map<string, TeamResponse>> {
  const told = await kysely
    .selectFrom('notice_delivery')
    .innerJoin('team_member', 'team_member.account_id', 'notice_delivery.account_id')
    .select(({ fn }) => ['team_id', fn.min('queued_at_ms').as('atMs')])
    .where('notice_slug', '=', slug)
    .where('revision_at_ms', '=', revisionAtMs)
    .groupBy('team_id')
    .execute();
  const read = await kysely
    .selectFrom('notice_reading')
    .innerJoin('team_member', 'team_member.account_id', 'notice_reading.account_id')
    .select(({ fn }) => ['team_id', fn.min('read_at_ms').as('atMs')])
    .where('notice_slug', '=', slug)
    .where('revision_at_ms', '=', revisionAtMs)
    .groupBy('team_id')
    .execute();
  const acknowledged = await kysely
    .selectFrom('notice_acknowledgement')
    .select(['team_id', 'acknowledged_at_ms as atMs'])
    .where('notice_slug', '=', slug)
    .where('revision_at_ms', '=', revisionAtMs)
    .execute();
  const responses = new Map<string, TeamResponse>();
  const note = (teamId: string, part: Partial<TeamResponse>): void => {
    const known = responses.get(teamId);
    if (known) Object.assign(known, part);
    else responses.set(teamId, { toldAtMs: null, readAtMs: null, acknowledgedAtMs: null, ...part });
  };
  for (const row of told) note(row.team_id, { toldAtMs: row.atMs });
  for (const row of read) note(row.team_id, { readAtMs: row.atMs });
  for (const row of acknowledged) note(row.team_id, { acknowledgedAtMs: row.atMs });
  return responses;
}

async function readCounts(kysely: Kysely<PortalSchema>): Promise<ResponseCounts[]> {
  const rowsOf = (table: 'notice_delivery' | 'notice_reading' | 'notice_acknowledgement') =>
    kysely
      .selectFrom(table)
      .select(['notice_slug', 'revision_at_ms'])
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .groupBy(['notice_slug', 'revision_at_ms']);
  const told = await rowsOf('notice_delivery').where('queued_at_ms', 'is not', null).execute();
  const read = await rowsOf('notice_reading').execute();
  const acknowledged = await rowsOf('notice_acknowledgement').execute();
  const counts = new Map<string, ResponseCounts>();
  const note = (rows: typeof told, part: (count: number) => Partial<ResponseCounts>): void => {
    for (const { notice_slug: slug, revision_at_ms: revisionAtMs, count } of rows) {
      const name = `${slug} ${revisionAtMs}`;
      const known = counts.get(name) ?? { slug, revisionAtMs, told: 0, read: 0, acknowledged: 0 };
      counts.set(name, { ...known, ...part(count) });
    }
  };
  note(told, (count) => ({ told: count }));
  note(read, (count) => ({ read: count }));
  note(acknowledged, (count) => ({ acknowledged: count }));
  return [...counts.values()];
}
