import { type Transaction, sql } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import { type Database, isUniqueViolation } from '../database/database.ts';
import { type OutboxKind, enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { Account, OwnTeam } from './account.ts';
import type { NewAccount } from './new-account.ts';
import { endTokens, hasOwner, useToken } from '../email-addresses/one-time-token-store.ts';

export interface AccountStore {
  find(accountId: string): Promise<Account | null>;
  findForSignIn(emailNormalized: string): Promise<{ account: Account; passwordHash: string } | null>;
  /** Oldest first; none when the account has left all. */
  teamsOf(accountId: string): Promise<readonly OwnTeam[]>;
  /** Creates the account, or tells the one that has this address by mail; the caller cannot see which. */
  signUp(account: NewAccount): Promise<void>;
  /** Uses the account's token up and returns the verified address; null when it is unknown, used, expired or another's. */
  verifyEmail(accountId: string, tokenHash: string, nowMs: number): Promise<string | null>;
  /** Ends older links and queues a new one; nothing happens when one was queued in the last minute. */
  requestVerification(accountId: string, nowMs: number): Promise<void>;
  createFirstOwner(tokenHash: string, account: NewAccount): Promise<'created' | 'invalid_or_expired' | 'email_taken'>;
}

/** Least time between two mails of a kind to one account, so that nobody can flood a mailbox through us. */
const MAIL_PAUSE_MS = {
  'mail.verify_email': 60 * 1000,
  'mail.sign_up_attempt': 60 * 60 * 1000,
} as const satisfies Partial<Record<OutboxKind, number>>;

export function createAccountStore({ kysely }: Database<PortalSchema>, random: Random): AccountStore {
  return {
    async find(accountId) {
      const row = await kysely.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirst();
      return row ? toAccount(row) : null;
    },
    async findForSignIn(emailNormalized) {
      const accounts = kysely.selectFrom('account').selectAll();
      const row = await accounts.where('email_normalized', '=', emailNormalized).executeTakeFirst();
      return row ? { account: toAccount(row), passwordHash: row.password_hash } : null;
    },
    teamsOf: (accountId) =>
      kysely
        .selectFrom('team_member')
        .innerJoin('team', 'team.id', 'team_member.team_id')
        .select(['team.id', 'team.name', 'team_member.role'])
        .where('team_member.account_id', '=', accountId)
        .orderBy('team.created_at_ms')
        .orderBy('team.id')
        .execute(),
    signUp: (account) =>
      kysely.transaction().execute(async (transaction) => {
        if (await insertAccount(transaction, account, 'skip')) await completeAccount(transaction, account, random);
        else await queueSignUpAttempt(transaction, account, random);
      }),
    verifyEmail: (accountId, tokenHash, nowMs) =>
      kysely.transaction().execute((transaction) => verifyEmail(transaction, accountId, tokenHash, nowMs)),
    requestVerification: (accountId, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        if (!(await queueMail(transaction, 'mail.verify_email', accountId, random, nowMs))) return;
        await endTokens(transaction, 'verify_email', accountId);
        const entry = { actor: accountId, action: 'account.verification_requested', subject: accountId };
        await appendAudit(transaction, { ...entry, atMs: nowMs, teamId: null, details: {} });
      }),
    async createFirstOwner(tokenHash, account) {
      try {
        return await kysely.transaction().execute(async (transaction) => {
          const used = await useToken(transaction, { purpose: 'first_owner', tokenHash }, account.createdAtMs);
          if (!used || (await hasOwner(transaction))) return 'invalid_or_expired';
          await insertAccount(transaction, account, 'fail');
          await completeAccount(transaction, account, random);
          return 'created';
        });
      } catch (error) {
        // Rolled back: the token is still good for another address.
        if (isUniqueViolation(error)) return 'email_taken';
        throw error;
      }
    },
  };
}

