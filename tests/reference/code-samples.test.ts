import { expect, test } from 'vitest';

import { languages } from '../../src/reference/code-sample.ts';
import { codeSamples } from '../../src/reference/code-samples.ts';
import { createResolver } from '../../src/reference/resolver.ts';
import { sampleRequest } from '../../src/reference/sample-request.ts';
import { createTree } from '../../src/reference/schema-tree.ts';
import { json, requestOf } from './sample-calls.ts';

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

test('parts of a multipart body are plain words where they would need quoting, and files are named after their field', () => {
  const properties = {
    a: {},
    "b'": {},
    '../up': { contentMediaType: 'image/png' },
    'f[]': { type: 'array', items: { format: 'binary' } },
  };
  const example = { a: '$(touch pwned)', "b'": 'x' };
  const content = {
    'multipart/form-data': { schema: { properties }, example, encoding: { a: { contentType: "te'xt" } } },
  };
  expect(requestOf({ requestBody: { content } }).body).toEqual({
    mediaType: 'multipart/form-data',
    kind: 'multipart',
    parts: [
      { name: 'a', contentType: null, value: 'value' },
      { name: 'f[]', contentType: null, fileName: 'f.bin' },
    ],
  });
});

test('a body of JSON Lines without an example has one line that fits its schema', () => {
  const itemSchema = { type: 'object', properties: { id: { type: 'integer', example: 7 } } };
  const { body: lines } = requestOf({ requestBody: { content: { 'application/x-ndjson': { itemSchema } } } });
  expect(lines).toEqual({ mediaType: 'application/x-ndjson', kind: 'lines', values: [{ id: 7 }] });
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
