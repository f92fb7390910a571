import { type ExpressionBuilder, sql } from 'kysely';

import { readInChunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { MailPreference } from './notice.ts';
import { mayBeMailed } from './notice-delivery-store.ts';
import type { Holder } from './notice-impact.ts';

/** Whom notices can concern. */
export interface NoticeAudienceStore {
  /** Applications that have not been deleted, once for each of their keys, or once without one. */
  holders(apiSlug: string, among: HoldersAmong, nowMs: number): Promise<readonly Holder[]>;
  /** Members who can act and whose address is verified; the others get no mail. */
  recipients(teamIds: readonly string[]): Promise<readonly Recipient[]>;
  teamNames(teamIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export type HoldersAmong =
  | { kind: 'subscribed' }
  /** Subscribed or not. */
  | { kind: 'teams'; teamIds: readonly string[] }
  | { kind: 'keys'; keyIds: readonly string[] };

export interface Recipient {
  teamId: string;
  accountId: string;
  preference: MailPreference;
}

export function createNoticeAudienceStore({ kysely }: Database<PortalSchema>): NoticeAudienceStore {
  const holders = async (apiSlug: string, nowMs: number, condition: HolderCondition): Promise<Holder[]> => {
    const rows = await kysely
      .selectFrom('application')
      .leftJoin('subscription', (join) =>
        join
          .onRef('subscription.application_id', '=', 'application.id')
          .on('subscription.api_slug', '=', apiSlug)
          .on('subscription.ended_at_ms', 'is', null),
      )
      .leftJoin('api_key', 'api_key.application_id', 'application.id')
      .select(['team_id as teamId', 'application.id as applicationId', 'application.name as applicationName'])
      .select(['subscription.created_at_ms as subscribedAtMs', 'subscription.plan_slug as plan'])
      .select(['api_key.id as keyId', 'api_key.name as keyName', 'api_key.created_at_ms as keyCreatedAtMs'])
      .select(['revoked_at_ms as revokedAtMs', 'expires_at_ms as expiresAtMs'])
      .where('application.deleted_at_ms', 'is', null)
      .where(condition)
      .execute();
    return rows.map((row) => toHolder(row, nowMs));
  };
  return {
    async holders(apiSlug, among, nowMs) {
      if (among.kind === 'subscribed') return holders(apiSlug, nowMs, (row) => row('subscription.id', 'is not', null));
      const [ids, column] =
        among.kind === 'teams'
          ? ([among.teamIds, 'application.team_id'] as const)
          : ([among.keyIds, 'api_key.id'] as const);
      return readInChunks(ids, (chunk) => holders(apiSlug, nowMs, (row) => row(column, 'in', chunk)));
    },
    recipients: (teamIds) =>
      readInChunks(teamIds, (ids) =>
        kysely
          .selectFrom('team_member')
          .innerJoin('account', 'account.id', 'team_member.account_id')
          .leftJoin('notice_preference', 'notice_preference.account_id', 'account.id')
          .select(['team_id as teamId', 'account.id as accountId'])
          .select(sql<MailPreference>`coalesce(notice_preference.mail, 'digest')`.as('preference'))
          .where('team_id', 'in', ids)
          .where(mayBeMailed)
          .execute(),
      ),
    async teamNames(teamIds) {
      const rows = await readInChunks(teamIds, (ids) =>
        kysely.selectFrom('team').select(['id', 'name']).where('id', 'in', ids).execute(),
      );
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
}

type HolderCondition = (
  row: ExpressionBuilder<PortalSchema, 'application' | 'subscription' | 'api_key'>,
) => ReturnType<ExpressionBuilder<PortalSchema, 'application'>['and']>;

interface HolderRow {
  teamId: string;
  applicationId: string;
  applicationName: string;
  subscribedAtMs: number | null;
  plan: string | null;
  keyId: string | null;
  keyName: string | null;
  keyCreatedAtMs: number | null;
  revokedAtMs: number | null;
  expiresAtMs: number | null;
}

function toHolder(row: HolderRow, nowMs: number): Holder {
  const { teamId, applicationId, applicationName, subscribedAtMs, plan, keyId, revokedAtMs, expiresAtMs } = row;
  const isWorking = revokedAtMs === null && (expiresAtMs === null || expiresAtMs > nowMs);
  const key =
    keyId === null ? null : { id: keyId, name: row.keyName ?? '', createdAtMs: row.keyCreatedAtMs ?? 0, isWorking };
  return { teamId, applicationId, applicationName, subscribedAtMs, plan, key };
}
