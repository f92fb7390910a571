import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { guideTexts } from './guide-text.ts';
import { readLists, repositoryRoot } from './read-lists.ts';
import { readRegistry } from './registry.ts';
import { testsIn } from './test-titles.ts';

const { asvs, vulnerabilities } = readLists();

/** Requirements of ASVS 5.0.0 by level; all of the first two are answered. */
const REQUIREMENTS = { '1': 70, '2': 183 };
const PAST_VULNERABILITIES = 60;

describe('the list of ASVS', () => {
  test('names tests that exist, and guides', () => {
    expect(asvs.problems).toEqual([]);
  });

  test('answers every requirement of levels 1 and 2, once', () => {
    const ids = asvs.entries.flatMap(({ subject, columns }) =>
      subject.split(' ').map((id) => ({ id, level: columns[0] })),
    );
    expect(new Set(ids.map(({ id }) => id)).size).toBe(ids.length);
    for (const [level, number] of Object.entries(REQUIREMENTS))
      expect([level, ids.filter((one) => one.level === level).length]).toEqual([level, number]);
  });

  test('has nothing of level 1 that is not met', () => {
    const unmet = asvs.entries.filter(({ columns, answer }) => columns[0] === '1' && answer.kind === 'unmet');
    expect(unmet.map(({ subject }) => subject)).toEqual([]);
  });
});

test('the list of past vulnerabilities names tests that exist, and covers sixty or more', () => {
  expect(vulnerabilities.problems).toEqual([]);
  expect(vulnerabilities.entries.length).toBeGreaterThanOrEqual(PAST_VULNERABILITIES);
  expect(vulnerabilities.entries.filter(({ answer }) => answer.kind !== 'met')).toEqual([]);
});

test('the guides say what the lists say; if not: node tests/security/write-guides.ts', () => {
  for (const [name, text] of guideTexts(asvs.entries, vulnerabilities.entries))
    expect(readFileSync(join(repositoryRoot, 'content/guides/security', name), 'utf8'), name).toBe(text);
});

describe('the reader of lists', () => {
  const tests = testsIn(
    'keys/issue-key',
    `describe('a key', () => {
      test('is issued', () => {});
      test.each(rows)('has %s', () => {});
      test.skip('is forgotten', () => {});
    });
    describe('a token', () => { test('is issued', () => {}); });`,
  );

  test.each([
    ['9 | 1 | x\n  test keys/issue-key > has %s', []],
    ['9 | 1 | x\n  test keys/issue-key > a token > is issued', []],
    ['9 | 1 | x\n  guide keys#how', []],
    ['9 | 1 | x\n  unmet Because.', []],
    ['9 | 1 | x\n  test keys/issue-key > is issued', ['9: 2 tests are called keys/issue-key > is issued']],
    [
      '9 | 1 | x\n  test keys/issue-key > is forgotten',
      ['9: 0 tests are called keys/issue-key > is forgotten', '9: is not answered'],
    ],
    ['9 | 1 | x', ['9: is not answered']],
    ['9 | 1 | x\n  unmet Because.\n  guide keys#how', ['9: a reason, and something besides']],
    ['9 | 1 | x\n  proof keys/issue-key', ['9: cannot be read: keys/issue-key', '9: is not answered']],
  ])('of %j finds %j', (text, problems) => {
    expect(readRegistry(text, tests).problems).toEqual(problems);
  });
});
