import { describe, expect, test } from 'vitest';

import { type DiffIo, runDiff } from '../../src/cli/diff.ts';

const document = (paths: object, more: object = {}): string =>
  JSON.stringify({ openapi: '3.0.3', info: { title: 'Things', version: '1' }, paths, ...more });
const get = { get: { operationId: 'a', responses: { 200: { description: 'Fine' } } } };

const files: Readonly<Record<string, string>> = {
  'two.json': document({ '/a': get, '/b': { get: { ...get.get, operationId: 'b' } } }),
  'one.json': document({ '/a': get }),
  'deprecated.json': document({ '/a': { get: { ...get.get, deprecated: true } } }),
  'moved.json': document({ '/a': get }, { servers: [{ url: 'https://b.example' }] }),
  'placed.json': document({ '/a': get }, { servers: [{ url: 'https://a.example' }] }),
  'one.yaml':
    "swagger: '2.0'\ninfo: { title: Things, version: '1' }\npaths: { /a: { get: { operationId: a, responses: { 200: { description: Fine } } } } }\n",
  'broken.yaml': 'openapi: 3.1.0\ninfo: [\n',
};

async function run(...argv: string[]) {
  const written = { out: '', error: '' };
  const io: DiffIo = {
    readFile: async (path) => files[path] ?? Promise.reject(new Error('no such file')),
    writeOut: (text) => (written.out += text),
    writeError: (text) => (written.error += text),
    nowMs: () => Date.parse('2026-11-25'),
  };
  return { code: await runDiff(argv, io), ...written };
}

describe('gatehouse diff', () => {
  test('tells what breaks, and ends with 0 unless it is told to fail', async () => {
    const { code, out } = await run('two.json', 'one.json');
    expect(code).toBe(0);
    expect(out).toContain('GET /b\n  breaking   operation was removed');
    expect(out).toContain('[api-path-removed-without-deprecation]');
    expect(out).toContain('1 change breaks clients.');
  });

  test.each([
    { argv: ['two.json', 'one.json', '--fail-on', 'breaking'], code: 1 },
    { argv: ['one.json', 'two.json', '--fail-on', 'breaking'], code: 0 },
    { argv: ['one.json', 'deprecated.json', '--fail-on', 'breaking'], code: 0 },
    { argv: ['one.json', 'deprecated.json', '--fail-on', 'warning'], code: 1 },
    { argv: ['one.json', 'one.yaml', '--fail-on=warning'], code: 0 },
    { argv: ['placed.json', 'moved.json', '--fail-on', 'breaking'], code: 1 },
    { argv: ['one.json', 'broken.yaml'], code: 2 },
    { argv: ['one.json', 'absent.json'], code: 2 },
    { argv: ['one.json'], code: 2 },
    { argv: ['one.json', 'two.json', '--fail-on', 'nothing'], code: 2 },
    { argv: ['one.json', 'two.json', '--format', 'pdf'], code: 2 },
    { argv: ['one.json', 'two.json', '--sunset-days', 'many'], code: 2 },
    { argv: ['one.json', 'two.json', '--colour'], code: 2 },
    { argv: ['--help'], code: 0 },
  ])('$argv ends with $code', async ({ argv, code }) => {
    const ended = await run(...argv);
    expect(ended.code).toBe(code);
    if (code === 2) expect(ended.error).not.toBe('');
  });

  test('names file, line and reason of a document that cannot be read', async () => {
    expect((await run('one.json', 'broken.yaml')).error).toMatch(/^broken\.yaml:\d+: not valid YAML/);
  });

  test('writes JSON for programs', async () => {
    const { out } = await run('two.json', 'one.json', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({ counts: { error: 1 }, operations: [{ method: 'GET', path: '/b' }] });
  });

  test('the same document in Swagger 2.0 and OpenAPI 3.0 does not differ', async () => {
    expect((await run('one.yaml', 'one.json')).out).toBe('Nothing differs.\n');
  });
});
