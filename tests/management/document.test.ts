import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { accessScopes } from '../../src/access-tokens/access-token.ts';
import { readOpenApiDocument } from '../../src/catalog/openapi-document.ts';
import { managementDocument } from '../../src/management/document.ts';
import { documentText } from '../../src/management/document-file.ts';
import { refusalCodesOf } from '../../src/management/document-refusals.ts';
import { createRouter } from '../../src/management/match-route.ts';
import { wantsToken } from '../../src/management/operation.ts';
import { operations } from '../../src/management/operations.ts';
import { operationsGuide } from '../../src/management/operations-guide.ts';
import { explainRefusal } from '../../src/ui/errors/explain-refusal.ts';
import { schemaMistakes } from '../support/schema-check.ts';

interface Documented {
  operationId: string;
  security: Record<string, string[]>[];
  requestBody?: { content: { 'application/json': { schema: unknown; example?: unknown } } };
  parameters?: { name: string; in: string; example?: unknown }[];
  responses: Record<string, unknown>;
}

const FILE = 'content/apis/gatehouse/v1/openapi.yaml';
const document = managementDocument(operations) as { paths: Record<string, Record<string, Documented>> };
const documented = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, one]) => ({ path, method: method.toUpperCase(), one })),
);
const match = createRouter(operations);

describe('the document', () => {
  test('that the portal shows is the one of the code; if not: node src/management/write-document.ts', () => {
    expect(readFileSync(FILE, 'utf8')).toBe(documentText());
  });

  test('and the guide with all operations is that of the code', () => {
    expect(readFileSync('content/guides/management-api-operations.md', 'utf8')).toBe(operationsGuide());
  });

  test('is OpenAPI that the portal reads without a complaint', async () => {
    const read = await readOpenApiDocument(readFileSync(FILE, 'utf8'), 'yaml');
    expect(read.ok ? [] : read.problems).toEqual([]);
  });

  test('has every operation of the router, and no other', () => {
    expect(documented.map(({ one }) => one.operationId).sort()).toEqual(
      operations.map(({ operationId }) => operationId).sort(),
    );
    expect(new Set(documented.map(({ one }) => one.operationId)).size).toBe(operations.length);
    for (const { path, method, one } of documented) {
      const found = match(method, path.replaceAll(/\{\w+\}/g, 'x'));
      expect(found).toMatchObject({ found: 'operation', operation: { operationId: one.operationId } });
    }
  });

  test('names no address that is for machines of others alone', () => {
    expect(JSON.stringify(document)).not.toMatch(/secret-scanning|webhook-test/);
  });

  test('says what each operation needs, and every scope is needed by one', () => {
    const needed = new Set<string>();
    for (const operation of operations) {
      const one = documented.find(({ one: candidate }) => candidate.operationId === operation.operationId)?.one;
      const expected = operation.access === 'public' ? [] : wantsToken(operation) ? ['accessToken'] : ['apiKey'];
      expect(one?.security.map((requirement) => Object.keys(requirement)[0])).toEqual(expected);
      needed.add(operation.access);
    }
    expect(accessScopes.filter((scope) => !needed.has(scope) && scope !== 'keys:widen')).toEqual([]);
  });

  test('shows examples that its own schemas allow, and that the operation takes', () => {
    for (const operation of operations.filter(({ body }) => body !== null)) {
      const one = documented.find(({ one: candidate }) => candidate.operationId === operation.operationId)?.one;
      const media = one?.requestBody?.content['application/json'];
      expect(media?.example, operation.operationId).toBeDefined();
      expect(schemaMistakes(document, media?.schema, media?.example)).toEqual([]);
      expect(operation.body?.safeParse(media?.example).success).toBe(true);
    }
  });

  test('gives an example for every parameter of a path', () => {
    const without = documented.flatMap(({ one }) =>
      (one.parameters ?? []).filter(({ in: place, example }) => place === 'path' && example === undefined),
    );
    expect(without).toEqual([]);
  });
});

test('every refusal of every operation has a page that explains it', () => {
  const codes = new Set(operations.flatMap(refusalCodesOf));
  expect([...codes].filter((code) => explainRefusal(code) === null)).toEqual([]);
});

test('operations are named by a verb and what they are about, once', () => {
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z]+[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
});
