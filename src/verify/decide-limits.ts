import type { PlanLimits, Quota, RateLimit } from '../plans/plan-limits.ts';
import { mostCalls } from '../plans/plan-limits.ts';
import type { Meter } from '../usage/meter.ts';
import { fitsAfterMs, fitsRate, levelAt, moreAfterMs, remainingOf } from '../usage/rate-limit.ts';
import type { RouteOperation } from './route-table.ts';
import type { LimitState, Refusal } from './verdict.ts';

/** What a call takes of limits that count costs, and of limits that count calls. */
export interface Price {
  cost: number;
  /** 1; 0 for a question that only looks. */
  calls: 0 | 1;
}

export type LimitDecision = { ok: true; limits: readonly LimitState[] } | { ok: false; refusal: Refusal };

/**
 * What one call costs: as the program that asks says, else as the plan says of the operation, else as the document does.
 * @param asked 0 only looks, and takes nothing
 */
export function priceOf(asked: number | null, { operations }: PlanLimits, operation: RouteOperation | null): Price {
  if (asked !== null) return { cost: asked, calls: asked === 0 ? 0 : 1 };
  const planned = operation && Object.hasOwn(operations, operation.operationId) && operations[operation.operationId];
  return { cost: (planned ? planned.cost : null) ?? operation?.cost ?? 1, calls: 1 };
}

/** Checks all limits before any is taken from, so that a refused call uses up nothing. */
export function decideLimits(meter: Meter, price: Price, nowMs: number): LimitDecision {
  let [rateFits, quotaFits] = [true, true];
  for (const bucket of meter.rates)
    rateFits &&= fitsRate(levelAt(bucket, bucket.limit, nowMs), bucket.limit, amountOf(bucket.limit, price));
  for (const { quota, isKnown, used } of meter.quotas) {
    // A hard quota is never exceeded: where its count may be lost or is not known, nothing passes.
    if (quota.hard && !(isKnown && meter.isKept)) return { ok: false, refusal: { code: 'unavailable' } };
    quotaFits &&= fitsQuota(quota, used, amountOf(quota, price));
  }
  if (rateFits && quotaFits) return { ok: true, limits: statesAfter(meter, price, nowMs) };
  return { ok: false, refusal: refusalOf(meter, price, nowMs, rateFits ? 'quota_exceeded' : 'rate_limited') };
}

/** With nothing left, a call that costs nothing is refused too: what it costs in the end is told later. */
function fitsQuota(quota: Quota, used: number, amount: number): boolean {
  const most = mostCalls(quota);
  return used < most && used + amount <= most;
}

function amountOf({ counts }: { counts: Quota['counts'] }, { cost, calls }: Price): number {
  return counts === 'cost' ? cost : calls;
}

function statesAfter(meter: Meter, price: Price, nowMs: number): LimitState[] {
  const states: LimitState[] = [];
  for (const bucket of meter.rates) {
    const { limit } = bucket;
    states.push(rateState(limit, levelAt(bucket, limit, nowMs) + amountOf(limit, price), nowMs));
  }
  for (const { quota, window, used } of meter.quotas)
    states.push(quotaState(quota, window, used + amountOf(quota, price), nowMs));
  return states;
}

function rateState(limit: RateLimit, level: number, nowMs: number): LimitState {
  const resetMs = moreAfterMs(level, limit);
  return {
    name: limit.name,
    kind: 'rate',
    limit: limit.calls,
    windowSeconds: limit.perSeconds,
    remaining: remainingOf(level, limit),
    resetSeconds: Math.ceil(resetMs / 1000),
    resetAtMs: nowMs + Math.ceil(resetMs),
  };
}

function quotaState(
  { name, calls }: Quota,
  { startMs, endMs }: { startMs: number; endMs: number },
  used: number,
  nowMs: number,
): LimitState {
  return {
    name,
    kind: 'quota',
    limit: calls,
    windowSeconds: (endMs - startMs) / 1000,
    remaining: Math.max(0, calls - used),
    resetSeconds: Math.max(0, Math.ceil((endMs - nowMs) / 1000)),
    resetAtMs: endMs,
  };
}

/** `Retry-After` is when the call fits all limits again, never before the `t` of one that was violated. */
function refusalOf(meter: Meter, price: Price, nowMs: number, code: 'rate_limited' | 'quota_exceeded'): Refusal {
  const limits: LimitState[] = [];
  const violated: LimitState[] = [];
  let retryAfterSeconds = 1;
  const add = (state: LimitState, fits: boolean, fitsAfterSeconds: number): void => {
    limits.push(state);
    if (fits) return;
    violated.push(state);
    retryAfterSeconds = Math.max(retryAfterSeconds, state.resetSeconds, Math.ceil(fitsAfterSeconds));
  };
  for (const bucket of meter.rates) {
    const { limit } = bucket;
    const [level, amount] = [levelAt(bucket, limit, nowMs), amountOf(limit, price)];
    add(rateState(limit, level, nowMs), fitsRate(level, limit, amount), fitsAfterMs(level, limit, amount) / 1000);
  }
  for (const { quota, window, used } of meter.quotas) {
    const state = quotaState(quota, window, used, nowMs);
    add(state, fitsQuota(quota, used, amountOf(quota, price)), state.resetSeconds);
  }
  return { code, limits, violated, retryAfterSeconds };
}
