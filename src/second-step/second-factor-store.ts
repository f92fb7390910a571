import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { SecondStep } from '../accounts/account.ts';
import { NO_PASSWORD_HASH } from '../passwords/password-hasher.ts';
import { endSignIns } from '../sessions/session-store.ts';

/** From where and when somebody changed something. */
export interface Change {
  accountId: string;
  address: string;
  nowMs: number;
}

export interface TotpFactor {
  encryptedSecret: Uint8Array;
  preparedAtMs: number;
  isOn: boolean;
}

/** A secret whose code was right, and the step of that code. */
export interface ConfirmedSecret {
  encryptedSecret: Uint8Array;
  step: number;
}

export interface SecondFactorStore {
  find(accountId: string): Promise<TotpFactor | null>;
  /** What follows the password; null: nothing. */
  secondStep(accountId: string): Promise<SecondStep | null>;
  isOn(accountId: string): Promise<boolean>;
  /** Whether it has a password, and nothing is asked for after it. */
  isPasswordAlone(accountId: string): Promise<boolean>;
  countRecoveryCodes(accountId: string): Promise<number>;
  /** Begins anew with another secret; false when a second factor is on already. */
  prepare(accountId: string, encryptedSecret: Uint8Array, nowMs: number): Promise<boolean>;
  /** True once for each time step, and never for one before it: the row decides. */
  useStep(accountId: string, step: number): Promise<boolean>;
  /** True once for each code. */
  useRecoveryCode(change: Change, codeHash: string): Promise<boolean>;
  /** Ends every session; false when another secret was prepared meanwhile, or a second factor is on already. */
  turnOn(change: Change, confirmed: ConfirmedSecret, codeHashes: readonly string[]): Promise<boolean>;
  /** As `turnOn`, with the passkeys that the account has. */
  turnOnPasskeys(change: Change, codeHashes: readonly string[]): Promise<'on' | 'already_on' | 'no_passkey'>;
  /** Ends every session. */
  turnOff(change: Change): Promise<void>;
}

