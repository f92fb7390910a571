import { expect, test } from 'vitest';

import { readLimits } from '../../src/ui/reference/rate-limit-fields.ts';
import { limitHeaders } from '../../src/verify/verdict-headers.ts';

test('what the gateway writes about limits is read back', () => {
  const limits = [
    { name: 'rate', kind: 'rate', limit: 60, windowSeconds: 60, remaining: 59, resetSeconds: 1, resetAtMs: 1000 },
    {
      name: 'quota',
      kind: 'quota',
      limit: 1000,
      windowSeconds: 86_400,
      remaining: 0,
      resetSeconds: 3600,
      resetAtMs: 0,
    },
  ] as const;
  const [, policy = '', , state = ''] = limitHeaders(limits);
  // Swagger UI takes a field apart at its commas, and the console puts it together again.
  for (const separator of [', ', ','])
    expect(readLimits(state.replaceAll(', ', separator), policy.replaceAll(', ', separator))).toEqual([
      { name: 'rate', left: 59, limit: 60, resetSeconds: 1 },
      { name: 'quota', left: 0, limit: 1000, resetSeconds: 3600 },
    ]);
});

test.each([
  ['', '', []],
  ['nonsense', '"a";q=1', []],
  ['"a";r=5', '', [{ name: 'a', left: 5, limit: null, resetSeconds: null }]],
  ['"a";t=5', '"a";q=9', []],
  ['"<b>";r=1;t=x', '', [{ name: '<b>', left: 1, limit: null, resetSeconds: null }]],
])('RateLimit: %s with the policy %s is read as far as it goes', (state, policy, limits) => {
  expect(readLimits(state, policy)).toEqual(limits);
});
