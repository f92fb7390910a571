import type { Transaction } from 'kysely';

import { endSignIns } from '../sessions/session-store.ts';
import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue, enqueueAll } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { countOwners, lockOwners } from './owner-row.ts';
import type { SuspendResult, SuspensionChange } from './suspension.ts';

/** What owners pause and let go on. The verifier reads applications and teams with each key, so it counts at once. */
export interface SuspensionStore {
  suspend(change: SuspensionChange): Promise<SuspendResult>;
  resume(change: SuspensionChange): Promise<SuspendResult>;
}

type Db = Transaction<PortalSchema>;

export function createSuspensionStore({ kysely }: Database<PortalSchema>, random: Random): SuspensionStore {
  return {
    suspend: (change) => kysely.transaction().execute((transaction) => apply(transaction, change, true, random)),
    resume: (change) => kysely.transaction().execute((transaction) => apply(transaction, change, false, random)),
  };
}

async function apply(
  transaction: Db,
  change: SuspensionChange,
  isSuspended: boolean,
  random: Random,
): Promise<SuspendResult> {
  const { kind, id, message, byAccountId, nowMs } = change;
  if (kind === 'account' && isSuspended && (await isLastOwner(transaction, id))) {
    return { ok: false, reason: 'last_owner' };
  }
  const row = await transaction
    .updateTable(kind)
    .set({ suspended_at_ms: isSuspended ? nowMs : null, suspend_message: isSuspended ? message : null })
    .where('id', '=', id)
    .where('suspended_at_ms', isSuspended ? 'is' : 'is not', null)
    .returning('id')
    .executeTakeFirst();
  if (!row) return { ok: false, reason: (await isThere(transaction, kind, id)) ? 'state_conflict' : 'not_found' };
  const about = await subjectOf(transaction, kind, id);
  const ended = kind === 'account' && isSuspended ? await endAccess(transaction, id, nowMs) : {};
  const action = `${kind}.${isSuspended ? 'suspended' : 'resumed'}`;
  const audit: AuditRecord = {
    atMs: nowMs,
    actor: byAccountId,
    action,
    subject: id,
    teamId: about.teamId,
    details: { name: about.name, message, ...ended },
  };
  await appendAudit(transaction, audit);
  const recipients = kind === 'account' ? [id] : await membersOf(transaction, about.teamId ?? '');
  const payloads = recipients.map((accountId) => ({ accountId, kind, name: about.name, isSuspended, message }));
  await enqueueAll(transaction, { kind: 'mail.suspension', payloads, random, nowMs });
  if (kind !== 'account') await tell(transaction, change, about.teamId, isSuspended, random);
  return { ok: true };
}

/** Of owners that are not suspended; all of them are locked. */
async function isLastOwner(transaction: Db, accountId: string): Promise<boolean> {
  await lockOwners(transaction);
  const account = await transaction.selectFrom('account').select('role').where('id', '=', accountId).executeTakeFirst();
  return account?.role === 'owner' && (await countOwners(transaction, accountId)) === 0;
}

async function isThere(transaction: Db, kind: SuspensionChange['kind'], id: string): Promise<boolean> {
  return (await transaction.selectFrom(kind).select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

async function subjectOf(
  transaction: Db,
  kind: SuspensionChange['kind'],
  id: string,
): Promise<{ name: string; teamId: string | null }> {
  if (kind === 'account') {
    const account = await transaction
      .selectFrom('account')
      .select('email')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return { name: account.email, teamId: null };
  }
  if (kind === 'team') {
    const team = await transaction.selectFrom('team').select('name').where('id', '=', id).executeTakeFirstOrThrow();
    return { name: team.name, teamId: id };
  }
  const application = await transaction
    .selectFrom('application')
    .select(['name', 'team_id'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { name: application.name, teamId: application.team_id };
}

/** Sessions and access tokens end for good: after resuming, the person signs in and makes new ones. */
async function endAccess(transaction: Db, accountId: string, nowMs: number) {
  const sessions = await endSignIns(transaction, accountId);
  const tokens = await transaction
    .updateTable('access_token')
    .set({ revoked_at_ms: nowMs, revoke_reason: 'The account was suspended.' })
    .where('account_id', '=', accountId)
    .where('revoked_at_ms', 'is', null)
    .returning('id')
    .execute();
  return { sessions, accessTokens: tokens.length };
}

async function membersOf(transaction: Db, teamId: string): Promise<string[]> {
  const rows = await transaction
    .selectFrom('team_member')
    .innerJoin('account', 'account.id', 'team_member.account_id')
    .select('account.id')
    .where('team_member.team_id', '=', teamId)
    .where('team_member.role', '!=', 'viewer')
    .where('account.email_verified_at_ms', 'is not', null)
    .where('account.suspended_at_ms', 'is', null)
    .orderBy('account.id')
    .execute();
  return rows.map(({ id }) => id);
}

async function tell(
  transaction: Db,
  { kind, id, message, nowMs }: SuspensionChange,
  teamId: string | null,
  isSuspended: boolean,
  random: Random,
): Promise<void> {
  const about = { teamId, atMs: nowMs, data: { message } };
  const payload =
    kind === 'team'
      ? { ...about, applicationId: null, type: isSuspended ? ('team.suspended' as const) : ('team.resumed' as const) }
      : {
          ...about,
          applicationId: id,
          type: isSuspended ? ('application.suspended' as const) : ('application.resumed' as const),
        };
  await enqueue(transaction, { kind: 'event', payload, random, nowMs });
}
