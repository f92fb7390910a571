import { type Transaction, sql } from 'kysely';

import { NO_PASSWORD_HASH } from '../passwords/password-hasher.ts';
import { endSignIns } from '../sessions/session-store.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type DeletionState, askedBeforeMs, deletionDueAtMs, emailOfDeleted, hasObstacles } from './deletion.ts';
import { findObstacles, findOwnTeams } from './obstacle-store.ts';

export interface DeletionStore {
  read(accountId: string): Promise<DeletionState>;
  /** Ends every session; false when somebody would be left without an admin or an owner. */
  ask(accountId: string, nowMs: number): Promise<boolean>;
  listDue(nowMs: number): Promise<readonly string[]>;
  /** Teams that go with it; their keys have to be revoked before `remove`. */
  ownTeams(accountId: string): Promise<DeletionState['ownTeams']>;
  /** False when it is not due any more, or somebody would be left without an admin or an owner. */
  remove(accountId: string, nowMs: number): Promise<boolean>;
}

type Db = Transaction<PortalSchema>;

export function createDeletionStore({ kysely }: Database<PortalSchema>, random: Random): DeletionStore {
  return {
    async read(accountId) {
      const row = await kysely
        .selectFrom('account')
        .select('deletion_asked_at_ms')
        .where('id', '=', accountId)
        .executeTakeFirst();
      const askedAtMs = row?.deletion_asked_at_ms ?? null;
      return {
        dueAtMs: askedAtMs === null ? null : deletionDueAtMs(askedAtMs),
        obstacles: await findObstacles(kysely, accountId),
        ownTeams: await findOwnTeams(kysely, accountId),
      };
    },
    ask: (accountId, nowMs) =>
      kysely.transaction().execute((transaction) => ask(transaction, accountId, random, nowMs)),
    async listDue(nowMs) {
      const due = kysely.selectFrom('account').select('id').where('deletion_asked_at_ms', '<=', askedBeforeMs(nowMs));
      return (await due.orderBy('id').execute()).map(({ id }) => id);
    },
    ownTeams: (accountId) => findOwnTeams(kysely, accountId),
    remove: (accountId, nowMs) =>
      kysely.transaction().execute((transaction) => remove(transaction, accountId, random, nowMs)),
  };
}

async function ask(transaction: Db, accountId: string, random: Random, nowMs: number): Promise<boolean> {
  await lockAccounts(transaction, accountId);
  if (hasObstacles(await findObstacles(transaction, accountId))) return false;
  const asked = { deletion_asked_at_ms: nowMs };
  await transaction.updateTable('account').set(asked).where('id', '=', accountId).execute();
  const sessions = await endSignIns(transaction, accountId);
  const entry = { actor: accountId, action: 'account.deletion_asked', subject: accountId, teamId: null };
  await appendAudit(transaction, { ...entry, atMs: nowMs, details: { dueAtMs: deletionDueAtMs(nowMs), sessions } });
  await enqueue(transaction, { kind: 'mail.deletion_asked', payload: { accountId, askedAtMs: nowMs }, random, nowMs });
  return true;
}

async function remove(transaction: Db, accountId: string, random: Random, nowMs: number): Promise<boolean> {
  await lockAccounts(transaction, accountId);
  const account = await transaction
    .selectFrom('account')
    .select('email')
    .where('id', '=', accountId)
    .where('deletion_asked_at_ms', '<=', askedBeforeMs(nowMs))
    .executeTakeFirst();
  if (!account || hasObstacles(await findObstacles(transaction, accountId))) return false;
  const teams = (await findOwnTeams(transaction, accountId)).map(({ id }) => id);
  for (const teamId of teams) await removeTeam(transaction, teamId, nowMs);
  await removeBelongings(transaction, accountId, account.email);
  const email = emailOfDeleted(accountId);
  await transaction
    .updateTable('account')
    .set({
      ...{ email, email_normalized: email, password_hash: NO_PASSWORD_HASH, role: 'developer' },
      ...{ email_verified_at_ms: null, suspended_at_ms: nowMs, suspend_message: null },
      ...{ deletion_asked_at_ms: null, deleted_at_ms: nowMs },
    })
    .where('id', '=', accountId)
    .execute();
  const entry = { actor: accountId, action: 'account.deleted', subject: accountId, teamId: null };
  await appendAudit(transaction, { ...entry, atMs: nowMs, details: { teams: teams.length } });
  await enqueue(transaction, { kind: 'mail.account_deleted', payload: { to: account.email }, random, nowMs });
  return true;
}

/** Changes nothing; of two who ask or are removed at once the second waits, and then looks anew. */
async function lockAccounts(transaction: Db, accountId: string): Promise<void> {
  const owners = transaction.selectFrom('account').select('id').where('role', '=', 'owner').orderBy('id');
  for (const { id } of await owners.execute()) await touch(transaction, id);
  await touch(transaction, accountId);
  const teams = transaction.selectFrom('team_member').select('team_id').where('account_id', '=', accountId);
  for (const { team_id } of await teams.orderBy('team_id').execute())
    await transaction
      .updateTable('team')
      .set({ name: sql.ref('name') })
      .where('id', '=', team_id)
      .execute();
}

async function touch(transaction: Db, id: string): Promise<void> {
  await transaction.updateTable('account').set({ id }).where('id', '=', id).execute();
}

/** Its keys are revoked by now. What was called, and the audit log, stay as they are. */
async function removeTeam(transaction: Db, teamId: string, nowMs: number): Promise<void> {
  const gone = { name: 'Deleted', description: '', deleted_at_ms: nowMs };
  const applications = transaction.updateTable('application').where('team_id', '=', teamId);
  await applications.set(gone).where('deleted_at_ms', 'is', null).execute();
  await transaction.deleteFrom('webhook_endpoint').where('team_id', '=', teamId).execute();
  await transaction.deleteFrom('invitation').where('team_id', '=', teamId).execute();
  await transaction
    .updateTable('team')
    .set({ name: 'Deleted', deleted_at_ms: nowMs })
    .where('id', '=', teamId)
    .execute();
}

/** Every row that is about the person. Access tokens take their repeated calls along. */
async function removeBelongings(transaction: Db, accountId: string, email: string): Promise<void> {
  await endSignIns(transaction, accountId);
  for (const table of [
    'team_member',
    'one_time_token',
    'totp_factor',
    'passkey_step',
    'recovery_code',
    'email_change',
    'access_token',
    'command_line_sign_in',
    'passkey',
    'linked_identity',
    'calendar_feed',
    'notice_preference',
    'notice_reading',
    'notice_delivery',
  ] as const)
    await transaction.deleteFrom(table).where('account_id', '=', accountId).execute();
  const normalized = email.toLowerCase();
  await transaction.deleteFrom('invitation').where('email_normalized', '=', normalized).execute();
}
