import { expect, test } from 'vitest';
import { z } from 'zod';

import { readFrontMatter } from '../../src/platform/front-matter.ts';

const schema = z.strictObject({
  title: z.string('is missing'),
  affects: z.array(z.strictObject({ api: z.string('must be text') })).default([]),
});

function problemsOf(text: string) {
  const read = readFrontMatter(text, schema);
  return read.ok ? [] : read.problems;
}

test('front matter and body are split, with any line ends and a byte order mark', () => {
  const expected = { ok: true, value: { title: 'A', affects: [] }, body: 'Text\n\n---\n\nmore' };
  expect(readFrontMatter('---\ntitle: A\n---\nText\n\n---\n\nmore', schema)).toEqual(expected);
  expect(readFrontMatter('\uFEFF---\r\ntitle: A\r\n---\r\nText\r\n\r\n---\r\n\r\nmore', schema)).toEqual(expected);
  expect(readFrontMatter('---\ntitle: A\n---', schema)).toMatchObject({ ok: true, body: '' });
});

test.each([
  ['no front matter', '# Title', [{ line: 1, reason: 'must start with front matter between two lines of ---' }]],
  [
    'an end that is missing',
    '---\ntitle: A\n',
    [{ line: 1, reason: 'must start with front matter between two lines of ---' }],
  ],
  [
    'front matter that comes late',
    'x\n---\ntitle: A\n---\n',
    [{ line: 1, reason: 'must start with front matter between two lines of ---' }],
  ],
  ['a missing field', '---\n---\n', [{ line: 2, reason: 'title is missing' }]],
  ['an unknown field', '---\ntitle: A\nsevrity: high\n---\n', [{ line: 3, reason: 'sevrity is not a known field' }]],
  [
    'a wrong value deep inside',
    '---\ntitle: A\naffects:\n  - api: a\n  - api: 3\n---\n',
    [{ line: 5, reason: 'affects.1.api must be text' }],
  ],
  [
    'an alias',
    '---\ntitle: &a A\naffects: [{ api: *a }]\n---\n',
    [{ line: 3, reason: 'uses the alias *a; write the value out' }],
  ],
])('%s is told with line and reason', (_what, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test('a repeated field and broken YAML are told with their line', () => {
  expect(problemsOf('---\ntitle: A\ntitle: B\n---\n')).toMatchObject([
    { line: 3, reason: expect.stringContaining('unique') as string },
  ]);
  expect(problemsOf('---\ntitle: A\naffects: [\n---\n')[0]?.reason).toMatch(/^is not valid YAML: /);
});

test('an alias bomb is refused, not expanded', () => {
  const levels = Array.from(
    { length: 30 },
    (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}, *a${index}]`,
  );
  expect(problemsOf(`---\na0: &a0 x\n${levels.join('\n')}\n---\n`)[0]?.reason).toMatch(/alias/);
});
