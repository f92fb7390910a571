import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

import { describe, expect, test } from 'vitest';

import { problems, read, yamlWith } from './documents.ts';

describe('hostile documents', () => {
  test.each([
    ['file:///etc/passwd'],
    ['/etc/passwd'],
    ['../../.env'],
    ['other.yaml#/components/schemas/A'],
    ['//evil.example/a.yaml'],
  ])('the reference %s is refused', async (reference) => {
    const text = yamlWith(`components:\n  schemas:\n    A:\n      $ref: "${reference}"\n`);
    expect(await problems(text)).toEqual([
      `14: $ref "${reference}" leaves the document; only references that start with #/ are followed`,
    ]);
  });

  test('no connection is opened for a reference to a server', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const text = yamlWith(`components: { schemas: { A: { $ref: "http://127.0.0.1:${String(port)}/a.json" } } }\n`);
    expect(await problems(text)).toEqual([expect.stringContaining('leaves the document')]);
    await new Promise((resolve) => server.close(resolve));
    expect(requests).toBe(0);
  });

  test('an alias bomb is refused', async () => {
    const levels = 'abcdefgh'.split('');
    const bomb = levels.map((name, index) => {
      const before = levels[index - 1];
      const item = before ? `*${before}` : '"lol"';
      return `${name}: &${name} [${Array.from({ length: 9 }, () => item).join(', ')}]`;
    });
    expect(await problems(bomb.join('\n'))).toEqual(['null: uses YAML aliases more than 20 times']);
  });

  test('an alias gets a copy of its own', async () => {
    const document = await read(
      yamlWith(`components:
  schemas:
    A: &shared { type: object, properties: { note: { type: string, nullable: true } } }
    B: *shared
`).replace('3.1.0', '3.0.3'),
    );
    const note = { note: { type: ['string', 'null'] } };
    expect(document.parsed.components.schemas).toMatchObject({ A: { properties: note }, B: { properties: note } });
  });

  test.each([
    ['brackets in YAML', 'yaml' as const, '['.repeat(100_000)],
    ['dashes in YAML', 'yaml' as const, '- '.repeat(50_000)],
    ['question marks in YAML', 'yaml' as const, '? '.repeat(5_000)],
    ['indentation in YAML', 'yaml' as const, Array.from({ length: 150 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
    ['brackets in JSON', 'json' as const, '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects in JSON', 'json' as const, '{"a":'.repeat(101) + '1' + '}'.repeat(101)],
  ])('deep nesting is refused: %s', async (_, format, text) => {
    expect(await problems(text, format)).toEqual([expect.stringContaining('nested more than 100 levels deep')]);
  });

  test.each([['__proto__'], ['constructor']])('the name %s is refused', async (name) => {
    const text = yamlWith(`x-more:\n  ${name}:\n    polluted: true\n`);
    expect(await problems(text)).toEqual([`12: the name "${name}" is not allowed`]);
    const json = `{"openapi":"3.1.0",\n"${name}":{"polluted":true}}`;
    expect(await problems(json, 'json')).toEqual([`2: the name "${name}" is not allowed`]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([
    ['a merge key', 'base: &base { a: 1 }\nmore:\n  <<: *base\n', '3: merge keys (<<) are not supported'],
    ['a map as a name', '{ a: 1 }: x\n', '1: a name must be plain text'],
    ['a tag of another language', 'a: !!js/function "x"\n', '1: not valid YAML: Unresolved tag'],
    ['a second document', 'a: 1\n---\nb: 2\n', '2: holds a second YAML document'],
  ])('%s is refused', async (_, text, expected) => {
    expect(await problems(text)).toEqual([expect.stringContaining(expected)]);
  });

  test('a pattern that never ends is not run', async () => {
    const document = await read(yamlWith('components: { schemas: { A: { type: string, pattern: "(a+)+$" } } }\n'));
    expect(document.json).toContain('(a+)+$');
  });

  test('a chain of ten thousand references is refused before the validator follows it', async () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, n) => [`S${String(n)}`, { $ref: `#/components/schemas/S${String(n + 1)}` }]),
    );
    const info = { title: 'T', version: '1' };
    const text = JSON.stringify({ openapi: '3.1.0', info, paths: {}, components: { schemas } });
    const found = await problems(text, 'json');
    expect(found).toHaveLength(20);
    expect(found[0]).toBe(
      '1: $ref "#/components/schemas/S1" never arrives: it goes in a circle, or through more than 100 references',
    );
  });
});
