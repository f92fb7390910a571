import type { Selectable, Transaction } from 'kysely';

import { toAccount } from '../accounts/account-store.ts';
import type { Account } from '../accounts/account.ts';
import type { Change } from '../second-step/second-factor-store.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { type OutboxPayloads, enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { Passkey } from './passkey.ts';
import type { RegisteredCredential } from './read-passkey-answer.ts';
import { endOtherSignIns, lockWaysIn } from '../identities/ways-in-store.ts';
import { type UsedTicket, useTicket } from '../identities/used-ticket-store.ts';

type Row = Selectable<PortalSchema['passkey']>;

export interface StoredPasskey {
  passkey: Passkey;
  account: Account;
  credentialId: string;
  publicKey: Uint8Array;
}

/** Each change is one transaction with its audit entry and the mail about it. */
export interface PasskeyStore {
  /** Oldest first. */
  list(accountId: string): Promise<readonly Passkey[]>;
  credentialsOf(accountId: string): Promise<readonly { id: string; transports: string[] }[]>;
  /** null for an account that is suspended, too. */
  findByCredential(credentialId: string): Promise<StoredPasskey | null>;
  add(
    change: Change,
    added: { passkey: Passkey; credential: RegisteredCredential },
    ticket: UsedTicket,
    limit: number,
  ): Promise<'added' | 'too_many' | 'already_registered' | 'expired'>;
  /**
   * Accepts an answer once. A counter that does not grow was signed by a copy: the answer is refused, and the account
   * is told (WebAuthn level 3, 6.1.1). `gone`: it was removed meanwhile.
   */
  use(
    change: Change,
    passkeyId: string,
    answer: { counter: number; isBackedUp: boolean },
    ticket: UsedTicket,
  ): Promise<'used' | 'expired' | 'copied' | 'gone'>;
  rename(change: Change, passkeyId: string, name: string): Promise<boolean>;
  /** Ends every session but `keptSessionId`. */
  remove(
    change: Change,
    passkeyId: string,
    keptSessionId: string,
  ): Promise<'removed' | 'not_found' | 'last_way_in' | 'second_step'>;
}

export function createPasskeyStore({ kysely }: Database<PortalSchema>, random: Random): PasskeyStore {
  const rowsOf = (accountId: string): Promise<Row[]> =>
    kysely
      .selectFrom('passkey')
      .selectAll()
      .where('account_id', '=', accountId)
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
  return {
    list: async (accountId) => (await rowsOf(accountId)).map(toPasskey),
    async credentialsOf(accountId) {
      const rows = await rowsOf(accountId);
      return rows.map((row) => ({ id: row.credential_id, transports: JSON.parse(row.transports) as string[] }));
    },
    async findByCredential(credentialId) {
      const passkeys = kysely.selectFrom('passkey').selectAll();
      const row = await passkeys.where('credential_id', '=', credentialId).executeTakeFirst();
      if (!row) return null;
      const accounts = kysely.selectFrom('account').selectAll().where('suspended_at_ms', 'is', null);
      const account = await accounts.where('id', '=', row.account_id).executeTakeFirst();
      if (!account) return null;
      const { credential_id, public_key: publicKey } = row;
      return { passkey: toPasskey(row), account: toAccount(account), credentialId: credential_id, publicKey };
    },
    add: (change, added, ticket, limit) =>
      kysely.transaction().execute((transaction) => add(transaction, change, { ...added, ticket, limit }, random)),
    use: (change, passkeyId, answer, ticket) =>
      kysely.transaction().execute((transaction) => use(transaction, change, { passkeyId, answer, ticket }, random)),
    rename: (change, passkeyId, name) =>
      kysely.transaction().execute(async (transaction) => {
        const own = transaction.updateTable('passkey').set({ name }).where('account_id', '=', change.accountId);
        const renamed = await own.where('id', '=', passkeyId).returning('id').executeTakeFirst();
        if (renamed) await record(transaction, change, 'account.passkey_renamed', { passkeyId, name });
        return renamed !== undefined;
      }),
    remove: (change, passkeyId, keptSessionId) =>
      kysely.transaction().execute(async (transaction) => {
        const { accountId } = change;
        const waysIn = await lockWaysIn(transaction, accountId);
        const own = transaction.selectFrom('passkey').select('name').where('account_id', '=', accountId);
        const found = await own.where('id', '=', passkeyId).executeTakeFirst();
        if (!found) return 'not_found';
        if (waysIn === 1) return 'last_way_in';
        if (await isOnlySecondStep(transaction, accountId)) return 'second_step';
        await transaction.deleteFrom('passkey').where('id', '=', passkeyId).execute();
        await endOtherSignIns(transaction, accountId, keptSessionId);
        const { name } = found;
        await record(transaction, change, 'account.passkey_removed', { passkeyId, name });
        await tell(transaction, change, { name, event: 'removed' }, random);
        return 'removed';
      }),
  };
}

