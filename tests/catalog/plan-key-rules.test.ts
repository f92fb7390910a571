import { describe, expect, test } from 'vitest';

import { parseApiFile } from '../../src/catalog/api-file.ts';

const file = (keys: string) => `title: Tea
summary: Leaves by post.
versions:
  v1:
    lifecycle: active
    upstream: https://tea.example/v1/
plans:
  - slug: free
    title: Free
    summary: Enough to try.
    scopes: [tea:read]
    rateLimit: { calls: 60, perSeconds: 30 }
    quota: { calls: 1000, per: day }
    keys: ${keys}
`;

describe('what a plan asks of keys', () => {
  test.each([
    ['{}', { overlapMaxDays: 30 }],
    ['{ maxLifetimeDays: 365 }', { overlapMaxDays: 30, maxLifetimeDays: 365 }],
    ['{ dormant: { afterDays: 60 } }', { overlapMaxDays: 30, dormant: { afterDays: 60, action: 'remind' } }],
    [
      '{ dormant: { afterDays: 60, action: suspend } }',
      { overlapMaxDays: 30, dormant: { afterDays: 60, action: 'suspend' } },
    ],
  ])('%s is read', (text, keys) => {
    const read = parseApiFile('tea', file(text));
    expect(read.ok && read.file.plans[0]?.keys).toEqual(keys);
  });

  test.each([
    ['{ maxLifetimeDays: 0 }', 'maxLifetimeDays'],
    ['{ maxLifetimeDays: 4000 }', 'must be 3650 at most'],
    ['{ dormant: { afterDays: 60, action: delete } }', 'must be remind or suspend'],
    ['{ dormant: { action: suspend } }', 'afterDays'],
    ['{ dormantAfter: 60 }', 'dormantAfter'],
  ])('%s is refused with its line', (text, reason) => {
    const read = parseApiFile('tea', file(text));
    expect(read.ok ? [] : read.problems).toEqual([{ line: 14, reason: expect.stringContaining(reason) as string }]);
  });
});
