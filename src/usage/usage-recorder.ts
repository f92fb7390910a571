import type { Clock } from '../platform/clock.ts';
import { type QuotaPeriod, type QuotaWindow, quotaWindowAt } from '../plans/plan.ts';
import type { Burst } from './rate-limit.ts';
import { type NotedCall, createCallTally } from './call-tally.ts';
import type { MaybePromise, UsageBatch, UsageStore } from './usage-store.ts';

/** Calls not yet written when the process is killed are lost from quotas: at most those of this interval. */
export const FLUSH_INTERVAL_MS = 250;
/** What pages show is written with every fourth flush: a row for each key and operation costs far more than a quota. */
const FLUSHES_PER_TALLY = 4;

/** Above this number, subscriptions that have been silent are forgotten; they are read again when they call. */
const MOST_COUNTERS = 100_000;
/** Longer than any window of a rate limit. */
const IDLE_MS = 3_600_000;

/** What one subscription has used. */
export interface SubscriptionUsage {
  readonly window: QuotaWindow;
  /** Calls counted in `window`. */
  readonly used: number;
  /** Of the rate limit. Not kept over a restart. */
  readonly burst: Burst;
}

/**
 * Counts in memory, exactly, and writes to the usage database every FLUSH_INTERVAL_MS and at the end. The verifier is
 * the only writer, so that what is in memory is never behind the database.
 */
export interface UsageRecorder {
  /** What was used so far in the window of `nowMs`; read from the database when it is needed first. */
  usageOf(subscriptionId: string, period: QuotaPeriod, nowMs: number): MaybePromise<SubscriptionUsage>;
  /** Counts one allowed call. Called in the same turn as the decision, so that limits are exact under concurrency. */
  take(subscriptionId: string, burst: Burst): void;
  /** Notes a call of a known key for the portal's pages. */
  note(call: NotedCall): void;
  /** Writes what was counted; a failure is reported and tried again by the next flush. */
  flush(): Promise<void>;
  start(): void;
  /** Stops the timer and writes what is left. */
  stop(): Promise<void>;
}

interface Counter {
  subscriptionId: string;
  period: QuotaPeriod;
  window: QuotaWindow;
  used: number;
  /** Part of `used` that is not in the database yet. */
  unwritten: number;
  burst: Burst;
}

type QuotaCalls = UsageBatch['quotas'][number];

export interface UsageRecorderDeps {
  store: UsageStore;
  clock: Clock;
  onReadError: (error: unknown) => void;
  onWriteError: (error: unknown) => void;
}

export function createUsageRecorder({ store, clock, onReadError, onWriteError }: UsageRecorderDeps): UsageRecorder {
  const counters = new Map<string, Counter>();
  const tally = createCallTally();
  let unwritten = new Set<Counter>();
  /** Calls whose counter has moved to another window, or that could not be written before; by subscription and window. */
  let overdue = new Map<string, QuotaCalls>();
  let flushing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  function open(subscriptionId: string, period: QuotaPeriod, window: QuotaWindow, used: number): Counter {
    const current = counters.get(subscriptionId);
    if (current && isCurrent(current, period, window.startMs)) return current;
    if (current && unwritten.delete(current)) addCalls(overdue, quotaCalls(current));
    const counter = {
      subscriptionId,
      period,
      window,
      used,
      unwritten: 0,
      burst: current?.burst ?? { calls: 0, atMs: 0 },
    };
    counters.set(subscriptionId, counter);
    return counter;
  }

  /** Unreadable usage must not end everybody's calls: counting goes on from zero, and the next write corrects it. */
  function unreadable(error: unknown): number {
    onReadError(error);
    return 0;
  }

  function read(subscriptionId: string, windowStartMs: number): MaybePromise<number | undefined> {
    try {
      const used = store.findQuotaUsed(subscriptionId, windowStartMs);
      return used instanceof Promise ? used.catch(unreadable) : used;
    } catch (error) {
      return unreadable(error);
    }
  }

  function takeQuotas(): ReadonlyMap<string, QuotaCalls> {
    const taken = overdue;
    for (const counter of unwritten) {
      addCalls(taken, quotaCalls(counter));
      counter.unwritten = 0;
    }
    overdue = new Map();
    unwritten = new Set();
    return taken;
  }

  async function write(withTally: boolean): Promise<void> {
    const quotas = takeQuotas();
    const calls = withTally ? tally.take() : { counts: [], activities: [] };
    if (quotas.size === 0 && calls.activities.length === 0) return;
    try {
      for (const total of await store.add({ quotas: [...quotas.values()], ...calls })) {
        const counter = counters.get(total.subscription_id);
        if (counter?.window.startMs === total.window_start_ms) counter.used = total.used + counter.unwritten;
      }
    } catch (error) {
      for (const quota of quotas.values()) addCalls(overdue, quota);
      tally.putBack(calls);
      onWriteError(error);
    }
  }

  function forgetSome(nowMs: number): void {
    for (const counter of counters.values()) {
      if (counters.size <= MOST_COUNTERS) return;
      if (counter.unwritten === 0 && nowMs - counter.burst.atMs > IDLE_MS) counters.delete(counter.subscriptionId);
    }
  }

  /** One at a time; who asks meanwhile gets the one under way. */
  async function flush(withTally: boolean): Promise<void> {
    flushing ??= write(withTally).finally(() => {
      flushing = null;
      forgetSome(clock.nowMs());
    });
    await flushing;
  }

  return {
    usageOf(subscriptionId, period, nowMs) {
      const current = counters.get(subscriptionId);
      // A clock that jumped back must not lock anybody out until it catches up.
      if (current && current.burst.atMs > nowMs) current.burst = { ...current.burst, atMs: nowMs };
      if (current && isCurrent(current, period, nowMs)) return current;
      const window = quotaWindowAt(period, nowMs);
      const used = read(subscriptionId, window.startMs);
      return used instanceof Promise
        ? used.then((calls) => open(subscriptionId, period, window, calls ?? 0))
        : open(subscriptionId, period, window, used ?? 0);
    },
    take(subscriptionId, burst) {
      const counter = counters.get(subscriptionId);
      if (!counter) return;
      counter.burst = burst;
      counter.used += 1;
      counter.unwritten += 1;
      unwritten.add(counter);
    },
    note: (call) => tally.note(call),
    flush: () => flush(true),
    start() {
      let flushes = 0;
      timer ??= setInterval(() => {
        flushes += 1;
        void flush(flushes % FLUSHES_PER_TALLY === 0);
      }, FLUSH_INTERVAL_MS);
    },
    async stop() {
      if (timer) clearInterval(timer);
      timer = null;
      // A flush under way took its batch before the last calls.
      await flushing;
      await flush(true);
    },
  };
}

function isCurrent(counter: Counter, period: QuotaPeriod, nowMs: number): boolean {
  return counter.period === period && counter.window.startMs <= nowMs && nowMs < counter.window.endMs;
}

function addCalls(quotas: Map<string, QuotaCalls>, added: QuotaCalls): void {
  const key = `${added.subscriptionId} ${added.windowStartMs}`;
  quotas.set(key, { ...added, calls: added.calls + (quotas.get(key)?.calls ?? 0) });
}

function quotaCalls(counter: Counter): QuotaCalls {
  return { subscriptionId: counter.subscriptionId, windowStartMs: counter.window.startMs, calls: counter.unwritten };
}
