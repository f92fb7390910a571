import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';

import { readInChunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { AuditEntry } from './audit-log.ts';
import type { AuditFilter, AuditQuery, AuditScope } from './audit-query.ts';
import { toEntry } from './audit-store.ts';

export interface AuditReadingStore {
  /** Newest first. The caller decides who may see it. */
  page(scope: AuditScope, query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** What the ids in these entries are called. */
  names(entries: readonly AuditEntry[]): Promise<AuditNames>;
  /** Accounts that belong to these teams. */
  members(teamIds: readonly string[]): Promise<readonly { accountId: string; email: string }[]>;
  /** Where the chain ends. */
  head(): Promise<{ sequence: number; hash: string }>;
}

export interface AuditNames {
  /** E-mail address by account id. */
  accounts: ReadonlyMap<string, string>;
  keys: ReadonlyMap<string, { name: string; applicationId: string }>;
  applications: ReadonlyMap<string, string>;
  teams: ReadonlyMap<string, string>;
}

type Entries = SelectQueryBuilder<PortalSchema, 'audit_entry', PortalSchema['audit_entry']>;

export function createAuditReadingStore({ kysely }: Database<PortalSchema>): AuditReadingStore {
  return {
    async page(scope, { filter, beforeSequence, limit }) {
      // One read for each index that has them in order, put together here: a condition with "or" would sort them all.
      const reads = sourcesOf(kysely, scope).map((source) =>
        narrow(source, filter, scope)
          .$if(beforeSequence !== null, (query) => query.where('sequence', '<', beforeSequence ?? 0))
          .orderBy('sequence', 'desc')
          .limit(limit)
          .execute(),
      );
      const rows = (await Promise.all(reads)).flat().sort((a, b) => b.sequence - a.sequence);
      return rows.slice(0, limit).map(toEntry);
    },
    names: (entries) => readNames(kysely, entries),
    members: (teamIds) =>
      kysely
        .selectFrom('account')
        .select(['id as accountId', 'email'])
        .where('id', 'in', (query) =>
          query
            .selectFrom('team_member')
            .select('account_id')
            .where('team_id', 'in', [...teamIds]),
        )
        .orderBy('email')
        .limit(200)
        .execute(),
    head: () =>
      kysely.selectFrom('audit_head').select(['sequence', 'hash']).where('id', '=', 1).executeTakeFirstOrThrow(),
  };
}

function sourcesOf(kysely: Kysely<PortalSchema>, scope: AuditScope): Entries[] {
  const entries = () => kysely.selectFrom('audit_entry').selectAll();
  if (scope === 'everything') return [entries()];
  const own = entries().where('subject', '=', scope.accountId).where('team_id', 'is', null);
  return [...scope.teamIds.map((teamId) => entries().where('team_id', '=', teamId)), own];
}

function narrow(entries: Entries, filter: AuditFilter, scope: AuditScope): Entries {
  const { area, applicationId, actor, subject, fromMs, untilMs } = filter;
  return (
    entries
      .$if(area !== null, (query) => query.where('action', 'like', `${area ?? ''}.%`))
      .$if(actor !== null && actor !== 'others', (query) => query.where('actor', '=', actor ?? ''))
      .$if(actor === 'others', (query) => query.where(sql<boolean>`actor <> 'system'`).where(isOutside(scope)))
      .$if(subject !== null, (query) => query.where('subject', '=', subject ?? ''))
      .$if(fromMs !== null, (query) => query.where('at_ms', '>=', fromMs ?? 0))
      .$if(untilMs !== null, (query) => query.where('at_ms', '<', untilMs ?? 0))
      // Whose application it is need not be asked: the entries themselves belong to the team.
      .$if(applicationId !== null, (query) =>
        query.where((row) =>
          row.or([
            row('subject', '=', applicationId ?? ''),
            row(
              'subject',
              'in',
              row
                .selectFrom('api_key')
                .select('api_key.id')
                .where('application_id', '=', applicationId ?? ''),
            ),
          ]),
        ),
      )
  );
}

/** Done by somebody who is no member of the teams. */
function isOutside(scope: AuditScope) {
  const teamIds = scope === 'everything' ? [] : scope.teamIds;
  if (teamIds.length === 0) return sql<boolean>`1 = 1`;
  return sql<boolean>`actor not in (select account_id from team_member where team_id in (${sql.join([...teamIds])}))`;
}

async function readNames(kysely: Kysely<PortalSchema>, entries: readonly AuditEntry[]): Promise<AuditNames> {
  const subjects = entries.map(({ subject }) => subject);
  const idsLike = (prefix: string, more: readonly (string | null)[] = []) => [
    ...new Set([...subjects, ...more].filter((id) => id?.startsWith(prefix)) as string[]),
  ];
  const accounts = await readInChunks(
    idsLike(
      'acc_',
      entries.map(({ actor }) => actor),
    ),
    (ids) => kysely.selectFrom('account').select(['id', 'email']).where('id', 'in', ids).execute(),
  );
  const keys = await readInChunks(idsLike('key_'), (ids) =>
    kysely.selectFrom('api_key').select(['id', 'name', 'application_id']).where('id', 'in', ids).execute(),
  );
  const applications = await readInChunks(
    [...new Set([...idsLike('app_'), ...keys.map((key) => key.application_id)])],
    (ids) => kysely.selectFrom('application').select(['id', 'name']).where('id', 'in', ids).execute(),
  );
  const teams = await readInChunks(
    idsLike(
      'team_',
      entries.map(({ teamId }) => teamId),
    ),
    (ids) => kysely.selectFrom('team').select(['id', 'name']).where('id', 'in', ids).execute(),
  );
  return {
    accounts: new Map(accounts.map(({ id, email }) => [id, email])),
    keys: new Map(keys.map(({ id, name, application_id }) => [id, { name, applicationId: application_id }])),
    applications: new Map(applications.map(({ id, name }) => [id, name])),
    teams: new Map(teams.map(({ id, name }) => [id, name])),
  };
}