export function toAccount(row: PortalSchema['account']): Account {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    emailVerifiedAtMs: row.email_verified_at_ms,
    suspendedAtMs: row.suspended_at_ms,
    createdAtMs: row.created_at_ms,
  };
}

/** False when the address has an account and `onKnown` is `skip`; `fail` throws a unique violation instead. */
async function insertAccount(
  transaction: Transaction<PortalSchema>,
  account: NewAccount,
  onKnown: 'skip' | 'fail',
): Promise<boolean> {
  const insert = transaction.insertInto('account').values({
    id: account.id,
    email: account.email,
    email_normalized: account.emailNormalized,
    password_hash: account.passwordHash,
    role: account.role,
    email_verified_at_ms: null,
    suspended_at_ms: null,
    created_at_ms: account.createdAtMs,
  });
  const skipping = insert.onConflict((conflict) => conflict.column('email_normalized').doNothing());
  const inserted = await (onKnown === 'skip' ? skipping : insert).returning('id').executeTakeFirst();
  return inserted !== undefined;
}

/** The rest of a new account: personal team, audit entry, verification mail. */
async function completeAccount(
  transaction: Transaction<PortalSchema>,
  account: NewAccount,
  random: Random,
): Promise<void> {
  const { id, teamId, createdAtMs } = account;
  await transaction
    .insertInto('team')
    .values({ id: teamId, name: account.teamName, created_at_ms: createdAtMs })
    .execute();
  const member = { team_id: teamId, account_id: id, role: 'admin' as const, joined_at_ms: createdAtMs };
  await transaction.insertInto('team_member').values(member).execute();
  await appendAudit(transaction, {
    atMs: createdAtMs,
    actor: id,
    action: 'account.created',
    subject: id,
    teamId,
    details: { role: account.role, address: account.origin.address },
  });
  await queueMail(transaction, 'mail.verify_email', id, random, createdAtMs);
}

async function queueSignUpAttempt(
  transaction: Transaction<PortalSchema>,
  given: NewAccount,
  random: Random,
): Promise<void> {
  const known = await transaction
    .selectFrom('account')
    .select('id')
    .where('email_normalized', '=', given.emailNormalized)
    .executeTakeFirstOrThrow();
  await queueMail(transaction, 'mail.sign_up_attempt', known.id, random, given.createdAtMs);
}

async function verifyEmail(
  transaction: Transaction<PortalSchema>,
  accountId: string,
  tokenHash: string,
  nowMs: number,
): Promise<string | null> {
  const used = await useToken(transaction, { purpose: 'verify_email', tokenHash, accountId }, nowMs);
  if (used?.email == null) return null;
  const account = await transaction
    .updateTable('account')
    .set({ email_verified_at_ms: nowMs })
    .where('id', '=', accountId)
    .where('email', '=', used.email)
    .returning('email')
    .executeTakeFirst();
  if (!account) return null;
  const entry = { actor: accountId, action: 'account.verified', subject: accountId, teamId: null, details: {} };
  await appendAudit(transaction, { ...entry, atMs: nowMs });
  return account.email;
}

/** False when a mail of this kind was queued for the account a moment ago. */
async function queueMail(
  transaction: Transaction<PortalSchema>,
  kind: keyof typeof MAIL_PAUSE_MS,
  accountId: string,
  random: Random,
  nowMs: number,
): Promise<boolean> {
  const payload = { accountId };
  // Changes nothing, but makes a second request for the same account wait until this one is done.
  await transaction.updateTable('account').set({ id: accountId }).where('id', '=', accountId).execute();
  const recent = await transaction
    .selectFrom('outbox')
    .select('id')
    .where('kind', '=', kind)
    // As the index has it: the payload is far shorter.
    .where(sql<string>`substr(payload, 1, 200)`, '=', JSON.stringify(payload))
    .where('created_at_ms', '>', nowMs - MAIL_PAUSE_MS[kind])
    .executeTakeFirst();
  if (recent) return false;
  await enqueue(transaction, { kind, payload, random, nowMs });
  return true;
}
