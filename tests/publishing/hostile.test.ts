import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readSource } from '../../src/catalog/document-source.ts';
import type { JsonObject } from '../../src/catalog/json-object.ts';
import { readOpenApiSource } from '../../src/catalog/openapi-document.ts';
import { createDocumentInspector, inspectLimits } from '../../src/publishing/document-inspector.ts';
import { lintDocument } from '../../src/publishing/lint-document.ts';
import { type HostileDocument, hostileDocuments } from './hostile-corpus.ts';
import type { HostileOutcome } from './hostile-child.ts';

const root = join(import.meta.dirname, '../..');

describe('hostile documents, in a process that may open nothing but the program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-canary-'));
  let requests = 0;
  const canary = createServer((_, response) => {
    requests += 1;
    response.end('{"type":"string"}');
  });
  let documents: HostileDocument[];
  let outcome: HostileOutcome;

  beforeAll(async () => {
    writeFileSync(join(folder, 'canary.json'), '{"type":"string"}');
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
    const { port } = canary.address() as AddressInfo;
    documents = hostileDocuments({ url: `http://127.0.0.1:${port}/a.json`, file: join(folder, 'canary.json') });
    outcome = await readAll(documents);
  }, 120_000);
  afterAll(async () => {
    await new Promise((resolve) => canary.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  test('each is refused by name, or kept as plain data', () => {
    const expected = documents.map(({ name, reason }) => [
      name,
      reason === null ? null : [expect.stringContaining(reason)],
    ]);
    const found = outcome.results.map(({ name, reasons }) => [name, reasons?.slice(0, 1) ?? null]);
    expect(found).toEqual(expected);
  });

  test('what is kept is linted to the end', () => {
    expect(outcome.results.filter(({ lint }) => lint === 'gave up')).toEqual([]);
  });

  test('no file is opened, no connection made, no name looked up, and no pattern of theirs compiled', () => {
    expect(outcome.touched).toEqual([]);
    expect(requests).toBe(0);
    expect(outcome.polluted).toBe(false);
  });

  async function readAll(corpus: readonly HostileDocument[]): Promise<HostileOutcome> {
    const words = ['--permission', `--allow-fs-read=${root}`, join(import.meta.dirname, 'hostile-child.ts')];
    const child = spawn(process.execPath, words, { env: {}, stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stdin.end(JSON.stringify(corpus));
    await new Promise((resolve) => child.once('close', resolve));
    return JSON.parse(output) as HostileOutcome;
  }
});

describe('the thread in which documents are read', () => {
  /** Takes seconds to read and to lint, and 30 MB do not suffice. */
  const large =
    hostileDocuments({ url: '', file: '' }).find(({ name }) => name === 'ten thousand operations')?.text ?? '';

  test('a document that takes too long, or too much memory, is refused by name, and the next one is read', async () => {
    const limits = { readMs: 60_000, lintMs: 60_000, heapMb: 256 };
    const hurried = createDocumentInspector(() => ({ ...limits, readMs: 1 }));
    const narrow = createDocumentInspector((length) => ({ ...limits, heapMb: length > 1000 ? 30 : 256 }));
    const reasons = await Promise.all(
      [hurried, narrow].map(async (inspector) => (await inspector.inspect(large, 'json', { lint: true })).result),
    );
    expect(reasons).toEqual([
      { ok: false, problems: [{ line: null, reason: 'takes more than 0.001 s to read' }] },
      { ok: false, problems: [{ line: null, reason: 'needs more than 30 MB of memory to read' }] },
    ]);
    const small = 'openapi: 3.1.0\ninfo: { title: A, version: "1" }\npaths: {}\n';
    expect(await narrow.inspect(small, 'yaml', { lint: true })).toMatchObject({
      result: { ok: true },
      lint: { ok: true },
    });
  }, 90_000);

  test('a lint that takes too long says so, and the document can be published all the same', async () => {
    const inspector = createDocumentInspector(() => ({ readMs: 60_000, lintMs: 1, heapMb: 512 }));
    const { result, lint } = await inspector.inspect(large, 'json', { lint: true });
    expect(result.ok).toBe(true);
    expect(lint).toEqual({ ok: false, reason: 'The lint gave up after 0.001 s.' });
  }, 90_000);

  test('large documents get more time and memory than small ones', () => {
    expect([1000, 5 * 1024 * 1024, 13_000_000].map((length) => inspectLimits(length))).toEqual([
      { readMs: 2000, lintMs: 4000, heapMb: 256 },
      { readMs: 9500, lintMs: 11_500, heapMb: 256 },
      { readMs: 20_000, lintMs: 22_000, heapMb: 512 },
    ]);
  });
});

/** HOSTILE_ROUNDS=100000 is the whole of it. */
const ROUNDS = Number(process.env.HOSTILE_ROUNDS ?? '10000');

test(
  `${ROUNDS} damaged documents are read or refused with a reason; nothing throws`,
  { timeout: ROUNDS * 60 },
  async () => {
    const random = seeded(20261126);
    const texts = [
      readFileSync(join(import.meta.dirname, 'small.yaml'), 'utf8'),
      readFileSync(join(import.meta.dirname, 'small.json'), 'utf8'),
    ];
    const outcomes = { kept: 0, refused: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const format = round % 2 === 0 ? 'yaml' : 'json';
      const text = damage(texts[round % 2] ?? '', random);
      const read = readSource(text, format);
      if (!read.ok) {
        expect(read.problems.every(({ reason }) => reason !== '')).toBe(true);
        outcomes.refused += 1;
        continue;
      }
      const written = structuredClone(read.source.value) as JsonObject;
      const result = await readOpenApiSource(read.source);
      if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
      else expect((await lintDocument(text, read.source, written)).ok).toBe(true);
      outcomes[result.ok ? 'kept' : 'refused'] += 1;
    }
    expect(outcomes.kept).toBeGreaterThan(ROUNDS / 40);
    expect(outcomes.refused).toBeGreaterThan(ROUNDS / 4);
  },
);

/** mulberry32: the same numbers each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SCRAPS = [
  '',
  '{',
  '}',
  '[',
  ']',
  ':',
  '"',
  "'",
  '&a ',
  '*a',
  '!!x ',
  '$ref',
  '#/components/schemas/Parcel',
  '\u0000',
  'null',
  '-1',
  'true',
  '~1',
  '<<',
  '\n',
  ' ',
  '__proto__',
  '/{id}',
  '{}',
];

/** Takes something out, puts something in, or moves something, once or twice. */
function damage(text: string, random: () => number): string {
  let damaged = text;
  for (let times = 1 + Math.floor(random() * 2); times > 0; times -= 1) {
    const from = Math.floor(random() * damaged.length);
    const length = Math.floor(random() * 12);
    const scrap =
      random() < 0.5 ? (SCRAPS[Math.floor(random() * SCRAPS.length)] ?? '') : damaged.slice(from, from + length);
    const to = Math.floor(random() * damaged.length);
    damaged = damaged.slice(0, to) + scrap + damaged.slice(to + Math.floor(random() * length));
  }
  return damaged;
}
