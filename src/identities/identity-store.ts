import type { Selectable, Transaction } from 'kysely';

import { toAccount } from '../accounts/account-store.ts';
import { type Account, normalizeEmail } from '../accounts/account.ts';
import type { NewAccount } from '../accounts/new-account.ts';
import { NO_PASSWORD_HASH } from '../passwords/password-hasher.ts';
import type { Change } from '../second-step/second-factor-store.ts';
import { appendAudit } from '../audit/audit-log.ts';
import { type Database, isUniqueViolation } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import { type Random, newId } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { LinkedIdentity, ProvenIdentity, WaysIn } from './identity.ts';
import { endOtherSignIns, lockWaysIn } from './ways-in-store.ts';

type Row = Selectable<PortalSchema['linked_identity']>;

/** Each change is one transaction with its audit entry and the mail about it. */
export interface IdentityStore {
  waysIn(accountId: string): Promise<WaysIn>;
  /** The account that an identity is connected with, suspended or not. */
  findOwner(proven: ProvenIdentity): Promise<Account | null>;
  findByEmail(email: string): Promise<Account | null>;
  /** Remembers a use, and what the identity is called now. */
  touch(change: Change, proven: ProvenIdentity): Promise<void>;
  /** False when it is connected with an account already. */
  link(change: Change, proven: ProvenIdentity, providerName: string): Promise<boolean>;
  /** A new account without a password; false when its address or the identity has one meanwhile. */
  create(account: NewAccount, proven: ProvenIdentity, providerName: string): Promise<boolean>;
  /** Ends every session but `keptSessionId`. */
  unlink(
    change: Change,
    identityId: string,
    keptSessionId: string,
    providerName: (provider: LinkedIdentity['provider']) => string,
  ): Promise<'unlinked' | 'not_found' | 'last_way_in'>;
}

export function createIdentityStore({ kysely }: Database<PortalSchema>, random: Random): IdentityStore {
  return {
    async waysIn(accountId) {
      const identities = kysely.selectFrom('linked_identity').selectAll().where('account_id', '=', accountId);
      const rows = await identities.orderBy('created_at_ms').orderBy('id').execute();
      const accounts = kysely.selectFrom('account').select('password_hash');
      const account = await accounts.where('id', '=', accountId).executeTakeFirst();
      const hasPassword = account !== undefined && account.password_hash !== NO_PASSWORD_HASH;
      return { hasPassword, identities: rows.map(toIdentity) };
    },
    async findOwner({ issuer, subject }) {
      const row = await kysely
        .selectFrom('linked_identity')
        .innerJoin('account', 'account.id', 'linked_identity.account_id')
        .selectAll('account')
        .where('linked_identity.issuer', '=', issuer)
        .where('linked_identity.subject', '=', subject)
        .executeTakeFirst();
      return row ? toAccount(row) : null;
    },
    async findByEmail(email) {
      const accounts = kysely.selectFrom('account').selectAll();
      const row = await accounts.where('email_normalized', '=', normalizeEmail(email)).executeTakeFirst();
      return row ? toAccount(row) : null;
    },
    async touch({ nowMs }, { issuer, subject, label }) {
      await kysely
        .updateTable('linked_identity')
        .set({ last_used_at_ms: nowMs, label })
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .execute();
    },
    link: (change, proven, providerName) =>
      kysely
        .transaction()
        .execute((transaction) => link(transaction, change, { proven, providerName, onKnown: 'skip' }, random)),
    async create(account, proven, providerName) {
      try {
        await kysely.transaction().execute((transaction) => create(transaction, account, proven, providerName, random));
        return true;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },
    unlink: (change, identityId, keptSessionId, providerName) =>
      kysely.transaction().execute(async (transaction) => {
        const { accountId, address, nowMs } = change;
        const waysIn = await lockWaysIn(transaction, accountId);
        const own = transaction.selectFrom('linked_identity').selectAll().where('account_id', '=', accountId);
        const found = await own.where('id', '=', identityId).executeTakeFirst();
        if (!found) return 'not_found';
        if (waysIn === 1) return 'last_way_in';
        await transaction.deleteFrom('linked_identity').where('id', '=', identityId).execute();
        await endOtherSignIns(transaction, accountId, keptSessionId);
        const details = { provider: found.provider, label: found.label, address };
        await record(transaction, change, 'account.identity_unlinked', details);
        const told = { provider: providerName(found.provider), label: found.label, event: 'unlinked' } as const;
        const payload = { accountId, ...told, address, atMs: nowMs };
        await enqueue(transaction, { kind: 'mail.identity_changed', payload, random, nowMs });
        return 'unlinked';
      }),
  };
}

/** False when the identity has an account and `onKnown` is `skip`; `fail` throws a unique violation instead. */
async function link(
  transaction: Transaction<PortalSchema>,
  change: Change,
  { proven, providerName, onKnown }: { proven: ProvenIdentity; providerName: string; onKnown: 'skip' | 'fail' },
  random: Random,
): Promise<boolean> {
  const { accountId, address, nowMs } = change;
  const { provider, issuer, subject, label } = proven;
  const insert = transaction.insertInto('linked_identity').values({
    id: newId(random, 'idn'),
    account_id: accountId,
    provider,
    issuer,
    subject,
    label,
    created_at_ms: nowMs,
    last_used_at_ms: nowMs,
  });
  const skipping = insert.onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing());
  const linked = await (onKnown === 'skip' ? skipping : insert).returning('id').executeTakeFirst();
  if (!linked) return false;
  await record(transaction, change, 'account.identity_linked', { provider, label, address });
  const payload = { accountId, provider: providerName, label, event: 'linked', address, atMs: nowMs } as const;
  await enqueue(transaction, { kind: 'mail.identity_changed', payload, random, nowMs });
  return true;
}

/** As `AccountStore.signUp`, but the provider has confirmed the address, and there is no password. */
async function create(
  transaction: Transaction<PortalSchema>,
  account: NewAccount,
  proven: ProvenIdentity,
  providerName: string,
  random: Random,
): Promise<void> {
  const { id, teamId, createdAtMs } = account;
  await transaction
    .insertInto('account')
    .values({
      id,
      email: account.email,
      email_normalized: account.emailNormalized,
      password_hash: account.passwordHash,
      role: account.role,
      email_verified_at_ms: createdAtMs,
      suspended_at_ms: null,
      created_at_ms: createdAtMs,
    })
    .execute();
  await transaction
    .insertInto('team')
    .values({ id: teamId, name: account.teamName, created_at_ms: createdAtMs })
    .execute();
  const member = { team_id: teamId, account_id: id, role: 'admin' as const, joined_at_ms: createdAtMs };
  await transaction.insertInto('team_member').values(member).execute();
  const change = { accountId: id, address: account.origin.address, nowMs: createdAtMs };
  const details = { role: account.role, provider: proven.provider, address: change.address };
  await appendAudit(transaction, {
    atMs: createdAtMs,
    actor: id,
    action: 'account.created',
    subject: id,
    teamId,
    details,
  });
  await link(transaction, change, { proven, providerName, onKnown: 'fail' }, random);
}

function record(
  transaction: Transaction<PortalSchema>,
  { accountId, nowMs }: Change,
  action: string,
  details: Readonly<Record<string, string>>,
): Promise<void> {
  return appendAudit(transaction, { atMs: nowMs, actor: accountId, action, subject: accountId, teamId: null, details });
}

function toIdentity(row: Row): LinkedIdentity {
  return {
    id: row.id,
    provider: row.provider,
    label: row.label,
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
}
