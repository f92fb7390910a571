import type { Clock } from '../platform/clock.ts';
import type { CounterJournal } from './counter-journal.ts';
import type { JournalEntry } from './journal-format.ts';
import type { QuotaCounter } from './meter.ts';
import type { MeterBook } from './meter-book.ts';
import { SharedQuotaCounter } from './shared-counts.ts';
import type { CostReport, MarkBasis, QuotaCount, QuotaMark, QuotaTotal, UsageStore } from './usage-store.ts';

/** Shares of a quota at which people are told. */
export const ALERT_PERCENTS = [50, 80, 90, 100] as const;

/** What is not in the database yet. */
export interface Unwritten {
  counters: Set<QuotaCounter>;
  /** Amounts whose counter has moved to another window, or that could not be written before; by `countName`. */
  overdue: Map<string, QuotaCount>;
  reports: Map<string, CostReport>;
  /** Counter -> up to when its windows are not needed any more. */
  outdated: Map<string, number>;
}

export function countName(counter: string, windowStartMs: number): string {
  return `${counter}@${windowStartMs}`;
}

/** A quota in a journal is named after its counter and window. */
export function toCount({ name, amount }: Extract<JournalEntry, { kind: 'quota' }>): QuotaCount {
  const at = name.lastIndexOf('@');
  return { counter: name.slice(0, at), windowStartMs: Number(name.slice(at + 1)), amount };
}

export function addCount(counts: Map<string, QuotaCount>, added: QuotaCount): void {
  const name = countName(added.counter, added.windowStartMs);
  counts.set(name, { ...added, amount: added.amount + (counts.get(name)?.amount ?? 0) });
}

export interface UsageFlush {
  /** Writes everything; a failure is reported, and what could not be written is tried again by the next one. */
  run(): Promise<void>;
  /** True when the last one could not write. */
  isFailing(): boolean;
  /** The one under way, if it concerns this counter in this window: what the database says of it is uncertain. */
  concerning(counter: string, windowStartMs: number): Promise<void> | null;
}

interface FlushDeps {
  store: Pick<UsageStore, 'add'>;
  journal: CounterJournal;
  book: MeterBook;
  unwritten: Unwritten;
  clock: Clock;
  onWriteError: (error: unknown) => void;
}

export function createUsageFlush({ store, journal, book, unwritten, clock, onWriteError }: FlushDeps): UsageFlush {
  let running: Promise<void> | null = null;
  let underWay: ReadonlyMap<string, QuotaCount> = new Map();
  let isFailing = false;

  function takeCounts(): Map<string, QuotaCount> {
    const counts = unwritten.overdue;
    for (const counter of unwritten.counters) {
      addCount(counts, { counter: counter.name, windowStartMs: counter.window.startMs, amount: counter.unwritten });
      counter.unwritten = 0;
      // From now on the database says it to whoever asks for the counter's place.
      if (counter instanceof SharedQuotaCounter) counter.apart = 0;
    }
    unwritten.overdue = new Map();
    unwritten.counters.clear();
    return counts;
  }

  function counterOf({ counter, window_start_ms }: Omit<QuotaTotal, 'used'>): QuotaCounter | undefined {
    const found = book.counter(subscriptionOf(counter), counter);
    return found?.window.startMs === window_start_ms ? found : undefined;
  }

  function basesOf(counts: ReadonlyMap<string, QuotaCount>): MarkBasis[] {
    return [...counts.values()].flatMap(({ counter: name, windowStartMs }) => {
      const counter = counterOf({ counter: name, window_start_ms: windowStartMs });
      return counter ? [toBasis(counter)] : [];
    });
  }

  function settle(totals: readonly QuotaTotal[]): void {
    for (const total of totals) {
      const counter = counterOf(total);
      if (!counter) continue;
      // A shared sum is ahead of the database: it has what others have not written yet.
      if (!(counter instanceof SharedQuotaCounter)) {
        const later = unwritten.overdue.get(countName(counter.name, counter.window.startMs))?.amount ?? 0;
        counter.used = total.used + counter.unwritten + later;
        counter.isKnown = true;
      }
      counter.markedPercent = Math.max(counter.markedPercent, reachedPercent(counter, total.used));
    }
  }

  async function write(): Promise<void> {
    const counts = takeCounts();
    const reports = [...unwritten.reports.values()];
    const outdated = Array.from(unwritten.outdated, ([counter, beforeMs]) => ({ counter, beforeMs }));
    unwritten.outdated.clear();
    if (counts.size > 0 || reports.length > 0) {
      underWay = counts;
      journal.isHeld = true;
      try {
        const position = { id: journal.id, sequence: journal.sequence };
        const bases = basesOf(counts);
        const marksOf = (totals: readonly QuotaTotal[]): QuotaMark[] => marksFrom(bases, totals, clock.nowMs());
        const batch = { counts: [...counts.values()], reports, outdated, journal: position, bases, marksOf };
        settle(await store.add(batch));
        for (const { id } of reports) unwritten.reports.delete(id);
        isFailing = false;
      } catch (error) {
        for (const count of counts.values()) addCount(unwritten.overdue, count);
        isFailing = true;
        onWriteError(error);
      }
      underWay = new Map();
      journal.isHeld = false;
    }
    if (!journal.isKept) journal.renew();
  }

  return {
    async run() {
      // One at a time; who asks meanwhile gets the one under way.
      running ??= write().finally(() => {
        running = null;
      });
      await running;
    },
    isFailing: () => isFailing,
    concerning: (counter, windowStartMs) => (underWay.has(countName(counter, windowStartMs)) ? running : null),
  };
}

/** Names of counters begin with the subscription. */
function subscriptionOf(counter: string): string {
  return /^[^ /]*/.exec(counter)?.[0] ?? '';
}

function reachedPercent({ quota }: QuotaCounter, used: number): number {
  return ALERT_PERCENTS.findLast((percent) => used * 100 >= quota.calls * percent) ?? 0;
}

function toBasis({ name, subject, quota, window, markedPercent }: QuotaCounter): MarkBasis {
  return { counter: name, subject, quotaName: quota.name, quotaCalls: quota.calls, window, markedPercent };
}

/** The shares of quotas that these totals have reached and that were not marked yet. */
export function marksFrom(bases: readonly MarkBasis[], totals: readonly QuotaTotal[], atMs: number): QuotaMark[] {
  const byName = new Map(bases.map((basis) => [countName(basis.counter, basis.window.startMs), basis]));
  return totals.flatMap((total) => {
    const basis = byName.get(countName(total.counter, total.window_start_ms));
    return basis ? marksFor(basis, total.used, atMs) : [];
  });
}

function marksFor(
  { counter, subject, quotaName, quotaCalls, window, markedPercent }: MarkBasis,
  used: number,
  atMs: number,
): QuotaMark[] {
  return ALERT_PERCENTS.filter((percent) => percent > markedPercent && used * 100 >= quotaCalls * percent).map(
    (percent) => ({
      counter,
      window_start_ms: window.startMs,
      threshold_percent: percent,
      subscription_id: subject.subscriptionId,
      operation_id: subject.operationId,
      key_id: subject.keyId,
      quota_name: quotaName,
      quota_calls: quotaCalls,
      used,
      window_end_ms: window.endMs,
      at_ms: atMs,
    }),
  );
}
