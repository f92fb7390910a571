import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { revokeAccessTokens } from '../access-tokens/access-token-store.ts';
import type { Allowance } from '../accounts/allowance.ts';
import { takeAllowances } from '../accounts/allowance-store.ts';
import { useToken } from '../email-addresses/one-time-token-store.ts';
import { endSignIns } from '../sessions/session-store.ts';
import { forgetFailures } from '../sign-in/sign-in-failure-store.ts';
import type { ThrottleSubject } from '../sign-in/sign-in-throttle.ts';

export interface ResetRequest {
  /** As typed, normalised. */
  email: string;
  byAddress: Allowance;
  byEmail: Allowance;
  nowMs: number;
}

export interface NewPassword {
  passwordHash: string;
  /** Where the changes of the account are told from. */
  address: string;
  /** Failed sign-ins of the account, which are forgotten. */
  failures: ThrottleSubject;
  nowMs: number;
}

export interface PasswordStore {
  /**
   * Queues a mail, or not when the address was sent enough already; the caller cannot see which, and no account is
   * looked up. Returns 0, or the milliseconds that the network has to wait.
   */
  requestReset(request: ResetRequest): Promise<number>;
  /**
   * Uses the token up, ends every session and every access token, and confirms the address, which the link has proved. null when the token is
   * unknown, used or expired, or its address is not the account's any more.
   */
  reset(tokenHash: string, password: NewPassword): Promise<{ accountId: string; wasVerified: boolean } | null>;
  /** Ends every session; false when the password is not `formerHash` any more. */
  change(accountId: string, formerHash: string, password: NewPassword): Promise<boolean>;
}

export function createPasswordStore({ kysely }: Database<PortalSchema>, random: Random): PasswordStore {
  return {
    requestReset: ({ email, byAddress, byEmail, nowMs }) =>
      kysely.transaction().execute(async (transaction) => {
        const wait = await takeAllowances(transaction, [byAddress], nowMs);
        if (wait > 0 || (await takeAllowances(transaction, [byEmail], nowMs)) > 0) return wait;
        await enqueue(transaction, { kind: 'mail.reset_password', payload: { email }, random, nowMs });
        return 0;
      }),
    reset: (tokenHash, password) =>
      kysely.transaction().execute(async (transaction) => {
        const { nowMs, passwordHash } = password;
        const used = await useToken(transaction, { purpose: 'reset_password', tokenHash }, nowMs);
        if (!used?.accountId || used.email === null) return null;
        const account = await transaction
          .selectFrom('account')
          .select(['id', 'email_verified_at_ms'])
          .where('id', '=', used.accountId)
          .where('email', '=', used.email)
          .where('suspended_at_ms', 'is', null)
          .executeTakeFirst();
        if (!account) return null;
        const verified = { email_verified_at_ms: account.email_verified_at_ms ?? nowMs };
        const changed = { password_hash: passwordHash, ...verified };
        await transaction.updateTable('account').set(changed).where('id', '=', account.id).execute();
        // Whoever could sign in may have made some: they end as sessions do.
        await revokeAccessTokens(transaction, account.id, 'The password was reset', nowMs);
        await finish(transaction, account.id, password, 'account.password_reset', random);
        return { accountId: account.id, wasVerified: account.email_verified_at_ms !== null };
      }),
    change: (accountId, formerHash, password) =>
      kysely.transaction().execute(async (transaction) => {
        const changed = await transaction
          .updateTable('account')
          .set({ password_hash: password.passwordHash })
          .where('id', '=', accountId)
          .where('password_hash', '=', formerHash)
          .returning('id')
          .executeTakeFirst();
        if (!changed) return false;
        await finish(transaction, accountId, password, 'account.password_changed', random);
        return true;
      }),
  };
}

/** Whoever signed in with the former password is out, and so is whoever wanted another address with it. */
async function finish(
  transaction: Transaction<PortalSchema>,
  accountId: string,
  { address, failures, nowMs }: NewPassword,
  action: string,
  random: Random,
): Promise<void> {
  const endedSessions = await endSignIns(transaction, accountId);
  await transaction.deleteFrom('email_change').where('account_id', '=', accountId).execute();
  await transaction
    .deleteFrom('one_time_token')
    .where('account_id', '=', accountId)
    .where('purpose', '=', 'reset_password')
    .where('used_at_ms', 'is', null)
    .execute();
  await forgetFailures(transaction, failures);
  const details = { address, endedSessions };
  await appendAudit(transaction, { atMs: nowMs, actor: accountId, action, subject: accountId, teamId: null, details });
  const payload = { accountId, address, atMs: nowMs };
  await enqueue(transaction, { kind: 'mail.password_changed', payload, random, nowMs });
}
