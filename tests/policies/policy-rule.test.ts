import { describe, expect, test } from 'vitest';

import { parseIpAddress } from '../../src/platform/ip-address.ts';
import {
  POLICY_RULE_KINDS,
  type PolicyCallFacts,
  type PolicyKeyFacts,
  type PolicyRule,
  isCallRule,
  prepareCheck,
  prepareChecks,
  violates,
} from '../../src/policies/policy-rule.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 2, 3, 10);

/** A key and a call that are against no rule. */
const goodKey: PolicyKeyFacts = {
  environment: 'live',
  createdAtMs: NOW_MS - 10 * DAY_MS,
  expiresAtMs: NOW_MS + 20 * DAY_MS,
  hasAllowlist: true,
  hasScopes: true,
};
const goodCall: PolicyCallFacts = { isBasic: false, address: parseIpAddress('10.0.0.7') };

const rules = {
  age: { kind: 'max_key_age', days: 10 },
  allowlist: { kind: 'allowlist_required' },
  basic: { kind: 'basic_refused' },
  scopes: { kind: 'scopes_required' },
  networks: { kind: 'test_networks', networks: ['10.0.0.0/8', '2001:db8::/32'] },
  expiry: { kind: 'expiry_required', days: 30 },
} as const satisfies Record<string, PolicyRule>;

const elsewhere = parseIpAddress('203.0.113.9');
const inRange6 = parseIpAddress('2001:db8::1');
const mapped = parseIpAddress('::ffff:10.0.0.7');

const cases: [
  rule: keyof typeof rules,
  key: Partial<PolicyKeyFacts>,
  call: Partial<PolicyCallFacts>,
  broken: boolean,
][] = [
  ['age', {}, {}, false],
  ['age', { createdAtMs: NOW_MS - 10 * DAY_MS - 1 }, {}, true],
  ['age', { createdAtMs: NOW_MS }, {}, false],
  ['allowlist', {}, {}, false],
  ['allowlist', { hasAllowlist: false }, {}, true],
  ['scopes', {}, {}, false],
  ['scopes', { hasScopes: false }, {}, true],
  ['basic', {}, {}, false],
  ['basic', {}, { isBasic: true }, true],
  ['expiry', {}, {}, false],
  ['expiry', { expiresAtMs: null }, {}, true],
  ['expiry', { expiresAtMs: NOW_MS + 20 * DAY_MS + 1 }, {}, true],
  ['networks', {}, { address: elsewhere }, false],
  ['networks', { environment: 'test' }, {}, false],
  ['networks', { environment: 'test' }, { address: elsewhere }, true],
  ['networks', { environment: 'test' }, { address: inRange6 }, false],
  ['networks', { environment: 'test' }, { address: mapped }, false],
  ['networks', { environment: 'test' }, { address: null }, true],
];

describe('rules', () => {
  test.each(cases)('%s with the key %o and the call %o: broken is %s', (rule, key, call, broken) => {
    const check = prepareCheck(rules[rule]);
    expect(violates(check, { ...goodKey, ...key }, { ...goodCall, ...call }, NOW_MS)).toBe(broken);
  });

  test('without a call only what is wrong with the key counts', () => {
    const worst: PolicyKeyFacts = {
      environment: 'test',
      createdAtMs: 0,
      expiresAtMs: null,
      hasAllowlist: false,
      hasScopes: false,
    };
    for (const rule of Object.values(rules)) {
      expect([rule.kind, violates(prepareCheck(rule), worst, null, NOW_MS)]).toEqual([rule.kind, !isCallRule(rule)]);
    }
  });

  test('every kind is checked, in one order however the rules were written', () => {
    const written = Object.values(rules);
    expect(prepareChecks(written).map(({ rule }) => rule.kind)).toEqual(POLICY_RULE_KINDS);
    expect(prepareChecks(written.toReversed()).map(({ rule }) => rule.kind)).toEqual(POLICY_RULE_KINDS);
  });
});
