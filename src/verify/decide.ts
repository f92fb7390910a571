import { keyStateAt } from '../keys/api-key.ts';
import type { Allowlist, IpAddress } from '../platform/ip-address.ts';
import { type Burst, type RateState, rateStateAt } from '../usage/rate-limit.ts';
import type { SubscriptionUsage } from '../usage/usage-recorder.ts';
import type { CredentialReading } from './credential.ts';
import type { Target } from './target.ts';
import { type Limits, type Refused, type Verdict, refused } from './verdict.ts';
import type { KeyFacts, SubscriptionFacts } from './verification-store.ts';

/** Everything a decision rests on. */
export interface Facts {
  credential: CredentialReading;
  /** null: no such key. */
  key: KeyFacts | null;
  /** The key's allowlist; null when it allows any address. */
  allowlist: Allowlist | null;
  address: IpAddress | null;
  target: Target;
  /** What was counted so far; null without a subscription. */
  counted: SubscriptionUsage | null;
}

/** A verdict, and what the rate limiter has to remember; null when nothing is to be counted. */
export interface Decision {
  verdict: Verdict;
  burst: Burst | null;
}

/**
 * Decides one call: credential, key, address, path, subscription, scopes, rate limit, quota, in this order, so that
 * nobody learns anything about APIs without a working key, and a refused call uses up nothing.
 * Pure and synchronous; `nowMs` is wall-clock time in ms. What no rule allows is refused.
 */
export function decide(facts: Facts, nowMs: number): Decision {
  const refusal = refuseKey(facts, nowMs) ?? refuseTarget(facts);
  return refusal ? { verdict: refusal, burst: null } : decideLimits(facts, nowMs);
}

function refuseKey({ credential, key, allowlist, address }: Facts, nowMs: number): Refused | null {
  if (!credential.ok) return refused(null, { code: credential.code });
  if (!key) return refused(null, { code: 'unknown_key' });
  const { caller } = key;
  switch (keyStateAt(key, nowMs)) {
    case 'revoked':
      return refused(caller, { code: 'key_revoked', atMs: key.revokedAtMs ?? nowMs });
    case 'expired':
      return refused(caller, { code: key.isReplaced ? 'key_replaced' : 'key_expired', atMs: key.expiresAtMs ?? nowMs });
    case 'suspended':
      return refused(caller, { code: 'key_suspended', atMs: key.suspendedAtMs ?? nowMs });
    case 'active':
      if (!allowlist) return null;
      if (!address) return refused(caller, { code: 'address_unknown' });
      return allowlist.includes(address)
        ? null
        : refused(caller, { code: 'address_not_allowed', address: address.text });
  }
}

function refuseTarget({ key, target }: Facts): Refused | null {
  const caller = key?.caller ?? null;
  if (target.refusal) return refused(caller, target.refusal);
  if (target.api === '') return null;
  if (!key?.subscription) return refused(caller, { code: 'not_subscribed', api: target.api });
  const granted = key.subscription.scopes.split(' ');
  const missing = target.operation?.scopes.filter((scope) => !granted.includes(scope)) ?? [];
  if (missing.length === 0) return null;
  return refused(caller, { code: 'insufficient_scope', plan: key.subscription.planSlug, missing });
}

function decideLimits({ key, target, counted }: Facts, nowMs: number): Decision {
  if (!key) return { verdict: refused(null, { code: 'unknown_key' }), burst: null };
  const { caller, subscription } = key;
  const asked = {
    api: target.api,
    version: target.version,
    operationId: target.operation?.operationId ?? '',
    keyEndsAtMs: key.isReplaced ? key.expiresAtMs : null,
    deprecation: target.route?.deprecation ?? null,
  };
  if (!subscription || target.api === '') {
    return { verdict: { allowed: true, caller, ...asked, plan: null, limits: null }, burst: null };
  }
  if (!counted) return { verdict: refused(caller, { code: 'unavailable' }), burst: null };
  const rate = rateStateAt(counted.burst, subscription.rateLimit, subscription.rateWindowSeconds, nowMs);
  const limits = limitsAfter(subscription, rate, counted, nowMs);
  if (!rate.allowed) return { verdict: refused(caller, { code: 'rate_limited', limits }), burst: null };
  if (counted.used >= subscription.quota) {
    return { verdict: refused(caller, { code: 'quota_exceeded', limits }), burst: null };
  }
  const plan = { slug: subscription.planSlug, scopes: subscription.scopes };
  return { verdict: { allowed: true, caller, ...asked, plan, limits }, burst: rate.burst };
}

function limitsAfter(plan: SubscriptionFacts, rate: RateState, counted: SubscriptionUsage, nowMs: number): Limits {
  return {
    rate: {
      limit: plan.rateLimit,
      windowSeconds: plan.rateWindowSeconds,
      remaining: rate.remaining,
      resetSeconds: Math.ceil(rate.resetMs / 1000),
    },
    quota: {
      limit: plan.quota,
      windowSeconds: (counted.window.endMs - counted.window.startMs) / 1000,
      remaining: Math.max(0, plan.quota - counted.used - (rate.allowed ? 1 : 0)),
      resetSeconds: Math.ceil((counted.window.endMs - nowMs) / 1000),
      resetAtMs: counted.window.endMs,
    },
  };
}
