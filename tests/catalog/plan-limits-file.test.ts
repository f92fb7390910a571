import { describe, expect, test } from 'vitest';

import { parseApiFile } from '../../src/catalog/api-file.ts';
import { toPlanLimits } from '../../src/catalog/plan-limits-file.ts';
import { plainLimits } from '../../src/plans/plan-limits.ts';

function fileWith(limits: string): string {
  return `title: Tea
summary: Tea.
versions:
  v1: { lifecycle: active, upstream: "http://127.0.0.1:1" }
plans:
  - slug: free
    title: Free
    summary: Enough.
    scopes: []
${limits}
`;
}

function limitsOf(limits: string) {
  const read = parseApiFile('tea', fileWith(limits));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const [plan] = read.file.plans;
  if (!plan) throw new Error('no plan');
  return toPlanLimits(plan);
}

function problemsOf(limits: string): string[] {
  const read = parseApiFile('tea', fileWith(limits));
  return read.ok ? [] : read.problems.map(({ line, reason }) => `${String(line)} ${reason}`);
}

const PLAIN = `    rateLimit: { calls: 60, perSeconds: 30 }
    quota: { calls: 1000, per: day }`;

describe('the limits of a plan in api.yaml', () => {
  test('one of each in the short form is a plain plan', () => {
    expect(limitsOf(PLAIN)).toEqual(plainLimits(60, 30, 1000, 'day'));
  });

  test('several of each have names of their own, the zone of the plan, and what they say', () => {
    const limits = limitsOf(`    timeZone: Europe/Berlin
    rateLimits:
      - { calls: 10, perSeconds: 1, burst: 20 }
      - { calls: 300, perSeconds: 60, counts: calls, name: per-minute }
    quotas:
      - { calls: 1000, per: day, hard: true }
      - { calls: 20000, per: month, overrun: 10 %, timeZone: UTC }`);
    expect(limits.rateLimits).toEqual([
      { name: 'rate-1s', calls: 10, perSeconds: 1, burst: 20, counts: 'cost' },
      { name: 'per-minute', calls: 300, perSeconds: 60, burst: 300, counts: 'calls' },
    ]);
    const [day, month] = limits.quotas;
    expect(day).toMatchObject({ name: 'quota-day', timeZone: 'Europe/Berlin', hard: true, overrunPercent: 0 });
    expect(month).toMatchObject({ name: 'quota-month', timeZone: 'UTC', hard: false, overrunPercent: 10 });
  });

  test('keys and operations have limits besides, and operations a cost', () => {
    const limits = limitsOf(`${PLAIN}
    perKey: { quotas: [{ calls: 500, per: day }] }
    operations:
      createTea: { cost: 5, rateLimits: [{ calls: 1, perSeconds: 1 }] }
      listTea: { cost: 0 }`);
    expect(limits.perKey.quotas.map(({ name }) => name)).toEqual(['key-quota']);
    expect(limits.operations.createTea).toMatchObject({ cost: 5, rateLimits: [{ name: 'operation-rate' }] });
    expect(limits.operations.listTea).toEqual({ cost: 0, rateLimits: [], quotas: [] });
  });

  test('a plan without any limit says so with empty lists', () => {
    expect(limitsOf('    rateLimits: []\n    quotas: []')).toMatchObject({ rateLimits: [], quotas: [] });
  });

  test.each([
    ['    quota: { calls: 1, per: day }', '6 plans.0.rateLimit is missing; a plan without any has rateLimits: []'],
    ['    rateLimit: { calls: 1, perSeconds: 1 }', '6 plans.0.quota is missing; a plan without any has quotas: []'],
    [`${PLAIN}\n    quotas: []`, '12 plans.0.quotas must be left out: there is quota already'],
    [`${PLAIN}\n    timeZone: Berlin`, '12 plans.0.timeZone must be a time zone such as Europe/Berlin, or UTC'],
    [PLAIN.replace('per: day', 'per: day, hard: true, overrun: 5'), '11 plans.0.quota.overrun must be left out'],
    [PLAIN.replace('per: day', 'per: day, overrun: ten'), '11 plans.0.quota.overrun must be a percentage such as 10 %'],
    [PLAIN.replace('perSeconds: 30', 'perSeconds: 30, burst: 0'), '10 plans.0.rateLimit.burst must be 1 or more'],
    [PLAIN.replace('perSeconds: 30', 'perSeconds: 90000'), '10 plans.0.rateLimit.perSeconds must be 86,400 at most'],
    [`${PLAIN}\n    operations: { a: { cost: -1 } }`, '12 plans.0.operations.a.cost must be 0 or more'],
    [
      `    quotas: []\n    rateLimits:\n      - { calls: 1, perSeconds: 60 }\n      - { calls: 2, perSeconds: 60 }`,
      '13 plans.0.rateLimits.1 covers the same time as one before it',
    ],
    [
      `${PLAIN}\n    perKey: { rateLimits: [{ calls: 1, perSeconds: 1, name: quota }] }`,
      '12 plans.0.perKey.rateLimits.0 needs a name of its own, not quota',
    ],
  ])('%s -> %s', (limits, expected) => {
    const found = problemsOf(limits);
    expect(
      found.some((problem) => problem.startsWith(expected)),
      found.join('\n'),
    ).toBe(true);
  });
});
