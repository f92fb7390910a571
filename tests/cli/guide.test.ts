import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { commands } from '../../src/cli/gatehouse/commands.ts';
import { exitCodes } from '../../src/cli/gatehouse/outcome.ts';

const guide = readFileSync('content/guides/command-line.md', 'utf8');

test('the guide has every command, and no other', () => {
  const rows = [...guide.matchAll(/^\| `gatehouse ([a-z -]+)` +\|/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual([...commands.map(({ name }) => name), 'diff'].sort());
});

test('the guide has every exit code, and no other', () => {
  const rows = [...guide.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(rows).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
});

test('every option that the guide names is one of some command', () => {
  const known = commands.flatMap(({ options = [] }) => options.map(([flags]) => /--[a-z-]+/.exec(flags)?.[0]));
  const ofOthers = ['--version', '--help', '--json', '--global', '--depth', '--now', '--format', '--fail-on'];
  const named = new Set(guide.match(/(?<![\w-])--[a-z][a-z-]+/g));
  expect([...named].filter((option) => !known.includes(option) && !ofOthers.includes(option))).toEqual([]);
});

test.each(commands.map(({ name, examples, options = [] }) => ({ name, examples, options })))(
  'the examples of $name use its own words and options',
  ({ name, examples, options }) => {
    const known = ['--json', ...options.map(([flags]) => /--[a-z-]+/.exec(flags)?.[0])];
    for (const example of examples) {
      expect(example).toContain(`gatehouse ${name}`);
      const used = example.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? [];
      expect(used.filter((option) => !known.includes(option))).toEqual([]);
    }
  },
);
