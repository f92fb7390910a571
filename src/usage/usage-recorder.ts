import type { Clock } from '../platform/clock.ts';
import { quotaWindowAt } from '../plans/quota-window.ts';
import type { CounterJournal, JournalDeps } from './counter-journal.ts';
import type { JournalEntry } from './journal-format.ts';
import type { Meter, Metered, QuotaCounter, RateBucket } from './meter.ts';
import { type OpenMeter, createMeterBook } from './meter-book.ts';
import { paceFlushes } from './flush-pace.ts';
import { levelAt } from './rate-limit.ts';
import { type Sharing, SharedQuotaCounter, SharedRateBucket, placeBucket, placeCounter } from './shared-counts.ts';
import { type Unwritten, addCount, countName, createUsageFlush, toCount } from './usage-flush.ts';
import type { MaybePromise, UsageStore } from './usage-store.ts';

/** Above this number, subscriptions that lose nothing by it are forgotten; they are read again when they call. */
const MOST_SUBSCRIPTIONS = 100_000;
/** Windows that have ended are kept this long. */
const WINDOWS_KEPT_MS = 70 * 86_400_000;

/**
 * Counts in memory, exactly. What was taken is in the journal when `commit` returns, and in the database soon after. A
 * verifier is the only writer of its counters, so that what is in memory is never behind the database.
 */
export interface UsageRecorder {
  /**
   * All limits of a call, with what is counted in the windows of `nowMs`; read from the database when first needed.
   * @param keyId first key of the chain of rotations, for limits per key
   */
  meterOf(subscription: Metered, keyId: string, operationId: string, nowMs: number): MaybePromise<Meter>;
  /**
   * The moment at which a meter is looked at. Until `release`, in the same turn, nobody else counts what it counts, so
   * that limits are exact.
   */
  hold(meter: Meter): number;
  release(meter: Meter): void;
  /** Takes one call from all limits, between `hold` and `release`. */
  take(meter: Meter, cost: number, nowMs: number): void;
  /** Adds a cost that became known after the call; it may go beyond every limit. False when the id was seen before. */
  report(meter: Meter, cost: number, nowMs: number, reportId: string | null): Promise<boolean>;
  /** Journals what was taken; answers leave after it. */
  commit(): void;
  /** Whether what is counted would survive a kill now, and reaches the database. */
  health(): { isJournaled: boolean; isWritten: boolean };
  flush(): Promise<void>;
  start(): void;
  /** Stops the timer and writes what is left. */
  stop(): Promise<void>;
}

export interface UsageRecorderDeps {
  store: Pick<UsageStore, 'findQuotaUsed' | 'add' | 'hasReport' | 'removeOld'>;
  clock: Clock;
  /** The database is written in the thread that answers calls. */
  holdsUpCalls: boolean;
  /** Given where other verifiers of this process count the same. */
  sharing?: Sharing;
  /** @param addAll gives everything that a journal has to hold to go on alone */
  openJournal: (addAll: JournalDeps['addAll']) => CounterJournal;
  /** What a journal held that the database does not have. */
  recovered: readonly JournalEntry[];
  onReadError: (error: unknown) => void;
  onWriteError: (error: unknown) => void;
}

