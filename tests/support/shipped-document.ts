import { readFileSync } from 'node:fs';

import { readOpenApiDocument } from '../../src/catalog/openapi-document.ts';
import { resolve, schemaMistakes } from './schema-check.ts';

/** One operation of a document in `content/apis/`. */
export interface DocumentedOperation {
  document: unknown;
  operationId: string;
  method: string;
  path: string;
  parameters: readonly { name: string; in: string; required?: boolean; example?: unknown }[];
  /** First example of the JSON request body; undefined when it takes none. */
  exampleBody: unknown;
  /** Resolved, by status. */
  responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: unknown }>> }>>;
}

interface OperationObject {
  operationId: string;
  parameters?: unknown[];
  requestBody?: { content: Record<string, { example?: unknown; examples?: Record<string, { value: unknown }> }> };
  responses: Record<string, unknown>;
}

const methods = ['get', 'post', 'patch', 'delete'] as const;
type PathItem = Partial<Record<(typeof methods)[number], OperationObject>> & { parameters?: unknown[] };

/** Reads a document as the portal does, and lists its operations. */
export async function readShippedDocument(folder: string): Promise<readonly DocumentedOperation[]> {
  const read = await readOpenApiDocument(readFileSync(`content/apis/${folder}/openapi.yaml`, 'utf8'), 'yaml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const document = JSON.parse(read.document.json) as { paths: Record<string, PathItem> };
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [toOperation(document, path, method, item, operation)] : [];
    }),
  );
}

function toOperation(
  document: unknown,
  path: string,
  method: string,
  item: PathItem,
  operation: OperationObject,
): DocumentedOperation {
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
  const media = operation.requestBody?.content['application/json'];
  const responses = Object.entries(operation.responses).map(([status, response]) => [
    status,
    resolve(document, response),
  ]);
  return {
    document,
    operationId: operation.operationId,
    method: method.toUpperCase(),
    path,
    parameters: parameters.map((one) => resolve(document, one)) as DocumentedOperation['parameters'],
    exampleBody: media?.example ?? Object.values(media?.examples ?? {})[0]?.value,
    responses: Object.fromEntries(responses) as DocumentedOperation['responses'],
  };
}

/** The operation's path and query with the documented examples; `value` replaces those in the path. */
export function examplePath({ path, parameters }: DocumentedOperation, value?: string): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: place, required, example } of parameters) {
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(value ?? String(example)));
    if (place === 'query' && required) query.set(name, String(example));
  }
  return query.size > 0 ? `${filled}?${query.toString()}` : filled;
}

export interface Answer {
  status: number;
  /** Media type without parameters; '' when there is no body. */
  type: string;
  /** Parsed where it is JSON. */
  body: unknown;
}

export async function toAnswer(response: Response): Promise<Answer> {
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const text = await response.text();
  return { status: response.status, type, body: type.endsWith('json') ? JSON.parse(text) : text };
}

/** Every way in which an answer is not what its operation documents. */
export function answerMistakes({ document, responses }: DocumentedOperation, answer: Answer): string[] {
  const response = responses[String(answer.status)];
  if (!response) return [`status ${String(answer.status)} is not documented: ${JSON.stringify(answer.body)}`];
  if (!response.content) return answer.body === '' ? [] : ['a body is not documented'];
  const media = response.content[answer.type];
  return media ? schemaMistakes(document, media.schema, answer.body) : [`${answer.type} is not documented`];
}
