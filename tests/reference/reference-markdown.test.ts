import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { operationMarkdown, schemaMarkdown } from '../../src/reference/reference-markdown.ts';
import { code, fenced } from '../../src/reference/schema-markdown.ts';
import { type TestDatabase, openTestDatabase } from '../support/databases.ts';
import { KEY, publish } from './published.ts';

let opened: TestDatabase;
beforeEach(async () => {
  opened = await openTestDatabase('sqlite');
});
afterEach(() => opened.close());

const URL_ = 'https://portal.example/docs/parcels/v2';

test('an operation as Markdown has what its page has', async () => {
  const { reference } = await publish(opened, readFileSync('content/apis/parcels/v2/openapi.yaml', 'utf8'));
  const page = await reference.operation(KEY, 'create-parcel', '');
  if (!page) throw new Error('there is no such operation');
  const text = operationMarkdown(page, 'https://api.example/parcels/v2/parcels', URL_);
  for (const part of [
    '# Create a parcel\n',
    '`POST https://api.example/parcels/v2/parcels`',
    '- `weightGrams` (integer, required): (1 to 31500)',
    `[NewParcel](${URL_}/schemas/NewParcel.md)`,
    '## Response 201',
    '- Scopes: `parcels:write`',
    '## Sample: curl',
  ])
    expect(text).toContain(part);
});

test('a schema as Markdown lists its properties and its example', async () => {
  const { reference } = await publish(opened, readFileSync('content/apis/parcels/v2/openapi.yaml', 'utf8'));
  const page = await reference.schema(KEY, 'Size', '');
  if (!page) throw new Error('there is no such schema');
  expect(schemaMarkdown(page, URL_)).toMatch(/^# Size\n\nobject.*\n\n- `lengthMm` \(integer, required\)/);
});

test.each([
  ['plain', '`plain`'],
  ['a`b', '``a`b``'],
  ['`a`', '`` `a` ``'],
  ['a\n# b', '`a # b`'],
])('inline code holds %j', (text, written) => {
  expect(code(text)).toBe(written);
});

test('a code block ends after its text, whatever fences are in it', () => {
  expect(fenced('a\n````\nb')).toEqual(['`````', 'a\n````\nb', '`````']);
});
