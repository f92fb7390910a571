import type { Allowlist } from '../platform/ip-address.ts';
import type { PlanLimits } from '../plans/plan-limits.ts';
import type { PolicyKeyFacts } from '../policies/policy-rule.ts';
import type { Metered } from '../usage/meter.ts';
import type { CallRules } from './call-rules.ts';
import type { NotedKey } from './call-runs.ts';

/** What the database knows about a key and its application's plan on one API, at the moment of the call. */
export interface KeyFacts extends NotedKey {
  /** The first key of its chain of rotations: limits per key are counted for it. */
  lineageId: string;
  /** null when it allows any address. */
  allowlist: Allowlist | null;
  /** What else it is limited to; null for nothing. */
  rules: CallRules | null;
  expiresAtMs: number | null;
  suspendedAtMs: number | null;
  /** Of the application or its team, by an owner; null while neither is. */
  ownerSuspension: { of: 'application' | 'team'; atMs: number } | null;
  /** Also set when the application was deleted. */
  revokedAtMs: number | null;
  /** Rotated: it ends at `expiresAtMs`, when another key has taken its place. */
  isReplaced: boolean;
  /** What security policies look at. */
  policyFacts: PolicyKeyFacts;
  /** null: not subscribed to the API that was asked for. */
  subscription: SubscriptionFacts | null;
}

export interface SubscriptionFacts extends Metered {
  planSlug: string;
  /** Space-separated. */
  scopes: string;
  /** The same object as long as the plan's limits stay the same. */
  limits: PlanLimits;
}
