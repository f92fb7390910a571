import { keyStateAt } from '../keys/api-key.ts';
import type { Allowlist, IpAddress } from '../platform/ip-address.ts';
import type { PolicyBook, Violation } from '../policies/policy-book.ts';
import type { Meter } from '../usage/meter.ts';
import { type CallRules, grantedScopes, refuseCall, refuseReferrer } from './call-rules.ts';
import type { CredentialReading } from './credential.ts';
import { type Price, decideLimits, priceOf } from './decide-limits.ts';
import type { QuestionHeaders } from './question.ts';
import { type Target, refuseEnding } from './target.ts';
import { type Allowed, type Refusal, type Refused, type Verdict, refused } from './verdict.ts';
import type { KeyFacts, SubscriptionFacts } from './key-facts.ts';

/** Everything a decision rests on. */
export interface Facts {
  credential: CredentialReading;
  /** null: no such key. */
  key: KeyFacts | null;
  address: IpAddress | null;
  /** The key came in HTTP Basic. */
  isBasic: boolean;
  /** Security policies in force; null for none. */
  policies: PolicyBook | null;
  /** The page that calls, as the caller says. */
  from: Pick<QuestionHeaders, 'origin' | 'referrer'>;
  /** null when the question names none. */
  method: string | null;
  target: Target;
  /** What the call costs, as a program says; null leaves it to the plan and the document. */
  cost: number | null;
  /** Its limits with what was counted so far; null without a subscription. */
  meter: Meter | null;
}

/** A verdict, and what is to be taken from the limits; null when nothing is to be counted. */
export interface Decision {
  verdict: Verdict;
  price: Price | null;
  /** Security policies that a call breaks which is right in all else; absent when it breaks none. */
  violations?: readonly Violation[];
}

/**
 * Decides one call: credential, key, address, referrer, path, subscription, method, operation, scopes, policies,
 * rate limit, quota, in this order, so that nobody learns anything about APIs without a working key, and a refused call uses up
 * nothing.
 * Pure and synchronous; `nowMs` is wall-clock time in ms. What no rule allows is refused.
 */
export function decide(facts: Facts, nowMs: number): Decision {
  const refusal = refuseKey(facts, nowMs) ?? refuseTarget(facts, nowMs);
  if (refusal) return { verdict: refusal, price: null };
  return facts.policies === null ? meterCall(facts, nowMs) : judgeCall(facts, facts.policies, nowMs);
}

/** What is enforced refuses; the rest of what is broken is counted, and warned of if it is time for that. */
function judgeCall(facts: Facts, policies: PolicyBook, nowMs: number): Decision {
  const { key, target } = facts;
  const violations =
    key && policies.judge(key.policyFacts, facts, target.api, key.subscription?.planSlug ?? null, nowMs);
  if (!violations) return meterCall(facts, nowMs);
  const enforced = violations.find(({ stage }) => stage === 'enforced');
  if (enforced) {
    const refusal: Refusal = { code: 'policy_violated', violation: enforced };
    return { verdict: refused(key.caller, refusal), price: null, violations: [enforced] };
  }
  const { verdict, price } = meterCall(facts, nowMs);
  if (!verdict.allowed) return { verdict, price };
  const warnings = violations.filter(({ stage }) => stage === 'warned');
  return { verdict: warnings.length > 0 ? { ...verdict, warnings } : verdict, price, violations };
}

function refuseKey({ credential, key, address, from }: Facts, nowMs: number): Refused | null {
  if (!credential.ok) return refused(null, { code: credential.code });
  if (!key) return refused(null, { code: 'unknown_key' });
  const { caller, allowlist, rules } = key;
  switch (keyStateAt(key, nowMs)) {
    case 'revoked':
      return refused(caller, { code: 'key_revoked', atMs: key.revokedAtMs ?? nowMs });
    case 'expired':
      return refused(caller, { code: key.isReplaced ? 'key_replaced' : 'key_expired', atMs: key.expiresAtMs ?? nowMs });
    case 'suspended':
      return refused(caller, { code: 'key_suspended', atMs: key.suspendedAtMs ?? nowMs });
    case 'active': {
      if (key.ownerSuspension) {
        const { of, atMs } = key.ownerSuspension;
        return refused(caller, { code: `${of}_suspended`, atMs });
      }
      const refusal = refuseAddress(allowlist, address) ?? (rules && refuseReferrer(rules, from));
      return refusal && refused(caller, refusal);
    }
  }
}

function refuseAddress(allowlist: Allowlist | null, address: IpAddress | null): Refusal | null {
  if (!allowlist) return null;
  if (!address) return { code: 'address_unknown' };
  return allowlist.includes(address) ? null : { code: 'address_not_allowed', address: address.text };
}

function refuseTarget({ key, target, method }: Facts, nowMs: number): Refused | null {
  const caller = key?.caller ?? null;
  const ending = target.route?.ending ? refuseEnding(target.route, nowMs) : null;
  if (ending) return refused(caller, ending);
  if (target.refusal) return refused(caller, target.refusal);
  const subscription = key?.subscription ?? null;
  const rules = key?.rules ?? null;
  if (target.api !== '' && !subscription) return refused(caller, { code: 'not_subscribed', api: target.api });
  const refusal =
    (rules && refuseCall(rules, target, method)) ?? (subscription && refuseScopes(subscription, target, rules));
  return refusal && refused(caller, refusal);
}

function refuseScopes(plan: SubscriptionFacts, { operation }: Target, rules: CallRules | null): Refusal | null {
  if (!operation || operation.scopes.length === 0) return null;
  const missing = operation.scopes.filter((scope) => !includesWord(plan.scopes, scope));
  if (missing.length > 0) return { code: 'insufficient_scope', plan: plan.planSlug, missing, isLimitedByKey: false };
  const limits = rules?.scopes;
  const withheld = limits ? operation.scopes.filter((scope) => !limits.has(scope)) : [];
  if (withheld.length === 0) return null;
  return { code: 'insufficient_scope', plan: plan.planSlug, missing: withheld, isLimitedByKey: true };
}

function meterCall({ key, target, cost, meter }: Facts, nowMs: number): Decision {
  if (!key) return { verdict: refused(null, { code: 'unknown_key' }), price: null };
  const { caller, subscription, rules } = key;
  if (!subscription || target.api === '') return { verdict: allowed(key, target, null, null), price: null };
  if (!meter) return { verdict: refused(caller, { code: 'unavailable' }), price: null };
  const price = priceOf(cost, subscription.limits, target.operation);
  const decided = decideLimits(meter, price, nowMs);
  if (!decided.ok) return { verdict: refused(caller, decided.refusal), price: null };
  const plan = { slug: subscription.planSlug, scopes: grantedScopes(subscription.scopes, rules) };
  return { verdict: allowed(key, target, plan, decided.limits), price: price.calls === 0 ? null : price };
}

function allowed(key: KeyFacts, target: Target, plan: Allowed['plan'], limits: Allowed['limits']): Allowed {
  return {
    allowed: true,
    caller: key.caller,
    api: target.api,
    version: target.version,
    operationId: target.operation?.operationId ?? '',
    keyEndsAtMs: key.isReplaced ? key.expiresAtMs : null,
    deprecation: target.operation?.deprecation ?? target.route?.deprecation ?? null,
    plan,
    limits,
  };
}

/** Whether a word is one of those of a text, which blanks part; a list of them would have to be made for every call. */
function includesWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1], text[at + word.length]];
    if ((before ?? ' ') === ' ' && (after ?? ' ') === ' ') return true;
  }
  return false;
}
