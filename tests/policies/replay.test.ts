import { Agent, request } from 'node:http';

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createPolicyCountStore } from '../../src/policies/policy-count-store.ts';
import { createPolicyKeyStore } from '../../src/policies/policy-key-store.ts';
import { toPolicyRow } from '../../src/policies/policy-row.ts';
import { NO_DATES, type PolicyStage, type SecurityPolicy } from '../../src/policies/policy.ts';
import { POLICY_RULE_KINDS, type PolicyRule, type PolicyRuleKind } from '../../src/policies/policy-rule.ts';
import { readPolicyImpact } from '../../src/policies/read-policy-impact.ts';
import type { PolicyImpact } from '../../src/policies/simulate-policy.ts';
import { question } from '../verify/ask.ts';
import type { IssuedKey, KeyColumns } from '../verify/parcels.ts';
import { NOW_MS, type World, createWorld } from '../verify/world.ts';

const DAY_MS = 86_400_000;
const KEYS = 30;
const CALLS = 800;
const POLICIES = 14;

interface LoggedCall {
  key: number;
  isBasic: boolean;
  address: string;
}

/** The same every time, so that a failure can be looked at again. */
const SEED = 20_261_126;
const pick = <Value>(arbitrary: fc.Arbitrary<Value>, count: number, seed: number): Value[] =>
  fc.sample(arbitrary, { numRuns: count, seed });

const keyColumns: fc.Arbitrary<KeyColumns> = fc.record({
  environment: fc.constantFrom('live' as const, 'test' as const),
  created_at_ms: fc.constantFrom(
    NOW_MS - 400 * DAY_MS,
    NOW_MS - 90 * DAY_MS,
    NOW_MS - 90 * DAY_MS - 1,
    NOW_MS - DAY_MS,
  ),
  expires_at_ms: fc.constantFrom(null, NOW_MS + DAY_MS, NOW_MS + 300 * DAY_MS),
  allowlist: fc.constantFrom('[]', '[]', '["203.0.113.0/24"]', '["10.0.0.0/8","2001:db8::/32"]'),
  restrictions: fc.constantFrom('{}', '{"scopes":["parcels:read"]}', '{"methods":["GET"]}'),
});
const loggedCall: fc.Arbitrary<LoggedCall> = fc.record({
  key: fc.nat({ max: KEYS - 1 }),
  isBasic: fc.boolean(),
  address: fc.constantFrom('203.0.113.9', '10.1.2.3', '2001:db8::7', '192.0.2.1'),
});
const rule = (kind: PolicyRuleKind): fc.Arbitrary<PolicyRule> => {
  if (kind === 'max_key_age' || kind === 'expiry_required')
    return fc.record({ kind: fc.constant(kind), days: fc.constantFrom(1, 90, 365) });
  if (kind === 'test_networks')
    return fc.record({
      kind: fc.constant(kind),
      networks: fc.constantFrom(['10.0.0.0/8'], ['203.0.113.0/24', '2001:db8::/32']),
    });
  return fc.constant({ kind });
};
const drafted = fc.record({
  rules: fc.uniqueArray(fc.constantFrom(...POLICY_RULE_KINDS).chain(rule), {
    minLength: 1,
    maxLength: 3,
    selector: ({ kind }) => kind,
  }),
  environment: fc.constantFrom('all' as const, 'live' as const, 'test' as const),
  scope: fc.constantFrom([null, null], ['parcels', null], ['parcels', 'ample'], ['parcels', 'slow'], ['labels', null]),
});

let world: World;
const keys: IssuedKey[] = [];
const log = pick(loggedCall, CALLS, SEED);
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

beforeAll(async () => {
  world = await createWorld();
  for (const columns of pick(keyColumns, KEYS, SEED)) keys.push(await world.addKey('ample', columns));
});
afterAll(async () => {
  agent.destroy();
  await world.close();
});

/** Makes all calls of the log; returns the code of each answer, `allowed` for one that passed. */
async function replay(): Promise<string[]> {
  const verifier = await world.composeVerifier({ nowMs: () => NOW_MS });
  try {
    return await Promise.all(log.map((call) => ask(verifier.verifierPort, call)));
  } finally {
    await verifier.stop();
  }
}

