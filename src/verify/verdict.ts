import type { Violation } from '../policies/policy-book.ts';
import type { RefusalCode } from './refusals.ts';

export { type RefusalCode, type RefusalText, refusals } from './refusals.ts';

/** The closed list of verdicts. Pure; what people are told about refusals is in `refusals.ts`. */

/** Why a call was refused, with the facts a developer can act on. */
export type Refusal =
  | { code: 'key_expired' | 'key_replaced' | 'key_revoked' | 'key_suspended'; atMs: number }
  | { code: 'application_suspended' | 'team_suspended'; atMs: number }
  | { code: 'address_not_allowed'; address: string }
  | { code: 'not_subscribed'; api: string }
  /** `successor`: the version to move to; null when there is none. */
  | { code: 'version_retired'; api: string; version: string; successor: string | null }
  | {
      code: 'brown_out';
      api: string;
      version: string;
      successor: string | null;
      untilMs: number;
      sunsetAtMs: number | null;
      retryAfterSeconds: number;
    }
  /** `site`: null when the call named none. */
  | { code: 'referrer_not_allowed'; site: string | null }
  /** null when the question names none. */
  | { code: 'method_not_allowed_for_key'; method: string | null }
  | { code: 'operation_not_allowed_for_key'; operationId: string | null }
  /** `isLimitedByKey`: the plan has what is missing. */
  | { code: 'insufficient_scope'; plan: string; missing: readonly string[]; isLimitedByKey: boolean }
  | { code: 'policy_violated'; violation: Violation }
  | {
      code: 'rate_limited' | 'quota_exceeded';
      limits: readonly LimitState[];
      /** Those that the call does not fit. */
      violated: readonly LimitState[];
      retryAfterSeconds: number;
    }
  | { code: Exclude<RefusalCode, CodeWithFacts> };

type CodeWithFacts =
  | 'key_expired'
  | 'key_replaced'
  | 'key_revoked'
  | 'key_suspended'
  | 'application_suspended'
  | 'team_suspended'
  | 'address_not_allowed'
  | 'not_subscribed'
  | 'version_retired'
  | 'brown_out'
  | 'referrer_not_allowed'
  | 'method_not_allowed_for_key'
  | 'operation_not_allowed_for_key'
  | 'insufficient_scope'
  | 'policy_violated'
  | 'rate_limited'
  | 'quota_exceeded';

/** Who is calling. */
export interface Caller {
  keyId: string;
  applicationId: string;
  teamId: string;
  environment: 'live' | 'test';
}

/** One limit of a call: after it when it was allowed, as it stands when it was refused. */
export interface LimitState {
  /** Unique among those of one call. */
  name: string;
  kind: 'rate' | 'quota';
  limit: number;
  windowSeconds: number;
  remaining: number;
  /** Until more is left. */
  resetSeconds: number;
  resetAtMs: number;
}

export interface Allowed {
  allowed: true;
  caller: Caller;
  /** What was asked for; '' where the question named none. */
  api: string;
  version: string;
  operationId: string;
  /** null when the question named no API: then only the key was verified. */
  plan: { slug: string; /** Space-separated. */ scopes: string } | null;
  limits: readonly LimitState[] | null;
  /** When a key that was rotated stops working; null for one that was not. */
  keyEndsAtMs: number | null;
  /** What the version or operation that was called is on its way to; null while it is not deprecated. */
  deprecation: VersionDeprecation | null;
  /** Security policies that will refuse such calls; absent when there are none. */
  warnings?: readonly Violation[];
}

export interface VersionDeprecation {
  deprecatedAtMs: number;
  sunsetAtMs: number | null;
  /** Newest active version of the same API; null when there is none. */
  successor: string | null;
  /** Slug of the notice that tells of it; absent when none does. */
  notice?: string;
}

export interface Refused {
  allowed: false;
  /** null when the call proved no key. */
  caller: Caller | null;
  refusal: Refusal;
}

export type Verdict = Allowed | Refused;

export function refused(caller: Caller | null, refusal: Refusal): Refused {
  return { allowed: false, caller, refusal };
}
