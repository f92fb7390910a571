import { expect, test } from 'vitest';

import { type RunResults, countTests, formatTotals } from './totals.ts';

const result = (status: string, ...ancestorTitles: string[]) => ({ status, ancestorTitles, title: 'a test' });
const file = (name: string, status: string, ...assertionResults: ReturnType<typeof result>[]): RunResults => ({
  testResults: [{ name, status, assertionResults }],
});

test('the last line has passed and failed, and skipped only when something was skipped', () => {
  expect(formatTotals(countTests(file('a', 'passed', result('passed'), result('passed')), 0))).toBe(
    '2 passed, 0 failed\n',
  );
  expect(formatTotals(countTests(file('a', 'failed', result('passed'), result('failed')), 1))).toBe(
    '1 passed, 1 failed\n',
  );
});

test('every skipped suite is named once, with the reason in its title', () => {
  const reason = 'postgres (not installed: apt-get install postgresql)';
  const results = file(
    'keys.test.ts',
    'passed',
    result('passed'),
    result('skipped', reason),
    result('skipped', reason),
  );
  expect(formatTotals(countTests(results, 0))).toBe(
    `skipped: keys.test.ts > ${reason}\n1 passed, 0 failed, 2 skipped\n`,
  );
});

test('a file that could not be loaded counts as failed', () => {
  expect(countTests(file('a', 'failed'), 1).failed).toBe(1);
});

test('an error outside of every test counts as failed', () => {
  expect(countTests(file('a', 'passed', result('passed')), 1)).toMatchObject({ passed: 1, failed: 1 });
});
