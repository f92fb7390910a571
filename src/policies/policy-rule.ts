import { type Allowlist, type IpAddress, createAllowlist, parseCidr } from '../platform/ip-address.ts';

/**
 * The rules of security policies. Pure: the verifier and the estimate from recorded traffic ask the same functions, so
 * that what an owner is shown before and what happens after are one truth.
 */
export type PolicyRule =
  /** No key may be older than so many days: rotate it before. */
  | { kind: 'max_key_age'; days: number }
  /** Every key has an IP allowlist. */
  | { kind: 'allowlist_required' }
  /** No call may carry its key as user name of HTTP Basic. */
  | { kind: 'basic_refused' }
  /** Every key is narrowed to scopes, instead of having all that the plan has. */
  | { kind: 'scopes_required' }
  /** Test keys may be used from these networks only. */
  | { kind: 'test_networks'; networks: readonly string[] }
  /** Every key ends, at most so many days after it was issued. */
  | { kind: 'expiry_required'; days: number };

export type PolicyRuleKind = PolicyRule['kind'];

/** In the order in which a call is checked: the first one that it breaks is named. */
export const POLICY_RULE_KINDS = [
  'basic_refused',
  'allowlist_required',
  'scopes_required',
  'max_key_age',
  'expiry_required',
  'test_networks',
] as const satisfies readonly PolicyRuleKind[];

/** Longest time that a rule can name, in days. */
export const MOST_DAYS = 3650;

/** What rules look at of a key. */
export interface PolicyKeyFacts {
  environment: 'live' | 'test';
  createdAtMs: number;
  expiresAtMs: number | null;
  hasAllowlist: boolean;
  /** Narrowed to some scopes. */
  hasScopes: boolean;
}

/** What rules look at of a call. */
export interface PolicyCallFacts {
  /** The key came in HTTP Basic. */
  isBasic: boolean;
  /** null: not known. */
  address: IpAddress | null;
}

/** A rule that is ready to be asked. */
export interface PolicyCheck {
  rule: PolicyRule;
  /** Those of the rule; null when it has none. */
  networks: Allowlist | null;
}

const DAY_MS = 86_400_000;

export function prepareCheck(rule: PolicyRule): PolicyCheck {
  if (rule.kind !== 'test_networks') return { rule, networks: null };
  return { rule, networks: createAllowlist(rule.networks.map(parseCidr).filter((cidr) => cidr !== null)) };
}

/** In the order of `POLICY_RULE_KINDS`, whatever the order in which they were written. */
export function prepareChecks(rules: readonly PolicyRule[]): PolicyCheck[] {
  const order = (rule: PolicyRule): number => POLICY_RULE_KINDS.indexOf(rule.kind);
  return rules.toSorted((a, b) => order(a) - order(b)).map(prepareCheck);
}

/** Whether it is about how a key is called; the others are about the key, whether anybody calls it or not. */
export function isCallRule({ kind }: PolicyRule): boolean {
  return kind === 'basic_refused' || kind === 'test_networks';
}

/**
 * Whether a call with this key, at this moment, breaks a rule. Without a call only what is wrong with the key counts.
 * An address that is not known is in no network.
 */
export function violates(
  { rule, networks }: PolicyCheck,
  key: PolicyKeyFacts,
  call: PolicyCallFacts | null,
  nowMs: number,
): boolean {
  switch (rule.kind) {
    case 'max_key_age':
      return nowMs - key.createdAtMs > rule.days * DAY_MS;
    case 'allowlist_required':
      return !key.hasAllowlist;
    case 'scopes_required':
      return !key.hasScopes;
    case 'expiry_required':
      return key.expiresAtMs === null || key.expiresAtMs - key.createdAtMs > rule.days * DAY_MS;
    case 'basic_refused':
      return call?.isBasic ?? false;
    case 'test_networks':
      if (call === null || networks === null || key.environment !== 'test') return false;
      return call.address === null || !networks.includes(call.address);
  }
}
