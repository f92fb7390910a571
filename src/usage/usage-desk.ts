import type { Clock } from '../platform/clock.ts';
import { countName, marksFrom } from './usage-flush.ts';
import type { MarkBasis, QuotaCount, QuotaTotal, UsageBatch, UsageStore } from './usage-store.ts';

/** A batch as it comes from another thread, to which no function can be sent. */
export type SentBatch = Omit<UsageBatch, 'marksOf' | 'bases'> & { bases: readonly MarkBasis[] };

/** Writes what several verifiers have counted, for one thread that all of them ask. */
export interface UsageDesk {
  add(batch: SentBatch): Promise<readonly QuotaTotal[]>;
  /** True when a cost with this id was added, or is about to be; false once, for who is to add it. */
  isKnownReport(id: string, verifier: number): Promise<boolean>;
  /** A verifier has ended: what it was about to add is not coming. */
  forget(verifier: number): void;
}

/** @param unwritten what the database lacked at the start; taken away when a verifier has written it */
export function createUsageDesk(
  store: Pick<UsageStore, 'add' | 'hasReport'>,
  clock: Clock,
  unwritten = new Map<string, QuotaCount>(),
): UsageDesk {
  /** Reports that are not in the database yet, and who has them. */
  const claims = new Map<string, number>();
  return {
    async add({ bases, ...batch }) {
      const totals = await store.add({ ...batch, marksOf: (sums) => marksFrom(bases, sums, clock.nowMs()) });
      for (const { id } of batch.reports) claims.delete(id);
      for (const { counter, windowStartMs } of batch.counts) unwritten.delete(countName(counter, windowStartMs));
      return totals;
    },
    async isKnownReport(id, verifier) {
      if (claims.has(id)) return true;
      claims.set(id, verifier);
      try {
        const isKnown = await store.hasReport(id);
        if (isKnown) claims.delete(id);
        return isKnown;
      } catch (error) {
        claims.delete(id);
        throw error;
      }
    },
    forget(verifier) {
      for (const [id, owner] of claims) if (owner === verifier) claims.delete(id);
    },
  };
}