export function createSecondFactorStore({ kysely }: Database<PortalSchema>, random: Random): SecondFactorStore {
  const find = async (accountId: string): Promise<TotpFactor | null> => {
    const factors = kysely.selectFrom('totp_factor').selectAll();
    const row = await factors.where('account_id', '=', accountId).executeTakeFirst();
    if (!row) return null;
    const { encrypted_secret: encryptedSecret, created_at_ms: preparedAtMs } = row;
    return { encryptedSecret, preparedAtMs, isOn: row.confirmed_at_ms !== null };
  };
  const secondStep = async (accountId: string): Promise<SecondStep | null> => {
    if ((await find(accountId))?.isOn) return 'app';
    const steps = kysely.selectFrom('passkey_step').select('account_id');
    return (await steps.where('account_id', '=', accountId).executeTakeFirst()) ? 'passkey' : null;
  };
  return {
    find,
    secondStep,
    isOn: async (accountId) => (await secondStep(accountId)) !== null,
    async isPasswordAlone(accountId) {
      const accounts = kysely.selectFrom('account').select('password_hash').where('id', '=', accountId);
      const hash = (await accounts.executeTakeFirst())?.password_hash;
      return hash !== undefined && hash !== NO_PASSWORD_HASH && (await secondStep(accountId)) === null;
    },
    async countRecoveryCodes(accountId) {
      const codes = kysely.selectFrom('recovery_code').select(({ fn }) => fn.countAll<number | string>().as('count'));
      const row = await codes.where('account_id', '=', accountId).where('used_at_ms', 'is', null).executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    async prepare(accountId, encryptedSecret, nowMs) {
      const secret = { encrypted_secret: encryptedSecret, created_at_ms: nowMs };
      const prepared = await kysely
        .insertInto('totp_factor')
        .values({ account_id: accountId, ...secret, confirmed_at_ms: null, last_step: 0 })
        .onConflict((conflict) =>
          conflict.column('account_id').doUpdateSet(secret).where('totp_factor.confirmed_at_ms', 'is', null),
        )
        .returning('account_id')
        .executeTakeFirst();
      return prepared !== undefined;
    },
    async useStep(accountId, step) {
      const used = await kysely
        .updateTable('totp_factor')
        .set({ last_step: step })
        .where('account_id', '=', accountId)
        .where('last_step', '<', step)
        .where('confirmed_at_ms', 'is not', null)
        .returning('account_id')
        .executeTakeFirst();
      return used !== undefined;
    },
    useRecoveryCode: (change, codeHash) =>
      kysely.transaction().execute(async (transaction) => {
        const used = await transaction
          .updateTable('recovery_code')
          .set({ used_at_ms: change.nowMs })
          .where('code_hash', '=', codeHash)
          .where('account_id', '=', change.accountId)
          .where('used_at_ms', 'is', null)
          .returning('code_hash')
          .executeTakeFirst();
        if (used) await record(transaction, change, 'account.recovery_code_used');
        return used !== undefined;
      }),
    turnOn: (change, { encryptedSecret, step }, codeHashes) =>
      kysely.transaction().execute(async (transaction) => {
        const confirmed = await transaction
          .updateTable('totp_factor')
          .set({ confirmed_at_ms: change.nowMs, last_step: step })
          .where('account_id', '=', change.accountId)
          .where('encrypted_secret', '=', encryptedSecret)
          .where('confirmed_at_ms', 'is', null)
          .returning('account_id')
          .executeTakeFirst();
        if (!confirmed) return false;
        await transaction.deleteFrom('passkey_step').where('account_id', '=', change.accountId).execute();
        await finish(transaction, change, codeHashes, random);
        return true;
      }),
    turnOnPasskeys: (change, codeHashes) =>
      kysely.transaction().execute(async (transaction) => {
        const { accountId, nowMs } = change;
        // Changes nothing, but lets whoever removes the last passkey at the same moment wait.
        await transaction.updateTable('account').set({ id: accountId }).where('id', '=', accountId).execute();
        const passkeys = transaction.selectFrom('passkey').select('id').where('account_id', '=', accountId);
        if (!(await passkeys.executeTakeFirst())) return 'no_passkey';
        const apps = transaction.selectFrom('totp_factor').select('account_id').where('account_id', '=', accountId);
        if (await apps.where('confirmed_at_ms', 'is not', null).executeTakeFirst()) return 'already_on';
        const added = await transaction
          .insertInto('passkey_step')
          .values({ account_id: accountId, turned_on_at_ms: nowMs })
          .onConflict((conflict) => conflict.doNothing())
          .returning('account_id')
          .executeTakeFirst();
        if (!added) return 'already_on';
        await finish(transaction, change, codeHashes, random);
        return 'on';
      }),
    turnOff: (change) =>
      kysely.transaction().execute(async (transaction) => {
        const removed = await Promise.all(
          (['totp_factor', 'passkey_step'] as const).map((table) =>
            transaction.deleteFrom(table).where('account_id', '=', change.accountId).returning('account_id').execute(),
          ),
        );
        if (removed.flat().length > 0) await finish(transaction, change, null, random);
      }),
  };
}

/** @param codeHashes of the recovery codes from now on; null: there is no second step any more */
async function finish(
  transaction: Transaction<PortalSchema>,
  change: Change,
  codeHashes: readonly string[] | null,
  random: Random,
): Promise<void> {
  const { accountId, address, nowMs } = change;
  const isOn = codeHashes !== null;
  await transaction.deleteFrom('recovery_code').where('account_id', '=', accountId).execute();
  const codes = (codeHashes ?? []).map((hash) => ({ code_hash: hash, account_id: accountId, used_at_ms: null }));
  if (isOn) await transaction.insertInto('recovery_code').values(codes).execute();
  await endSignIns(transaction, accountId);
  await record(transaction, change, isOn ? 'account.second_factor_added' : 'account.second_factor_removed');
  const payload = { accountId, isOn, address, atMs: nowMs };
  await enqueue(transaction, { kind: 'mail.second_factor_changed', payload, random, nowMs });
}

/** The account itself did it. */
async function record(
  transaction: Transaction<PortalSchema>,
  { accountId, address, nowMs }: Change,
  action: string,
): Promise<void> {
  const entry = { actor: accountId, action, subject: accountId, teamId: null, details: { address } };
  await appendAudit(transaction, { ...entry, atMs: nowMs });
}