function ask(port: number, { key, isBasic, address }: LoggedCall): Promise<string> {
  const token = keys[key]?.token ?? '';
  const basic = { Authorization: `Basic ${Buffer.from(`${token}:`).toString('base64')}` };
  const { 'X-API-Key': plain = '', ...rest } = question(token, { 'X-Forwarded-For': address });
  const headers = { ...rest, ...(isBasic ? basic : { 'X-API-Key': plain }) };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/verify/nginx', headers, agent }, (answer) => {
      answer.resume();
      const problem = String(answer.headers['gatehouse-problem'] ?? '{"code":"allowed"}');
      answer.on('end', () => resolve((JSON.parse(problem) as { code: string }).code));
    });
    asked.on('error', reject);
    asked.end();
  });
}

function policyOf({ rules, environment, scope }: (typeof policies)[number], stage: PolicyStage): SecurityPolicy {
  const [apiSlug = null, planSlug = null] = scope;
  const dates = { ...NO_DATES, announced: 1 };
  const named = { id: 'pol_1', slug: 'policy', title: 'Policy', reason: '', createdAtMs: 1, revision: 1 };
  return { ...named, replannedAtMs: null, apiSlug, planSlug, environment, rules, stage, dates };
}

async function put(policy: SecurityPolicy): Promise<void> {
  const { kysely } = world.databases.portal;
  await kysely.deleteFrom('security_policy').execute();
  await kysely.insertInto('security_policy').values(toPolicyRow(policy)).execute();
}

async function forgetCounts(): Promise<void> {
  await world.databases.usage.kysely.deleteFrom('call_manner').execute();
  await world.databases.usage.kysely.deleteFrom('policy_count').execute();
}

function estimate(policy: SecurityPolicy): Promise<PolicyImpact> {
  const deps = {
    keys: createPolicyKeyStore(world.databases.portal),
    counts: createPolicyCountStore(world.databases.usage),
  };
  return readPolicyImpact(deps, policy, { days: 7, teamIds: null, nowMs: NOW_MS });
}

async function counted(outcome: string): Promise<Record<string, number>> {
  const sums = await createPolicyCountStore(world.databases.usage).broken('pol_1', 0);
  const byKey: Record<string, number> = {};
  for (const sum of sums) if (sum.outcome === outcome) byKey[sum.keyId] = (byKey[sum.keyId] ?? 0) + sum.calls;
  return byKey;
}

const policies = pick(drafted, POLICIES, SEED);

test('what is estimated from recorded calls is what the verifier then observes and refuses, key by key', async () => {
  const recorded = await replay();
  expect(recorded.filter((code) => code === 'allowed').length).toBeGreaterThan(CALLS / 2);
  const seen = new Set<string>();
  for (const each of policies) {
    const before = await estimate(policyOf(each, 'draft'));
    const expected = Object.fromEntries(
      before.keys.filter(({ calls }) => calls > 0).map(({ keyId, calls }) => [keyId, calls]),
    );
    await forgetCounts();
    await put(policyOf(each, 'observed'));
    expect(await replay()).toEqual(recorded);
    expect(await counted('observed')).toEqual(expected);

    await forgetCounts();
    await put(policyOf(each, 'enforced'));
    const enforced = await replay();
    const refused = log.flatMap(({ key }, index) =>
      enforced[index] === 'policy_violated' ? [keys[key]?.keyId ?? ''] : [],
    );
    expect(
      Object.fromEntries(
        Map.groupBy(refused, (id) => id)
          .entries()
          .map(([id, all]) => [id, all.length]),
      ),
    ).toEqual(expected);
    expect(await counted('refused')).toEqual(expected);
    // Nothing else changed, and the estimate stays what it was while calls are refused.
    enforced.forEach((code, index) => {
      if (code !== 'policy_violated') expect(code).toBe(recorded[index]);
    });
    expect(await estimate(policyOf(each, 'enforced'))).toEqual(before);
    if (before.calls > 0) each.rules.forEach(({ kind }) => seen.add(kind));
  }
  expect([...seen].sort()).toEqual([...POLICY_RULE_KINDS].sort());
}, 120_000);
