import fc from 'fast-check';
import { expect, test } from 'vitest';

import { scanJson } from '../../src/catalog/json-scan.ts';

test('finds the place of every member and element', () => {
  const text = '{"a": [1, {"b": "x"}],\n "c": {}}';
  const found: [string, number][] = [];
  const mistake = scanJson(text, (path, offset) => found.push([path.join('/'), offset]));
  expect(mistake).toBeNull();
  expect(found).toEqual([
    ['', 0],
    ['a', 1],
    ['a/0', 7],
    ['a/1', 10],
    ['a/1/b', 11],
    ['c', text.indexOf('"c"')],
  ]);
});

test.each([
  ['{"a": x}', 6, 'a value'],
  ['{"a": 1,}', 8, 'a name in double quotes'],
  ['{"a": 1', 7, 'a comma or }'],
  ['{"a" 1}', 5, 'a colon'],
  ['[1 2]', 3, 'a comma or ]'],
  ['[1,]', 3, 'a value'],
  ['[1]]', 3, 'nothing more'],
  ['{a: 1}', 1, 'a name in double quotes or }'],
  ['"line\nbreak"', 0, 'a value'],
  ['01', 0, 'a value'],
  ['', 0, 'a value'],
])('names the first mistake of %s', (text, offset, expected) => {
  expect(scanJson(text, () => undefined)).toEqual({ offset, expected });
});

test('agrees with JSON.parse on what is JSON, whatever the text', () => {
  const almostJson = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', '\\', ':', '1', 'e', ' ', '\n', '{', '['))
    .map(([text, place, extra]) => {
      const cut = place % (text.length + 1);
      return text.slice(0, cut) + extra + text.slice(extra === '' ? cut + 1 : cut);
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), almostJson), (text) => {
      expect(scanJson(text, () => undefined) === null).toBe(isJson(text));
    }),
    { numRuns: 2000 },
  );
});

test('reads a string of five million characters and a nesting of a hundred thousand', () => {
  expect(scanJson(JSON.stringify('x\\"'.repeat(1_700_000)), () => undefined)).toBeNull();
  expect(scanJson('['.repeat(100_000) + ']'.repeat(100_000), () => undefined)).toBeNull();
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
