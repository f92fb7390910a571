import type { Limits, PlanLimits, Quota, RateLimit } from '../plans/plan-limits.ts';
import { NO_LIMITS } from '../plans/plan-limits.ts';
import {
  type Meter,
  type Metered,
  type QuotaCounter,
  type RateBucket,
  type Subject,
  bucketName,
  counterName,
} from './meter.ts';
import { type Bucket, levelAt } from './rate-limit.ts';
import { type SharedCounts, SharedQuotaCounter, SharedRateBucket } from './shared-counts.ts';

/** A meter as its owner sees it, who may count. */
export interface OpenMeter extends Meter {
  rates: RateBucket[];
  quotas: QuotaCounter[];
  isKept: boolean;
  /** Of the subscription, where counts are shared. */
  lock: number;
}

/** Everything that is counted of one subscription. Counters outlive the meters that a change of plan ends. */
interface Page {
  limits: PlanLimits;
  /** Of calls that no limit per key or operation concerns: nearly all. */
  plain: OpenMeter | null;
  others: Map<string, OpenMeter>;
  counters: Map<string, QuotaCounter>;
  buckets: Map<string, RateBucket>;
}

/** All counters in memory, by subscription. */
export interface MeterBook {
  /** The meter of a call; made when it is needed first. @param keyId first key of the chain of rotations */
  find(subscription: Metered, keyId: string, operationId: string): OpenMeter;
  counter(subscriptionId: string, name: string): QuotaCounter | undefined;
  counters(): Iterable<QuotaCounter>;
  buckets(): Iterable<RateBucket>;
  /** A bucket as a journal kept it. */
  restoreBucket(name: string, level: number, atMs: number): void;
  /** Those of `restoreBucket` that were not asked for since, and may still matter. */
  restoredBuckets(nowMs: number): Iterable<[name: string, bucket: Bucket]>;
  /** Ends subscriptions that lose nothing by it, until no more than `most` are left. */
  forget(most: number, nowMs: number): void;
}

/** Of a rate limit. */
const LONGEST_WINDOW_MS = 86_400_000;
const NO_WINDOW = { startMs: 0, endMs: 0 };

/** @param shared absent where nobody else counts */
export function createMeterBook(shared?: SharedCounts): MeterBook {
  const pages = new Map<string, Page>();
  const restored = new Map<string, Bucket>();
  /** Another one with every page that ends or changes: what was found before is looked for again. */
  let edition = {};

  function pageOf({ id, limits }: Metered): Page {
    const known = pages.get(id);
    if (known?.limits === limits) return known;
    if (known) {
      Object.assign(known, { limits, plain: null, others: new Map() });
      edition = {};
      return known;
    }
    const page = { limits, plain: null, others: new Map(), counters: new Map(), buckets: new Map() };
    pages.set(id, page);
    return page;
  }

  function openBucket(name: string, limit: RateLimit): RateBucket {
    const kept = restored.get(name);
    restored.delete(name);
    return shared ? new SharedRateBucket(name, limit) : newBucket(name, limit, kept);
  }

  const openCounter = (name: string, subject: Subject, quota: Quota): QuotaCounter =>
    shared ? new SharedQuotaCounter(shared, name, subject, quota) : newCounter(name, subject, quota);

  function addTo(meter: OpenMeter, page: Page, subject: Subject, { rateLimits, quotas }: Limits): void {
    for (const limit of rateLimits) {
      const name = bucketName(subject, limit);
      const bucket = page.buckets.get(name) ?? openBucket(name, limit);
      bucket.limit = limit;
      page.buckets.set(name, bucket);
      meter.rates.push(bucket);
    }
    for (const quota of quotas) {
      const name = counterName(subject, quota);
      const counter = page.counters.get(name) ?? openCounter(name, subject, quota);
      counter.quota = quota;
      page.counters.set(name, counter);
      meter.quotas.push(counter);
    }
  }

  function build(page: Page, subscriptionId: string, keyId: string, operationId: string): OpenMeter {
    const lock = shared ? shared.lockOf(subscriptionId) : 0;
    const meter: OpenMeter = { rates: [], quotas: [], isKept: true, lock };
    const whole = { subscriptionId, operationId: '', keyId: '' };
    addTo(meter, page, whole, page.limits);
    if (keyId !== '') addTo(meter, page, { ...whole, keyId }, page.limits.perKey);
    if (operationId !== '')
      addTo(meter, page, { ...whole, operationId }, page.limits.operations[operationId] ?? NO_LIMITS);
    return meter;
  }

  return {
    find(subscription, keyId, operationId) {
      if (subscription.found && subscription.foundIn === edition) return subscription.found as OpenMeter;
      const page = pageOf(subscription);
      const { perKey, operations } = page.limits;
      const forKey = perKey.rateLimits.length + perKey.quotas.length > 0 ? keyId : '';
      const forOperation = Object.hasOwn(operations, operationId) ? operationId : '';
      if (forKey === '' && forOperation === '') {
        page.plain ??= build(page, subscription.id, '', '');
        if (isPlain(page.limits)) [subscription.found, subscription.foundIn] = [page.plain, edition];
        return page.plain;
      }
      const name = `${forKey} ${forOperation}`;
      const known = page.others.get(name);
      if (known) return known;
      const meter = build(page, subscription.id, forKey, forOperation);
      page.others.set(name, meter);
      return meter;
    },
    counter: (subscriptionId, name) => pages.get(subscriptionId)?.counters.get(name),
    *counters() {
      for (const page of pages.values()) yield* page.counters.values();
    },
    *buckets() {
      for (const page of pages.values()) yield* page.buckets.values();
    },
    *restoredBuckets(nowMs) {
      for (const entry of restored) {
        if (nowMs - entry[1].atMs < LONGEST_WINDOW_MS) yield entry;
        else restored.delete(entry[0]);
      }
    },
    restoreBucket: (name, level, atMs) => void restored.set(name, { level, atMs }),
    forget(most, nowMs) {
      for (const [id, page] of pages) {
        if (pages.size <= most) return;
        if (!isIdle(page, nowMs)) continue;
        pages.delete(id);
        edition = {};
      }
    },
  };
}

/** All calls have the same limits. */
function isPlain({ perKey, operations }: PlanLimits): boolean {
  return perKey.rateLimits.length + perKey.quotas.length === 0 && Object.keys(operations).length === 0;
}

function isIdle({ counters, buckets }: Page, nowMs: number): boolean {
  return (
    counters.values().every(({ unwritten, taken }) => unwritten === 0 && taken === 0) &&
    buckets.values().every((bucket) => !bucket.isTaken && levelAt(bucket, bucket.limit, nowMs) === 0)
  );
}

function newBucket(name: string, limit: RateLimit, kept: Bucket | undefined): RateBucket {
  const { level, atMs } = kept ?? { level: 0, atMs: 0 };
  return { name, limit, level, atMs, isTaken: false, segment: -1, number: 0 };
}

function newCounter(name: string, subject: Subject, quota: Quota): QuotaCounter {
  return {
    name,
    subject,
    quota,
    window: NO_WINDOW,
    used: 0,
    unwritten: 0,
    taken: 0,
    isKnown: false,
    markedPercent: 0,
    segment: -1,
    number: 0,
  };
}
