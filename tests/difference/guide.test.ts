import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { documentRules } from '../../src/difference/document-rules.ts';
import { levelWords } from '../../src/difference/finding-words.ts';
import { propertyRules } from '../../src/difference/property-rules.ts';
import { aspectRule, aspects } from '../../src/difference/schema-rules.ts';

const guide = readFileSync('content/guides/api-changes.md', 'utf8');

/** Cells of every row that begins with a rule. */
const rows = new Map(
  [...guide.matchAll(/^\| `([a-z-]+)`\s*\|(.*)\|$/gm)].map(([, rule = '', rest = '']) => [
    rule,
    rest.split(/(?<!\\)\|/).map((cell) => cell.trim()),
  ]),
);

describe('the guide about changes explains', () => {
  test('every rule about values, with its levels in both directions', () => {
    const wanted = Object.keys(aspects).map((name) => [
      name,
      levelWords[aspectRule('request-property', name).level],
      levelWords[aspectRule('response-property', name).level],
    ]);
    expect(
      wanted.filter(([name = '', sent, received]) => rows.get(name)?.slice(1).join() !== `${sent},${received}`),
    ).toEqual([]);
  });

  test('every rule about properties and about everything else', () => {
    const wanted = [...documentRules, ...propertyRules.filter(({ id }) => !/webhook|parameter/.test(id))];
    expect(wanted.filter(({ id, level }) => rows.get(id)?.at(-1) !== levelWords[level]).map(({ id }) => id)).toEqual(
      [],
    );
  });

  test('no rule that there is not', () => {
    const known = new Set([...Object.keys(aspects), ...[...documentRules, ...propertyRules].map(({ id }) => id)]);
    expect([...rows.keys()].filter((rule) => !known.has(rule))).toEqual([]);
  });
});
