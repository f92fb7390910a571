import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { createDocumentReader } from '../../src/catalog/document-reader.ts';

const GOOD = 'openapi: 3.1.0\ninfo: { title: Tea, version: "1" }\npaths: {}\n';
const github = (): string => readFileSync('node_modules/@octokit/openapi/generated/api.github.com.json', 'utf8');

test('GitHub’s REST document of 13 MB is read, all of its 1,223 operations, without stalling this thread', async () => {
  const reader = createDocumentReader({ timeoutMs: 60_000, heapMb: 256 });
  const text = github();
  let ticks = 0;
  const ticker = setInterval(() => (ticks += 1), 5);
  const result = await reader.read(text, 'json');
  clearInterval(ticker);
  await reader.close();
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  expect(result.document.title).toBe("GitHub's official OpenAPI spec + Octokit extension");
  expect(result.document.json.startsWith('{"openapi":"3.1.')).toBe(true);
  expect(new Set(result.document.operations.map(({ operationId }) => operationId)).size).toBe(1223);
  // Parsed here, it would have stopped the timer for seconds: one tick at most.
  expect(ticks).toBeGreaterThan(20);
}, 90_000);

test('a document that takes too long is given up, and the next one is read', async () => {
  const reader = createDocumentReader({ timeoutMs: 1, heapMb: 256 });
  expect(await reader.read(github(), 'json')).toEqual({
    ok: false,
    problems: [{ line: null, reason: 'takes more than 0.001 s to read' }],
  });
  await reader.close();
  const patient = createDocumentReader();
  expect(await patient.read(GOOD, 'yaml')).toMatchObject({ ok: true });
  await patient.close();
});

test('a document that needs too much memory is given up, and the next one is read', async () => {
  const reader = createDocumentReader({ timeoutMs: 60_000, heapMb: 40 });
  expect(await reader.read(github(), 'json')).toEqual({
    ok: false,
    problems: [{ line: null, reason: 'needs more than 40 MB of memory to read' }],
  });
  expect(await reader.read(GOOD, 'yaml')).toMatchObject({ ok: true });
  await reader.close();
}, 90_000);
