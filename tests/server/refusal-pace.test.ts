import { expect, test } from 'vitest';

import { createRefusalPace } from '../../src/server/refusal-pace.ts';

test.each([
  [200, false],
  [303, false],
  [404, false],
  [422, false],
  [500, false],
  [400, true],
  [401, true],
  [403, true],
  [413, true],
  [421, true],
  [429, true],
])('an answer with %i is told as refused: %s', (status, isTold) => {
  expect(createRefusalPace().note(status, 0).isTold).toBe(isTold);
});

test('a flood of refused requests fills no disk: fifty at once, then five a second, and the others are counted', () => {
  const pace = createRefusalPace();
  const at = (nowMs: number) => pace.note(403, nowMs);
  const first = Array.from({ length: 1000 }, () => at(1_000_000));
  expect(first.filter(({ isTold }) => isTold)).toHaveLength(50);
  expect(at(1_000_199)).toEqual({ isTold: false });
  expect(at(1_000_201)).toEqual({ isTold: true, untold: 951 });
  const minute = Array.from({ length: 6000 }, (_, index) => at(1_000_201 + index * 10));
  expect(minute.filter(({ isTold }) => isTold).length).toBeLessThanOrEqual(301);
});
