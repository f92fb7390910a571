import type { Transaction } from 'kysely';

import type { Database } from '../platform/database.ts';
import type { PortalSchema } from '../platform/schema.ts';
import {
  type FailureCount,
  type ThrottleSubject,
  currentFailures,
  failuresForgottenBeforeMs,
  waitMs,
} from './sign-in-throttle.ts';

export interface SignInFailureStore {
  /**
   * Counts an attempt as failed before its password is looked at, so that parallel attempts cannot pass together.
   * Returns 0, or the milliseconds to wait: then nothing was counted and the password is not looked at.
   */
  charge(subjects: readonly ThrottleSubject[], nowMs: number): Promise<number>;
  /** Takes one charge back. */
  refund(subjects: readonly ThrottleSubject[]): Promise<void>;
  /** Success: the account starts anew, the address gets this one charge back. */
  clear(account: ThrottleSubject, address: ThrottleSubject): Promise<void>;
  removeForgotten(nowMs: number): Promise<void>;
}

export function createSignInFailureStore({ kysely }: Database<PortalSchema>): SignInFailureStore {
  return {
    charge: (subjects, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const counts: { subject: ThrottleSubject; count: FailureCount }[] = [];
        for (const subject of subjects) counts.push({ subject, count: await lockCount(transaction, subject) });
        const wait = Math.max(...counts.map(({ subject, count }) => waitMs(count, subject.freeFailures, nowMs)));
        if (wait > 0) return wait;
        for (const { subject, count } of counts) {
          await transaction
            .updateTable('sign_in_failure')
            .set({ failures: currentFailures(count, nowMs) + 1, last_failed_at_ms: nowMs })
            .where('subject', '=', subject.subject)
            .execute();
        }
        return 0;
      }),
    refund: (subjects) =>
      kysely.transaction().execute(async (transaction) => {
        for (const subject of subjects) await refundOne(transaction, subject);
      }),
    clear: (account, address) =>
      kysely.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('sign_in_failure').where('subject', '=', account.subject).execute();
        await refundOne(transaction, address);
      }),
    async removeForgotten(nowMs) {
      const forgotten = failuresForgottenBeforeMs(nowMs);
      await kysely.deleteFrom('sign_in_failure').where('last_failed_at_ms', '<=', forgotten).execute();
    },
  };
}

/** An update that changes nothing makes others wait for this row until the transaction ends, on both databases. */
async function lockCount(transaction: Transaction<PortalSchema>, { subject }: ThrottleSubject): Promise<FailureCount> {
  const row = await transaction
    .insertInto('sign_in_failure')
    .values({ subject, failures: 0, last_failed_at_ms: 0 })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet({ subject }))
    .returning(['failures', 'last_failed_at_ms'])
    .executeTakeFirstOrThrow();
  return { failures: row.failures, lastFailedAtMs: row.last_failed_at_ms };
}

async function refundOne(transaction: Transaction<PortalSchema>, { subject }: ThrottleSubject): Promise<void> {
  await transaction
    .updateTable('sign_in_failure')
    .set((expression) => ({ failures: expression('failures', '-', 1) }))
    .where('subject', '=', subject)
    .where('failures', '>', 0)
    .execute();
}