export function createUsageRecorder(deps: UsageRecorderDeps): UsageRecorder {
  const { store, clock, sharing, onReadError } = deps;
  const book = createMeterBook(sharing?.counts);
  const unwritten: Unwritten = { counters: new Set(), overdue: new Map(), reports: new Map(), outdated: new Map() };
  let takenCounters: QuotaCounter[] = [];
  let takenBuckets: RateBucket[] = [];
  const reporting = new Set<string>();
  const pace = paceFlushes(write, deps);

  restore(deps.recovered);
  const journal = deps.openJournal(addAll);
  const flush = createUsageFlush({ ...deps, journal, book, unwritten });

  function restore(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'rate') book.restoreBucket(entry.name, entry.level, entry.atMs);
      else if (entry.kind === 'report') unwritten.reports.set(entry.name, { id: entry.name, atMs: entry.atMs });
      else addCount(unwritten.overdue, toCount(entry));
    }
  }

  function addAll(to: Parameters<JournalDeps['addAll']>[0]): void {
    const nowMs = clock.nowMs();
    for (const { counter: name, windowStartMs, amount } of unwritten.overdue.values())
      to.quota({ name, segment: -1, number: 0 }, windowStartMs, amount);
    for (const counter of unwritten.counters) to.quota(counter, counter.window.startMs, counter.unwritten);
    for (const bucket of book.buckets())
      if (levelAt(bucket, bucket.limit, nowMs) > 0) to.rate(bucket, bucket.level, bucket.atMs);
    for (const [name, { level, atMs }] of book.restoredBuckets(nowMs))
      to.rate({ name, segment: -1, number: 0 }, level, atMs);
    for (const { id, atMs } of unwritten.reports.values()) to.report(id, atMs);
  }

  /** Makes a counter stand for the window of `nowMs`, and know what was used in it. */
  function open(counter: QuotaCounter, nowMs: number): MaybePromise<void> {
    const window = quotaWindowAt(counter.quota.per, nowMs, counter.quota.timeZone);
    if (window.startMs !== counter.window.startMs) {
      const { name, unwritten: amount } = counter;
      // By the earlier of both: a clock that jumped ahead must not end the present window.
      const earlierMs = Math.min(window.startMs, counter.window.startMs);
      if (earlierMs > 0) unwritten.outdated.set(name, earlierMs - WINDOWS_KEPT_MS);
      if (unwritten.counters.delete(counter))
        addCount(unwritten.overdue, { counter: name, windowStartMs: counter.window.startMs, amount });
      if (counter instanceof SharedQuotaCounter) counter.leave();
      Object.assign(counter, { window, used: 0, unwritten: 0, isKnown: false, markedPercent: 0, segment: -1 });
    }
    const uncertain = flush.concerning(counter.name, window.startMs);
    if (uncertain) return uncertain.then(() => open(counter, nowMs));
    if (sharing && counter instanceof SharedQuotaCounter)
      return placeCounter(sharing, counter, sharing.counts.lockOf(counter.subject.subscriptionId)).catch(onReadError);
    try {
      const found = store.findQuotaUsed(counter.name, window.startMs);
      if (found instanceof Promise) return found.then((used) => settle(counter, window.startMs, used), onReadError);
      settle(counter, window.startMs, found);
    } catch (error) {
      onReadError(error);
    }
  }

  function settle(counter: QuotaCounter, windowStartMs: number, stored = 0): void {
    if (counter.isKnown || counter.window.startMs !== windowStartMs) return;
    const overdue = unwritten.overdue.get(countName(counter.name, windowStartMs))?.amount ?? 0;
    counter.used = stored + counter.unwritten + overdue;
    counter.isKnown = true;
  }

  function hold(meter: Meter): number {
    const { rates, lock } = meter as OpenMeter;
    sharing?.counts.hold(lock);
    const nowMs = clock.nowMs();
    // A clock that jumped back must not lock anybody out until it catches up.
    for (const bucket of rates) if (bucket.atMs > nowMs) bucket.atMs = nowMs;
    return nowMs;
  }

  function release(meter: Meter): void {
    sharing?.counts.release((meter as OpenMeter).lock);
  }

  function add(meter: Meter, nowMs: number, cost: number, calls: number): void {
    // Meters are made by the book alone; who decides sees them without the right to count.
    const { rates, quotas } = meter as OpenMeter;
    for (const bucket of rates) {
      const amount = bucket.limit.counts === 'cost' ? cost : calls;
      if (amount === 0) continue;
      bucket.level = levelAt(bucket, bucket.limit, nowMs) + amount;
      bucket.atMs = nowMs;
      if (!bucket.isTaken) takenBuckets.push(bucket);
      bucket.isTaken = true;
    }
    for (const counter of quotas) {
      const amount = counter.quota.counts === 'cost' ? cost : calls;
      if (amount === 0) continue;
      if (counter.taken === 0) takenCounters.push(counter);
      if (counter.unwritten === 0) unwritten.counters.add(counter);
      counter.used += amount;
      counter.unwritten += amount;
      counter.taken += amount;
    }
  }

  function commit(): void {
    for (const counter of takenCounters) {
      journal.quota(counter, counter.window.startMs, counter.taken);
      counter.taken = 0;
    }
    for (const bucket of takenBuckets) {
      journal.rate(bucket, bucket.level, bucket.atMs);
      bucket.isTaken = false;
    }
    takenCounters = [];
    takenBuckets = [];
    journal.commit();
  }

  async function isNewReport(id: string): Promise<boolean> {
    if (reporting.has(id) || unwritten.reports.has(id)) return false;
    reporting.add(id);
    try {
      return !(await store.hasReport(id));
    } finally {
      reporting.delete(id);
    }
  }

  async function write(): Promise<void> {
    commit();
    await pace.write(() => flush.run());
    book.forget(MOST_SUBSCRIPTIONS, clock.nowMs());
  }

  return {
    meterOf(subscription, keyId, operationId, nowMs) {
      const meter = book.find(subscription, keyId, operationId);
      meter.isKept = journal.isKept;
      let waiting: Promise<void>[] | null = null;
      if (sharing) {
        for (const bucket of meter.rates)
          if (bucket instanceof SharedRateBucket && !bucket.isPlaced)
            (waiting ??= []).push(placeBucket(sharing, bucket));
      }
      for (const counter of meter.quotas) {
        const { startMs, endMs } = counter.window;
        if (counter.isKnown && startMs <= nowMs && nowMs < endMs) continue;
        const opened = open(counter, nowMs);
        if (opened) (waiting ??= []).push(opened);
      }
      return waiting ? Promise.all(waiting).then(() => meter) : meter;
    },
    hold,
    release,
    take: (meter, cost, nowMs) => add(meter, nowMs, cost, 1),
    async report(meter, cost, nowMs, reportId) {
      if (reportId !== null) {
        if (!(await isNewReport(reportId))) return false;
        unwritten.reports.set(reportId, { id: reportId, atMs: nowMs });
        journal.report(reportId, nowMs);
      }
      const heldAtMs = hold(meter);
      add(meter, heldAtMs, cost, 0);
      release(meter);
      commit();
      return true;
    },
    commit,
    health: () => ({ isJournaled: journal.isKept, isWritten: !flush.isFailing() }),
    flush: write,
    start: () => pace.start(),
    async stop() {
      pace.stop();
      // A flush under way took its batch before the last calls.
      await write();
      await write();
      journal.close();
    },
  };
}
