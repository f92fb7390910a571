import { readOpenApiDocument } from '../../src/catalog/openapi-document.ts';

export const HEAD = `openapi: 3.1.0
info:
  title: Parcels
  version: 1.2.3
  description: About *parcels*.
`;

/** A document of OpenAPI 3.1 whose only operation is followed by `more`. */
export function yamlWith(more: string): string {
  return `${HEAD}paths:
  /parcels:
    get:
      responses:
        '200': { description: Fine }
${more}`;
}

/** What the tests look at in a document that was brought to 3.1. */
export interface Upgraded {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; requestBody?: unknown; parameters?: unknown }>>;
  components: { schemas: Record<string, unknown> };
}

/** Reads a document that must be good. */
export async function read(text: string, format: 'yaml' | 'json' = 'yaml') {
  const result = await readOpenApiDocument(text, format);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { ...result.document, parsed: JSON.parse(result.document.json) as Upgraded };
}

/** What is wrong with a document, as `line: reason`; empty when nothing is. */
export async function problems(text: string, format: 'yaml' | 'json' = 'yaml'): Promise<string[]> {
  const result = await readOpenApiDocument(text, format);
  return result.ok ? [] : result.problems.map(({ line, reason }) => `${String(line)}: ${reason}`);
}
