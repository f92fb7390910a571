import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import {
  FAILURES_IN_A_ROW,
  type FailureCount,
  IN_A_ROW,
  type ThrottleSubject,
  countedFailures,
  failuresForgottenBeforeMs,
  inARow,
  rowsForgottenBeforeMs,
  waitMs,
} from './sign-in-throttle.ts';

/** `waitMs` > 0, for ever if Infinity: nothing was counted, and nothing may be looked at before. `failures`: of the first subject, this one included. */
export type Charge = { ok: true; failures: number } | { ok: false; waitMs: number };

export interface FailedAttempt {
  action: 'account.sign_in_failed' | 'account.second_factor_failed';
  /** Account id; for an address without an account what its failures are counted under. */
  subject: string;
  /** From where. */
  address: string;
  failures: number;
  /** Whether the next attempt has to wait. */
  isLockedOut: boolean;
}

export interface SignInFailureStore {
  /** Counts an attempt as failed before it is looked at, so that parallel attempts cannot pass together. */
  charge(subjects: readonly [ThrottleSubject, ...ThrottleSubject[]], nowMs: number): Promise<Charge>;
  /** Takes one charge back. */
  refund(subjects: readonly ThrottleSubject[]): Promise<void>;
  /** Success: the first subject starts anew, and its failures in a row; the others get this one charge back. */
  clear(subject: ThrottleSubject, others: readonly ThrottleSubject[]): Promise<void>;
  /** Records what `charge` has counted and nothing has taken back. */
  report(attempt: FailedAttempt, nowMs: number): Promise<void>;
  removeForgotten(nowMs: number): Promise<void>;
}

export function createSignInFailureStore({ kysely }: Database<PortalSchema>): SignInFailureStore {
  return {
    charge: (subjects, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const counts: { subject: ThrottleSubject; count: FailureCount }[] = [];
        for (const subject of subjects) counts.push({ subject, count: await lockCount(transaction, subject) });
        const wait = Math.max(...counts.map(({ subject, count }) => waitMs(count, subject, nowMs)));
        if (wait > 0) return { ok: false, waitMs: wait };
        const charged = counts.map(({ subject, count }) => ({
          subject,
          failures: countedFailures(count, subject, nowMs),
        }));
        for (const { subject, failures } of charged) {
          await transaction
            .updateTable('sign_in_failure')
            .set({ failures, last_failed_at_ms: nowMs })
            .where('subject', '=', subject.subject)
            .execute();
        }
        return { ok: true, failures: charged[0]?.failures ?? 0 };
      }),
    refund: (subjects) =>
      kysely.transaction().execute(async (transaction) => {
        for (const subject of subjects) await refundOne(transaction, subject);
      }),
    clear: (subject, others) =>
      kysely.transaction().execute(async (transaction) => {
        await forgetFailures(transaction, subject);
        for (const other of others) await refundOne(transaction, other);
      }),
    report: ({ action, subject, ...details }, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        await appendAudit(transaction, { atMs: nowMs, actor: 'system', action, subject, teamId: null, details });
      }),
    async removeForgotten(nowMs) {
      const old = (beforeMs: number) => kysely.deleteFrom('sign_in_failure').where('last_failed_at_ms', '<=', beforeMs);
      await old(failuresForgottenBeforeMs(nowMs)).where('subject', 'not like', `${IN_A_ROW}%`).execute();
      await old(rowsForgottenBeforeMs(nowMs)).where('failures', '<', FAILURES_IN_A_ROW).execute();
    },
  };
}

/** Inside the caller's transaction: who proved the mailbox or the password need not wait any longer. */
export async function forgetFailures(transaction: Transaction<PortalSchema>, subject: ThrottleSubject): Promise<void> {
  const subjects = [subject.subject, inARow(subject).subject];
  await transaction.deleteFrom('sign_in_failure').where('subject', 'in', subjects).execute();
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
