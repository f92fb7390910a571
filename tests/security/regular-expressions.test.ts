import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkSync } from 'recheck';
import { describe, expect, test } from 'vitest';

import { trimCharacters, trimEndCharacters } from '../../src/platform/trim-characters.ts';
import { partsOf, programExpressions } from './expressions.ts';

/** Judged by recheck before, since judging all of them takes minutes: `node tests/security/write-safe-expressions.ts`. */
const judged = new Set(
  readFileSync(join(import.meta.dirname, 'safe-expressions.txt'), 'utf8')
    .split('\n')
    .filter(Boolean),
);

/** What recheck cannot judge, and why it is safe all the same. */
const explained = new Map([
  [
    String.raw`/(<pre tabindex="0"><code(?: class="language-([\w+#.-]+)")?>)([^<]*)(<\/code><\/pre>)/g`,
    'begins with a fixed text that stands in none of its repetitions',
  ],
]);

const found = programExpressions();

test('every regular expression of the program is safe', { timeout: 120_000 }, () => {
  expect(found.size).toBeGreaterThan(200);
  const fresh = [...found].filter(([literal]) => !judged.has(literal) && !explained.has(literal));
  const unsafe = fresh
    .map(([literal, files]) => ({ literal, files, result: checkSync(partsOf(literal).source, partsOf(literal).flags) }))
    .filter(({ result }) => result.status !== 'safe')
    .map(({ literal, files, result }) => `${literal} in ${files.join(', ')}: ${result.status}`);
  expect(unsafe).toEqual([]);
  // So that this test stays quick: write-safe-expressions.ts adds them to the list.
  expect(fresh.length).toBeLessThanOrEqual(60);
});

test('the list of judged expressions has none that is not there any more', () => {
  expect([...judged, ...explained.keys()].filter((literal) => !found.has(literal)).length).toBeLessThanOrEqual(60);
});

test('recheck sees what is not safe', () => {
  expect(checkSync('^(a+)+$', '').status).toBe('vulnerable');
  expect(checkSync('/+$', '').status).toBe('vulnerable');
});

describe('characters at the ends', () => {
  test.each([
    ['', '-', ''],
    ['--', '-', ''],
    ['-a-b--', '-', 'a-b'],
    ['\t a b \t', ' \t', 'a b'],
  ])('of %j without %j leave %j', (text, characters, rest) => {
    expect(trimCharacters(text, characters)).toBe(rest);
    expect(trimEndCharacters(`${rest}${characters}`, characters)).toBe(rest);
  });
});
