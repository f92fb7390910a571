import type { Transaction } from 'kysely';

import { NO_PASSWORD_HASH } from '../passwords/password-hasher.ts';
import type { PortalSchema } from '../database/schema.ts';

/**
 * How many ways into an account there are: its password, passkeys, identities elsewhere. Whoever changes one of them at the
 * same time waits until the caller's transaction ends, so that two removals never take the last two.
 */
export async function lockWaysIn(transaction: Transaction<PortalSchema>, accountId: string): Promise<number> {
  const account = await transaction
    .updateTable('account')
    .set({ id: accountId })
    .where('id', '=', accountId)
    .returning('password_hash')
    .executeTakeFirst();
  const passkeys = await transaction.selectFrom('passkey').select('id').where('account_id', '=', accountId).execute();
  const identities = await transaction
    .selectFrom('linked_identity')
    .select('id')
    .where('account_id', '=', accountId)
    .execute();
  const passwords = account && account.password_hash !== NO_PASSWORD_HASH ? 1 : 0;
  return passwords + passkeys.length + identities.length;
}

/** Every session but one, and every sign-in that waits for its second step. */
export async function endOtherSignIns(
  transaction: Transaction<PortalSchema>,
  accountId: string,
  keptSessionId: string,
): Promise<void> {
  await transaction.deleteFrom('pending_sign_in').where('account_id', '=', accountId).execute();
  const sessions = transaction.deleteFrom('session').where('account_id', '=', accountId);
  await sessions.where('id', '!=', keptSessionId).execute();
}
