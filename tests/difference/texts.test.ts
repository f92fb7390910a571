import { expect, test } from 'vitest';

import { differenceMarkdown } from '../../src/difference/difference-markdown.ts';
import { differenceText } from '../../src/difference/difference-text.ts';
import { draftChangeNotice } from '../../src/difference/draft-change-notice.ts';
import { renderMarkdown } from '../../src/platform/markdown.ts';
import { dangersIn } from '../support/html-dangers.ts';
import { documentOf, documentWith } from './cases/case.ts';
import { differenceOf, verdictOf } from './judge.ts';

const ref = { $ref: '#/components/schemas/Thing' };
const content = { 'application/json': { schema: ref } };
const using = (schema: object) => ({
  ...documentOf({}, { components: { schemas: { Thing: schema } } }),
  paths: Object.fromEntries(
    ['/a', '/b', '/c'].map((path) => [
      path,
      { post: { operationId: path, requestBody: { content }, responses: { 200: { description: 'Fine' } } } },
    ]),
  ),
});
const shared = differenceOf({
  old: using({ type: 'object', properties: { a: { type: 'string' } } }),
  new: using({ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }),
});

test('what changes in a shared schema is told once, with the operations that it reaches', () => {
  expect(shared.counts).toEqual({ error: 1, warning: 0, info: 0 });
  expect(shared.shared).toMatchObject([
    { component: 'schemas/Thing', level: 'error', operations: [{ path: '/a' }, { path: '/b' }, { path: '/c' }] },
  ]);
  expect(shared.operations).toMatchObject([
    { path: '/a', level: 'error', findings: [], shared: [{ component: 'schemas/Thing', level: 'error' }] },
    { path: '/b' },
    { path: '/c' },
  ]);
});

test('what one operation alone reaches is told there', () => {
  const difference = differenceOf({
    old: documentWith('sent', ref, { Thing: { type: 'string' } }),
    new: documentWith('sent', ref, { Thing: { type: 'string', maxLength: 3 } }),
  });
  expect(difference.shared).toEqual([]);
  expect(difference.operations[0]?.findings[0]).toMatchObject({
    rule: 'request-property-max-length-set',
    subject: 'request body, `Thing`',
  });
});

test('what breaks stands first', () => {
  const levels = differenceOf({ old: documentWith('sent', { type: 'string' }), new: documentOf({ deprecated: true }) });
  expect(levels.operations[0]?.findings.map(({ level }) => level)).toEqual(['error', 'warning', 'info']);
});

test('a draft of a notice says first what callers must change', () => {
  const { title, markdown } = draftChangeNotice(shared);
  expect(title).toBe('Things: changes that need your attention (1)');
  expect(markdown).toContain('## What you must change');
  expect(markdown).toContain('- `Thing`: property `a`, in requests became required.');
});

test('a draft of a notice without a change says so', () => {
  const same = documentOf();
  expect(verdictOf({ old: same, new: same })).toBe('nothing');
  expect(draftChangeNotice(differenceOf({ old: same, new: same })).markdown).toContain('Nothing changes for callers.');
});

test('text of a document stays text in Markdown', () => {
  const hostile = '<img src=x onerror=alert(1)> [a](javascript:alert(1)) `x` **b**\n# heading';
  const value = (name: string) => ({ type: 'object', properties: { [hostile]: { enum: [name, hostile] } } });
  const difference = differenceOf({ old: documentWith('sent', value('a')), new: documentWith('sent', value('b')) });
  for (const text of [differenceMarkdown(difference, hostile), draftChangeNotice(difference).markdown]) {
    const { html } = renderMarkdown(text);
    expect(dangersIn(html)).toEqual([]);
    expect(html).not.toMatch(/<img|<a |<strong>b</);
  }
});

test('text of a document cannot move the cursor of a terminal', () => {
  const hostile = 'a\u001b[2J`\u009b';
  const value = (name: string) => ({ type: 'object', properties: { [hostile]: { type: 'string', pattern: name } } });
  const difference = differenceOf({ old: documentWith('sent', value('x')), new: documentWith('sent', value(hostile)) });
  expect(difference.counts.warning).toBe(1);
  expect(differenceText(difference)).not.toMatch(/[\u001b\u009b]/);
});
