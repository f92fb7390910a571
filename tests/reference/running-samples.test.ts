import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Language } from '../../src/reference/code-sample.ts';
import { codeSamples } from '../../src/reference/code-samples.ts';
import type { SampleRequest } from '../../src/reference/sample-request.ts';
import { findProgram } from '../support/programs.ts';
import { hostileBody, json, requestOf } from './sample-calls.ts';

const run = promisify(execFile);

interface Call {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

let folder: string;
let origin = '';
let calls: Call[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    calls.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
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

const multipart = {
  requestBody: {
    content: {
      'multipart/form-data': {
        schema: {
          required: ['photo', 'note'],
          properties: { photo: { type: 'string', format: 'binary' }, note: { type: 'string' }, other: {} },
        },
        example: { note: 'some words' },
      },
    },
  },
};

const withJsonPart = {
  requestBody: {
    content: {
      'multipart/form-data': {
        schema: { required: ['meta'], properties: { meta: { type: 'object' } } },
        example: { meta: { size: 3, title: 'a box' } },
      },
    },
  },
};

/** Languages whose program this machine has; Node and a shell are always there. */
const programs: Partial<Record<Language, { words: string[]; file: string }>> = {
  javascript: { words: [process.execPath], file: 'sample.mjs' },
  ...(findProgram('curl') && { curl: { words: ['/bin/sh'], file: 'sample.sh' } }),
  ...(canRun('python3', '-c', 'import requests') && { python: { words: ['python3'], file: 'sample.py' } }),
  ...(canRun('go', 'version') && { go: { words: ['go', 'run'], file: 'sample.go' } }),
  ...(canRun('java', '-version') && { java: { words: ['java'], file: 'Sample.java' } }),
  ...(findProgram('php') && { php: { words: ['php'], file: 'sample.php' } }),
  ...(findProgram('ruby') && { ruby: { words: ['ruby'], file: 'sample.rb' } }),
};
const installed = (Object.keys(programs) as Language[]).map((language) => ({ language }));

function canRun(program: string, ...words: string[]): boolean {
  return spawnSync(program, words).status === 0;
}

/** @returns the one call that running the sample made; null when the language has no sample for it */
async function callOf(language: Language, request: SampleRequest): Promise<Call | null> {
  const code = codeSamples(request).find((sample) => sample.language === language)?.code;
  const { words: [program = '', ...words] = [], file = '' } = programs[language] ?? {};
  if (code === undefined) return null;
  writeFileSync(join(folder, file), code);
  await run(program, [...words, file], { cwd: folder });
  expect(calls).toHaveLength(1);
  expect(readdirSync(folder)).not.toContain('pwned');
  return calls[0] ?? null;
}

describe.each(installed)('the sample in $language, run', { timeout: 180_000 }, ({ language }) => {
  test('sends exactly what the document says, and runs nothing of it', async () => {
    const request = requestOf(json(hostileBody), origin);
    const call = await callOf(language, request);
    expect(call?.method).toBe('POST');
    expect(decodeURIComponent(origin + (call?.url ?? ''))).toBe(decodeURIComponent(request.url));
    expect(JSON.parse(call?.body.toString() ?? '')).toEqual(JSON.parse(JSON.stringify(hostileBody)));
    expect(call?.headers).toMatchObject({
      authorization: 'Bearer gth_test_...',
      'x-note': 'value',
      'x-plain': 'as it is',
    });
  });

  test.each([
    ['plain', [{ a: 1 }, { a: 'two words' }]],
    ['hostile', [hostileBody, { a: 2 }]],
    ['one', [{ a: true }]],
  ])('sends JSON Lines, %s', async (name, lines) => {
    const request = requestOf(json(lines, 'application/jsonl'), origin);
    const call = await callOf(language, request);
    // What cannot be written down exactly is left out: Ruby's and PHP's quotes.
    if (call === null) {
      expect([name, language]).toEqual(['hostile', expect.stringMatching(/^(ruby|php)$/)]);
      return;
    }
    const sent = call.body.toString().split('\n');
    expect(sent.map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(lines)));
    expect(call.headers['content-type']).toContain('application/jsonl');
  });

  test('sends a file and the fields beside it', async () => {
    const request = requestOf(multipart, origin);
    const bytes = Buffer.from([0, 1, 0x22, 0x0d, 0x0a, 255]);
    writeFileSync(join(folder, 'photo.bin'), bytes);
    const call = await callOf(language, request);
    const sent = await new Response(new Uint8Array(call?.body ?? []), {
      headers: { 'Content-Type': call?.headers['content-type'] ?? '' },
    }).formData();
    expect([...sent.keys()].sort()).toEqual(['note', 'photo']);
    expect(sent.get('note')).toBe('some words');
    const photo = sent.get('photo') as File;
    expect(photo.name).toBe('photo.bin');
    expect(Buffer.from(await photo.arrayBuffer())).toEqual(bytes);
  });

  test('sends a part as JSON, or is not shown', async () => {
    const call = await callOf(language, requestOf(withJsonPart, origin));
    if (call === null) {
      expect(language).toMatch(/^(javascript|go)$/);
      return;
    }
    const text = call.body.toString();
    expect(text).toMatch(/name="?meta"?(?:; filename="[^"]*")?\r\n/i);
    expect(text).toMatch(/Content-Type: application\/json\r\n/i);
    expect(JSON.parse(/\{[\s\S]*\}/.exec(text)?.[0] ?? '')).toEqual({ size: 3, title: 'a box' });
  });
});
