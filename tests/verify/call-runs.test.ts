import { expect, test } from 'vitest';

import type { MannersOfCalls } from '../../src/policies/policy-tally.ts';
import type { NotedCalls } from '../../src/usage/call-tally.ts';
import { type NotedKey, createCallRuns } from '../../src/verify/call-runs.ts';
import { decide } from '../../src/verify/decide.ts';
import { type Verdict, refused } from '../../src/verify/verdict.ts';
import { goodFacts, key } from './facts.ts';
import { NOW_MS } from './world.ts';

const HOUR_MS = 3_600_000;
const { target } = goodFacts;
const allowed = decide(goodFacts, NOW_MS).verdict;
const denied: Verdict = refused(key.caller, { code: 'unavailable' });

function newRuns() {
  const [noted, manners]: [NotedCalls[], MannersOfCalls[]] = [[], []];
  const runs = createCallRuns({
    noteCalls: (calls) => void noted.push(calls),
    noteManner: (manner) => void manners.push(manner),
  });
  return { runs, noted, manners };
}

const newKey = (environment: 'live' | 'test' = 'live'): NotedKey => ({
  caller: { ...key.caller, environment },
  runs: null,
});

test('calls that are alike are handed over as one, with the first and the last of them', async () => {
  const { runs, noted, manners } = newRuns();
  const one = newKey();
  for (let call = 0; call < 5; call += 1) runs.note(one, goodFacts, allowed, NOW_MS + call);
  expect(noted).toEqual([]);
  await runs.handOver();
  await runs.handOver();
  expect(noted).toMatchObject([{ verdict: 'allowed', calls: 5, firstAtMs: NOW_MS, atMs: NOW_MS + 4 }]);
  expect(noted[0]).toMatchObject({ keyId: key.caller.keyId, address: '203.0.113.9', operationId: 'listParcels' });
  expect(manners).toMatchObject([{ calls: 5, isBasic: false, address: '' }]);
  runs.note(one, goodFacts, allowed, NOW_MS + 9);
  await runs.handOver();
  expect(noted.slice(1)).toMatchObject([{ calls: 1, firstAtMs: NOW_MS + 9 }]);
});

test('what differs is told apart, also where kinds take turns and there are more than a key has room for', async () => {
  const { runs, noted, manners } = newRuns();
  const one = newKey('test');
  const kinds = [
    () => runs.note(one, goodFacts, allowed, NOW_MS),
    () => runs.note(one, { ...goodFacts, isBasic: true }, allowed, NOW_MS),
    () => runs.note(one, { ...goodFacts, address: null }, allowed, NOW_MS),
    () => runs.note(one, goodFacts, denied, NOW_MS),
    () => runs.note(one, goodFacts, allowed, NOW_MS + HOUR_MS),
    () => runs.note(one, { ...goodFacts, target: { ...target, version: 'v3' } }, allowed, NOW_MS),
    () => runs.note(one, { ...goodFacts, target: { ...target, operation: null } }, allowed, NOW_MS),
    () =>
      runs.note(
        one,
        { ...goodFacts, credential: { ok: false, code: 'key_in_query', leakedToken: 't' } },
        denied,
        NOW_MS,
      ),
  ];
  for (let turn = 0; turn < 7; turn += 1) for (const kind of kinds) kind();
  await runs.handOver();
  const sums = new Map<string, number>();
  for (const { calls, ...kind } of noted) sums.set(JSON.stringify(kind), (sums.get(JSON.stringify(kind)) ?? 0) + calls);
  // Basic or not is for policies alone.
  expect([...sums.values()].sort((a, b) => b - a)).toEqual([14, 7, 7, 7, 7, 7, 7]);
  const calls = (isBasic: boolean) =>
    manners.filter((manner) => manner.isBasic === isBasic).map((manner) => manner.calls);
  expect(calls(true).reduce((sum, count) => sum + count, 0)).toBe(7);
  expect(calls(false).reduce((sum, count) => sum + count, 0)).toBe(5 * 7);
  expect(new Set(manners.map((manner) => manner.address))).toEqual(new Set(['203.0.113.9', '']));
});

test('of keys without end the oldest are handed over early, and each call once', async () => {
  const { runs, noted } = newRuns();
  for (let call = 0; call < 50_000; call += 1) runs.note(newKey(), goodFacts, allowed, NOW_MS);
  expect(noted.length).toBeGreaterThanOrEqual(30_000);
  const first = runs.handOver();
  runs.note(newKey(), goodFacts, allowed, NOW_MS);
  await Promise.all([first, runs.handOver()]);
  expect(noted.reduce((sum, { calls }) => sum + calls, 0)).toBe(50_001);
});

test('a failure of where calls are summed is told once, and the next calls are handed over', async () => {
  const noted: NotedCalls[] = [];
  let isBroken = true;
  const runs = createCallRuns({
    noteCalls(calls) {
      if (isBroken) throw new Error('out of memory');
      noted.push(calls);
    },
    noteManner: () => undefined,
  });
  runs.note(newKey(), goodFacts, allowed, NOW_MS);
  await expect(runs.handOver()).rejects.toThrow('out of memory');
  isBroken = false;
  runs.note(newKey(), goodFacts, allowed, NOW_MS);
  await runs.handOver();
  expect(noted).toMatchObject([{ calls: 1 }]);
});
