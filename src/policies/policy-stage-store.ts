import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import { chunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import { enqueue, enqueueAll } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type PolicyDates, type PolicyStage, STAGES, type SecurityPolicy } from './policy.ts';
import { dateColumns } from './policy-row.ts';
import type { HitKey } from './simulate-policy.ts';

/** A policy on its way to another stage. */
export interface PolicyMove {
  /** As it was read: when it was changed since, nothing happens. */
  policy: SecurityPolicy;
  to: PolicyStage;
  dates: PolicyDates;
  /** Whom it would hit now. */
  hit: readonly HitKey[];
  /** Account id, or `system`. */
  actor: string;
  nowMs: number;
}

/** A key whose team was told that a policy would hit it. */
export interface ToldKey {
  keyId: string;
  teamId: string;
  toldAtMs: number;
}

export interface PolicyStageStore {
  /**
   * Moves a policy, and in the same transaction tells those it concerns: who is hit when it becomes more serious, who
   * was told before when it becomes less so. False when it was changed since it was read, so that each move happens once.
   */
  move(move: PolicyMove, random: Random): Promise<boolean>;
  /** Keys whose teams were told, the earliest first. */
  told(policyId: string): Promise<readonly ToldKey[]>;
}

type Db = Transaction<PortalSchema>;

/** Few enough rows for one statement, whatever the number of columns. */
const MAILS_PER_STATEMENT = 200;
const TEAMS_PER_EVENT = 200;

export function createPolicyStageStore({ kysely }: Database<PortalSchema>): PolicyStageStore {
  return {
    move: (move, random) =>
      kysely.transaction().execute(async (transaction) => {
        const { policy, to, dates, actor, nowMs } = move;
        const row = await transaction
          .updateTable('security_policy')
          .set({ stage: to, ...dateColumns(dates), revision: policy.revision + 1 })
          .where('id', '=', policy.id)
          .where('stage', '=', policy.stage)
          .where('revision', '=', policy.revision)
          .returning('id')
          .executeTakeFirst();
        if (!row) return false;
        const teamIds = await tellTeams(transaction, move, random);
        const details = { from: policy.stage, to, title: policy.title, teams: teamIds.length };
        const entry = { atMs: nowMs, actor, action: 'policy.stage_changed', subject: policy.id, teamId: null };
        await appendAudit(transaction, { ...entry, details });
        await emit(transaction, move, teamIds, random);
        return true;
      }),
    async told(policyId) {
      return kysely
        .selectFrom('policy_told')
        .select(['key_id as keyId', 'team_id as teamId', 'told_at_ms as toldAtMs'])
        .where('policy_id', '=', policyId)
        .orderBy('told_at_ms')
        .orderBy('key_id')
        .execute();
    },
  };
}

/** Mails of the teams concerned; returns which those are. */
async function tellTeams(transaction: Db, move: PolicyMove, random: Random): Promise<string[]> {
  const { policy, to, hit, nowMs } = move;
  const isMilder = to === 'withdrawn' || STAGES.indexOf(to) < STAGES.indexOf(policy.stage as (typeof STAGES)[number]);
  if (!isMilder) await noteTold(transaction, move);
  const teamIds = isMilder ? await toldTeams(transaction, policy.id) : [...new Set(hit.map(({ teamId }) => teamId))];
  // That calls are being counted changes nothing for anybody.
  if (!isMilder && to === 'observed') return teamIds;
  for await (const accountIds of memberPortions(transaction, teamIds)) {
    const payloads = accountIds.map((accountId) => ({ accountId, policyId: policy.id, stage: to, isMilder }));
    await enqueueAll(transaction, { kind: 'mail.policy_stage', payloads, random, nowMs });
  }
  return teamIds;
}

/** Notes that the teams of these keys know; the first time counts. */
export async function noteTold(
  transaction: Db,
  { policy, hit, nowMs }: Pick<PolicyMove, 'policy' | 'hit' | 'nowMs'>,
): Promise<void> {
  for (const keys of chunks(hit)) {
    await transaction
      .insertInto('policy_told')
      .values(
        keys.map(({ keyId, teamId, broken }) => ({
          policy_id: policy.id,
          key_id: keyId,
          team_id: teamId,
          rule: broken[0] ?? '',
          told_at_ms: nowMs,
        })),
      )
      .onConflict((conflict) => conflict.columns(['policy_id', 'key_id']).doNothing())
      .execute();
  }
}

async function toldTeams(transaction: Db, policyId: string): Promise<string[]> {
  const rows = await transaction
    .selectFrom('policy_told')
    .select('team_id')
    .distinct()
    .where('policy_id', '=', policyId)
    .orderBy('team_id')
    .execute();
  return rows.map((row) => row.team_id);
}

/** Ids of accounts to mail, in portions for one statement each. */
export async function* memberPortions(transaction: Db, teamIds: readonly string[]): AsyncGenerator<readonly string[]> {
  for (const ids of chunks(teamIds)) {
    const accounts = await membersOf(transaction, ids);
    for (let start = 0; start < accounts.length; start += MAILS_PER_STATEMENT)
      yield accounts.slice(start, start + MAILS_PER_STATEMENT).map(({ id }) => id);
  }
}

/** For one event each; at least one, since owners are told also when no team is concerned. */
export function teamPortions(teamIds: readonly string[]): readonly (readonly string[])[] {
  const groups: (readonly string[])[] = [teamIds.slice(0, TEAMS_PER_EVENT)];
  for (let start = TEAMS_PER_EVENT; start < teamIds.length; start += TEAMS_PER_EVENT)
    groups.push(teamIds.slice(start, start + TEAMS_PER_EVENT));
  return groups;
}

/** Members who can act on it. Addresses that were never verified get no mail: they may be somebody else's. */
function membersOf(transaction: Db, teamIds: readonly string[]): Promise<{ id: string }[]> {
  return transaction
    .selectFrom('team_member')
    .innerJoin('account', 'account.id', 'team_member.account_id')
    .select('account.id')
    .distinct()
    .where('team_member.team_id', 'in', teamIds)
    .where('team_member.role', '!=', 'viewer')
    .where('account.email_verified_at_ms', 'is not', null)
    .where('account.suspended_at_ms', 'is', null)
    .orderBy('account.id')
    .execute();
}

async function emit(transaction: Db, move: PolicyMove, teamIds: readonly string[], random: Random): Promise<void> {
  const { policy, to, dates, nowMs } = move;
  const about = { policyId: policy.id, slug: policy.slug, title: policy.title };
  for (const [index, group] of teamPortions(teamIds).entries()) {
    const whom = { teamId: null, applicationId: null, atMs: nowMs, teamIds: group };
    const onceKey = `policy ${policy.id} ${policy.revision} ${index}`;
    if (policy.stage === 'draft' && to === 'announced') {
      const data = { ...about, enforcedAtMs: dates.enforced };
      const payload = { ...whom, type: 'policy.announced' as const, data, onceKey: `${onceKey} announced` };
      await enqueue(transaction, { kind: 'event', payload, random, nowMs });
    }
    const data = { ...about, from: policy.stage, to };
    const payload = { ...whom, type: 'policy.stage_changed' as const, data, onceKey };
    await enqueue(transaction, { kind: 'event', payload, random, nowMs });
  }
}
