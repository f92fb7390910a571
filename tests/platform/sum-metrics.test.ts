import { expect, test } from 'vitest';

import { single } from '../../src/platform/metrics.ts';
import { sumFamilies } from '../../src/platform/sum-metrics.ts';

test('counts of several threads are summed by label, of states the highest counts', () => {
  const calls = (allowed: number, refused: number) => ({
    name: 'calls_total',
    help: 'Calls.',
    type: 'counter' as const,
    samples: [
      { labels: { verdict: 'allowed' }, value: allowed },
      { labels: { verdict: 'refused' }, value: refused },
    ],
  });
  const failing = (value: number) => single('gauge', 'failing', 'Failing.', value);
  expect(sumFamilies([[calls(1, 2), failing(0)], [calls(10, 20), failing(1)], []])).toEqual([
    calls(11, 22),
    failing(1),
  ]);
});
