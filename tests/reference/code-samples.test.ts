import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type Language, languages } from '../../src/reference/code-sample.ts';
import { codeSamples } from '../../src/reference/code-samples.ts';
import { createResolver } from '../../src/reference/resolver.ts';
import { type SampleRequest, sampleRequest } from '../../src/reference/sample-request.ts';
import { createTree } from '../../src/reference/schema-tree.ts';
import { findProgram } from '../support/programs.ts';

const run = promisify(execFile);

/** What would run, break out of its quotes or be read in another way, in one language or another. */
const hostile = [
  `it's "quoted"`,
  '$HOME ${HOME} $(touch pwned) `touch pwned`',
  '#{`touch pwned`} #$0 #@x',
  'back\\slash \\n \\u0041',
  'line\nbreak',
  "'; touch pwned; '",
  'JSON\nJSON',
  '%s {0} {{x}} <?php ?> """',
  '@/etc/passwd',
  '🙂 é </script>',
];
const body = {
  ...Object.fromEntries(hostile.entries()),
  list: [1, 2.5, true, false, null, 'x', ...hostile],
  deep: { a: [{ b: "'" }] },
};

const operation = {
  parameters: [
    { in: 'path', name: 'id', required: true, example: hostile.join(' ') },
    { in: 'query', name: "q'$(touch pwned)", required: true, example: hostile.join('&') },
    { in: 'header', name: 'X-Note', required: true, example: hostile[1] },
    { in: 'header', name: 'X-Plain', required: true, example: 'as it is' },
    { in: 'header', name: 'X"\'$bad', required: true, example: 'x' },
  ],
};

interface Call {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

let folder: string;
let origin = '';
let calls: Call[] = [];
const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  request.on('end', () => {
    calls.push({ method: request.method, url: request.url, headers: request.headers, body: text });
    response.end('fine');
  });
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-samples-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  calls = [];
});

function requestOf(more: object): SampleRequest {
  const tree = createTree(createResolver(new Map([['', { value: {}, slug: '' }]])), '');
  const target = { method: 'POST', path: "/a/{id}/it's $(touch pwned)`", serverUrl: origin, token: 'gth_test_...' };
  return sampleRequest(tree, { ...operation, ...more }, undefined, target);
}

const json = (example: unknown, mediaType = 'application/json') => ({
  requestBody: { content: { [mediaType]: { example } } },
});

/** Languages whose program this machine has; Node and a shell are always there. */
const programs: Partial<Record<Language, { program: string; file: string }>> = {
  javascript: { program: process.execPath, file: 'sample.mjs' },
  ...(findProgram('curl') && { curl: { program: '/bin/sh', file: 'sample.sh' } }),
  ...(findProgram('php') && { php: { program: 'php', file: 'sample.php' } }),
  ...(findProgram('ruby') && { ruby: { program: 'ruby', file: 'sample.rb' } }),
};
const installed = Object.entries(programs).map(([language, { program, file }]) => ({ language, program, file }));

describe.each(installed)('the sample in $language, run', ({ language, program, file }) => {
  test('sends exactly what the document says, and runs nothing of it', async () => {
    const request = requestOf(json(body));
    const code = codeSamples(request).find((sample) => sample.language === language)?.code ?? '';
    writeFileSync(join(folder, file), code);
    await run(program, [file], { cwd: folder });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.method).toBe('POST');
    expect(decodeURIComponent(origin + (calls[0]?.url ?? ''))).toBe(decodeURIComponent(request.url));
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual(JSON.parse(JSON.stringify(body)));
    expect(calls[0]?.headers).toMatchObject({
      authorization: 'Bearer gth_test_...',
      'x-note': 'value',
      'x-plain': 'as it is',
    });
    expect(readdirSync(folder)).not.toContain('pwned');
  });
});

test('there is a sample in every language', () => {
  expect(codeSamples(requestOf(json({ a: 1 }))).map(({ language }) => language)).toEqual(languages);
});

test('a language that could not say it exactly is left out', () => {
  const languagesFor = (example: unknown) => codeSamples(requestOf(json(example))).map(({ language }) => language);
  expect(languagesFor({ "it's": 1 })).not.toContain('php');
  expect(languagesFor({ empty: {} })).not.toContain('php');
  expect(languagesFor({ text: 'so: true, it is' })).not.toContain('python');
});

test('Ruby reads the body as it stands, without looking for code in it', () => {
  const ruby = codeSamples(requestOf(json({ a: '#{`id`}' }))).find(({ language }) => language === 'ruby')?.code;
  expect(ruby).toContain("<<~'JSON'");
});

test('no address needs quoting in any language', () => {
  expect(requestOf({}).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+[A-Za-z0-9\-._~%/?=&@,+:]*$/);
});

test('forms send required fields only, and as plain words where they would need quoting', () => {
  const schema = { required: ['a', 'b', "c'"], properties: { a: {}, b: {}, "c'": {}, d: {} } };
  const example = { a: 'plain', b: '$(touch pwned)', "c'": 'x', d: 'optional' };
  const request = requestOf({ requestBody: { content: { 'application/x-www-form-urlencoded': { schema, example } } } });
  expect(request.body).toMatchObject({
    fields: [
      { name: 'a', value: 'plain' },
      { name: 'b', value: 'value' },
    ],
  });
});

test('a variant of JSON keeps its media type, also in C#', () => {
  const samples = codeSamples(requestOf(json({ a: 1 }, 'application/merge-patch+json')));
  for (const { code } of samples) expect(code).toContain('application/merge-patch+json');
});

test('what has no example stands as a word to replace', () => {
  const tree = createTree(createResolver(new Map()), '');
  const parameters = [{ in: 'path', name: 'parcelId', required: true, schema: { type: 'string' } }];
  const target = {
    method: 'get',
    path: '/parcels/{parcelId}',
    serverUrl: 'https://api.example/parcels/v2',
    token: null,
  };
  expect(sampleRequest(tree, { parameters }, undefined, target)).toMatchObject({
    url: 'https://api.example/parcels/v2/parcels/PARCEL_ID',
    headers: [],
  });
});