async function add(
  transaction: Transaction<PortalSchema>,
  change: Change,
  added: { passkey: Passkey; credential: RegisteredCredential; ticket: UsedTicket; limit: number },
  random: Random,
): Promise<'added' | 'too_many' | 'already_registered' | 'expired'> {
  const { passkey, credential, ticket, limit } = added;
  const { accountId } = change;
  if (!(await useTicket(transaction, ticket))) return 'expired';
  // Changes nothing, but makes a second request for the same account wait, so that the limit is exact in parallel.
  await transaction.updateTable('account').set({ id: accountId }).where('id', '=', accountId).execute();
  const own = await transaction.selectFrom('passkey').select('id').where('account_id', '=', accountId).execute();
  if (own.length >= limit) return 'too_many';
  const inserted = await transaction
    .insertInto('passkey')
    .values({
      id: passkey.id,
      account_id: accountId,
      name: passkey.name,
      credential_id: credential.credentialId,
      public_key: credential.publicKey,
      counter: credential.counter,
      transports: JSON.stringify(credential.transports),
      is_backed_up: credential.isBackedUp ? 1 : 0,
      created_at_ms: passkey.createdAtMs,
      last_used_at_ms: null,
    })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!inserted) return 'already_registered';
  const { id: passkeyId, name } = passkey;
  await record(transaction, change, 'account.passkey_added', { passkeyId, name });
  await tell(transaction, change, { name, event: 'added' }, random);
  return 'added';
}

/** Whether the account has one passkey left, and asks for one after its password. */
async function isOnlySecondStep(transaction: Transaction<PortalSchema>, accountId: string): Promise<boolean> {
  const steps = transaction.selectFrom('passkey_step').select('account_id').where('account_id', '=', accountId);
  if (!(await steps.executeTakeFirst())) return false;
  const left = await transaction.selectFrom('passkey').select('id').where('account_id', '=', accountId).execute();
  return left.length === 1;
}

async function use(
  transaction: Transaction<PortalSchema>,
  change: Change,
  used: { passkeyId: string; answer: { counter: number; isBackedUp: boolean }; ticket: UsedTicket },
  random: Random,
): Promise<'used' | 'expired' | 'copied' | 'gone'> {
  const { passkeyId, answer, ticket } = used;
  if (!(await useTicket(transaction, ticket))) return 'expired';
  const { counter } = answer;
  const updated = await transaction
    .updateTable('passkey')
    .set({ counter, is_backed_up: answer.isBackedUp ? 1 : 0, last_used_at_ms: change.nowMs })
    .where('id', '=', passkeyId)
    .where((row) => row.or([row('counter', '<', counter), row('counter', '=', counter === 0 ? 0 : -1)]))
    .returning('id')
    .executeTakeFirst();
  if (updated) {
    await record(transaction, change, 'account.passkey_used', { passkeyId });
    return 'used';
  }
  const present = await transaction.selectFrom('passkey').select('name').where('id', '=', passkeyId).executeTakeFirst();
  if (!present) return 'gone';
  await record(transaction, change, 'account.passkey_copied', { passkeyId, name: present.name });
  await tell(transaction, change, { name: present.name, event: 'copied' }, random);
  return 'copied';
}

function tell(
  transaction: Transaction<PortalSchema>,
  { accountId, address, nowMs }: Change,
  told: Pick<OutboxPayloads['mail.passkey_changed'], 'name' | 'event'>,
  random: Random,
): Promise<void> {
  const payload = { accountId, ...told, address, atMs: nowMs };
  return enqueue(transaction, { kind: 'mail.passkey_changed', payload, random, nowMs });
}

function record(
  transaction: Transaction<PortalSchema>,
  { accountId, address, nowMs }: Change,
  action: string,
  details: Readonly<Record<string, string>>,
): Promise<void> {
  const entry = { actor: accountId, action, subject: accountId, teamId: null, details: { ...details, address } };
  return appendAudit(transaction, { ...entry, atMs: nowMs });
}

function toPasskey(row: Row): Passkey {
  return {
    id: row.id,
    name: row.name,
    isBackedUp: row.is_backed_up === 1,
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
}
