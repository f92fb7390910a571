import { keyStateAt } from '../keys/api-key.ts';
import { parseIpAddress } from '../platform/ip-address.ts';
import type { MannerSum } from './policy-count-store.ts';
import { type PolicyScope, type SecurityPolicy, covers } from './policy.ts';
import { firstViolated } from './policy-book.ts';
import {
  type PolicyCallFacts,
  type PolicyCheck,
  type PolicyKeyFacts,
  type PolicyRuleKind,
  prepareChecks,
  violates,
} from './policy-rule.ts';

/** A key with what policies look at, and whose it is. */
export interface PolicyKey {
  keyId: string;
  keyName: string;
  applicationId: string;
  applicationName: string;
  teamId: string;
  teamName: string;
  facts: PolicyKeyFacts;
  suspendedAtMs: number | null;
  revokedAtMs: number | null;
  /** API -> plan, of its application. */
  plans: ReadonlyMap<string, string>;
}

/** A key that a policy would hit. */
export interface HitKey extends Omit<PolicyKey, 'facts' | 'plans' | 'suspendedAtMs' | 'revokedAtMs'> {
  environment: 'live' | 'test';
  /** Every rule that it breaks, in the order in which they are checked. */
  broken: readonly PolicyRuleKind[];
  /** Recorded calls that would be refused. */
  calls: number;
}

export interface PolicyImpact {
  /** Those with most calls first. */
  keys: readonly HitKey[];
  teams: number;
  /** Recorded calls that would be refused. */
  calls: number;
  /** All recorded calls that the policy is about. */
  callsInScope: number;
}

/**
 * Whom a policy would hit if the recorded calls came again at `atMs`, with the keys as they are now. Keys that do not
 * work then are not hit. Asks the same rules as the verifier.
 */
export function simulatePolicy(
  policy: Pick<SecurityPolicy, 'rules'> & PolicyScope,
  keys: readonly PolicyKey[],
  manners: readonly MannerSum[],
  atMs: number,
): PolicyImpact {
  const checks = prepareChecks(policy.rules);
  const byKey = Map.groupBy(manners, ({ keyId }) => keyId);
  const hits: HitKey[] = [];
  let callsInScope = 0;
  for (const key of keys) {
    if (keyStateAt({ ...key, expiresAtMs: key.facts.expiresAtMs }, atMs) !== 'active') continue;
    const judged = judgeKey(policy, checks, key, byKey.get(key.keyId) ?? [], atMs);
    callsInScope += judged.callsInScope;
    if (judged.broken.length > 0) hits.push(hitOf(key, judged));
  }
  return {
    keys: hits.sort((a, b) => b.calls - a.calls || a.keyName.localeCompare(b.keyName, 'en')),
    teams: new Set(hits.map(({ teamId }) => teamId)).size,
    calls: hits.reduce((sum, { calls }) => sum + calls, 0),
    callsInScope,
  };
}

interface Judged {
  broken: readonly PolicyRuleKind[];
  calls: number;
  callsInScope: number;
}

function judgeKey(
  policy: PolicyScope,
  checks: readonly PolicyCheck[],
  key: PolicyKey,
  manners: readonly MannerSum[],
  atMs: number,
): Judged {
  const { facts } = key;
  const broken = new Set<PolicyRuleKind>();
  const note = (call: PolicyCallFacts | null): void => {
    for (const check of checks) if (violates(check, facts, call, atMs)) broken.add(check.rule.kind);
  };
  if (isInScope(policy, key)) note(null);
  const judged = { calls: 0, callsInScope: 0 };
  for (const manner of manners) {
    if (!covers(policy, facts.environment, manner.api, key.plans.get(manner.api) ?? null)) continue;
    const call = { isBasic: manner.isBasic, address: parseIpAddress(manner.address) };
    judged.callsInScope += manner.calls;
    if (firstViolated(checks, facts, call, atMs) === -1) continue;
    judged.calls += manner.calls;
    note(call);
  }
  return { ...judged, broken: checks.map(({ rule }) => rule.kind).filter((kind) => broken.has(kind)) };
}

/** Whether a key could make calls that the policy is about. */
function isInScope(policy: PolicyScope, { facts, plans }: PolicyKey): boolean {
  const { apiSlug } = policy;
  if (apiSlug !== null && !plans.has(apiSlug)) return false;
  return covers(policy, facts.environment, apiSlug ?? '', apiSlug === null ? null : (plans.get(apiSlug) ?? null));
}

function hitOf(key: PolicyKey, { broken, calls }: Judged): HitKey {
  const { keyId, keyName, applicationId, applicationName, teamId, teamName, facts } = key;
  const whose = { keyId, keyName, applicationId, applicationName, teamId, teamName };
  return { ...whose, environment: facts.environment, broken, calls };
}
