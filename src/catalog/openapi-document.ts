import { validate } from '@scalar/openapi-parser';
import { upgrade } from '@scalar/openapi-upgrader';

import { sha256Hex } from '../platform/hash.ts';
import type { FileProblem, OpenApiDocument } from './catalog.ts';
import { splitDocument } from './document-parts.ts';
import { keepServers } from './document-servers.ts';
import {
  type Format,
  type JsonObject,
  type Source,
  eachObject,
  isJsonObject,
  placeOf,
  readSource,
} from './document-source.ts';
import { pointerPath, resolvePointer } from './json-pointer.ts';
import type { Path } from './json-scan.ts';
import {
  COST_EXTENSION,
  costOf,
  describeOperation,
  duplicateOperationIds,
  findMethodMistakes,
  findOperations,
  giveOperationIds,
} from './operations.ts';
import { ADDITIONAL_OPERATIONS } from './path-item.ts';
import { operationSlugs } from './slugs.ts';
import { inlineBodyParameters } from './swagger2.ts';

export type DocumentResult = { ok: true; document: OpenApiDocument } | { ok: false; problems: readonly FileProblem[] };

const MAX_PROBLEMS = 20;
const MAX_CHAIN = 100;

/**
 * Reads an untrusted OpenAPI 2.0, 3.0, 3.1 or 3.2 document. What is older is brought to 3.1; 3.2 only adds to that, and
 * stays as it is. Opens no file and no connection: references that leave the document are refused before the validator
 * sees them.
 */
export async function readOpenApiDocument(text: string, format: Format): Promise<DocumentResult> {
  const read = readSource(text, format);
  return read.ok ? readOpenApiSource(read.source) : read;
}

/** As `readOpenApiDocument`, of what is parsed already; its value is used up. */
export async function readOpenApiSource(source: Source): Promise<DocumentResult> {
  if (!isJsonObject(source.value)) return { ok: false, problems: [{ line: 1, reason: 'is not an OpenAPI document' }] };
  const problems = [
    () => checkVersion(source),
    () => checkReferences(source),
    () => checkContract(source),
    () => checkMethods(source),
    () => checkOperationIds(source),
    () => checkCosts(source),
  ];
  for (const check of problems) {
    const found = await check();
    if (found.length > 0) return { ok: false, problems: found.slice(0, MAX_PROBLEMS) };
  }
  return { ok: true, document: toDocument(source.value) };
}

function checkVersion(source: Source): FileProblem[] {
  const { value } = source;
  const { swagger, openapi } = value as JsonObject;
  if (swagger === '2.0' || (typeof openapi === 'string' && /^3\.[012]\.\d+/.test(openapi))) return [];
  if (swagger === undefined && openapi === undefined) {
    return [{ line: 1, reason: 'is not an OpenAPI document: it starts with neither "openapi" nor "swagger"' }];
  }
  const name = openapi === undefined ? 'swagger' : 'openapi';
  const given = JSON.stringify((value as JsonObject)[name]);
  return [
    {
      ...placeOf(source, [name]),
      reason: `${name} is ${given}; supported are "2.0", "3.0.x", "3.1.x" and "3.2.x", in quotes`,
    },
  ];
}

function checkReferences(source: Source): FileProblem[] {
  const { value } = source;
  const problems: FileProblem[] = [];
  eachObject(value, ({ $ref: reference }, path) => {
    if (typeof reference !== 'string' || problems.length >= MAX_PROBLEMS) return;
    const mistake = reference.startsWith('#/') ? endlessChain(value, reference) : LEAVES;
    if (mistake)
      problems.push({ ...placeOf(source, [...path, '$ref']), reason: `$ref "${shorten(reference)}" ${mistake}` });
  });
  return problems;
}

const LEAVES = 'leaves the document; only references that start with #/ are followed';

/** The validator's time grows with the square of such a chain. */
function endlessChain(document: unknown, start: string): string | null {
  let reference: unknown = start;
  for (let steps = 0; steps < MAX_CHAIN; steps += 1) {
    const target = resolvePointer(document, reference as string);
    reference = isJsonObject(target) ? target.$ref : undefined;
    if (typeof reference !== 'string') return null;
  }
  return `never arrives: it goes in a circle, or through more than ${MAX_CHAIN} references`;
}

async function checkContract(source: Source): Promise<FileProblem[]> {
  const { value } = source;
  const outcome = await validate(structuredClone(value) as JsonObject);
  if (outcome.valid) return [];
  return outcome.errors.slice(0, MAX_PROBLEMS).map(({ message, path }) => {
    const location =
      path === undefined ? dangling(value, message) : typeof path === 'string' ? (pointerPath(path) ?? []) : path;
    const place = location.length > 0 ? ` (at ${shorten(location.join(' > '))})` : '';
    return { ...placeOf(source, location), reason: `${message}${place}` };
  });
}

/** The validator names a reference without an end, but not where it stands. */
function dangling(value: unknown, message: string): Path {
  let found: Path = [];
  eachObject(value, ({ $ref: reference }, path) => {
    if (found.length === 0 && typeof reference === 'string' && message.endsWith(` ${reference}`))
      found = [...path, '$ref'];
  });
  return found;
}

function checkMethods(source: Source): FileProblem[] {
  return findMethodMistakes(source.value as JsonObject)
    .slice(0, MAX_PROBLEMS)
    .map(({ path, method, reason }) => ({
      ...placeOf(source, ['paths', path, ADDITIONAL_OPERATIONS, method]),
      reason: `${ADDITIONAL_OPERATIONS} of ${path}: "${shorten(method)}" ${reason}`,
    }));
}

function checkOperationIds(source: Source): FileProblem[] {
  return duplicateOperationIds(findOperations(source.value as JsonObject))
    .slice(0, MAX_PROBLEMS)
    .map(({ id, first, again }) => ({
      ...placeOf(source, [...again.location, 'operationId']),
      reason: `operationId "${id}" of ${again.method} ${again.path} belongs to ${first.method} ${first.path} already`,
    }));
}

function checkCosts(source: Source): FileProblem[] {
  return findOperations(source.value as JsonObject)
    .filter(({ object }) => costOf(object) === undefined)
    .slice(0, MAX_PROBLEMS)
    .map(({ location }) => ({
      ...placeOf(source, [...location, COST_EXTENSION]),
      reason: `${COST_EXTENSION} must be a whole number from 0 to 1,000,000,000`,
    }));
}

function toDocument(value: JsonObject): OpenApiDocument {
  if (value.swagger === '2.0') inlineBodyParameters(value);
  const isNewer = typeof value.openapi === 'string' && value.openapi.startsWith('3.2.');
  const document = isNewer ? value : (upgrade(value, '3.1') as unknown as JsonObject);
  const operations = findOperations(document);
  giveOperationIds(operations);
  removeServers(document);
  const slugs = operationSlugs(operations.map(({ object }) => String(object.operationId)));
  const json = JSON.stringify(document);
  const info = isJsonObject(document.info) ? document.info : {};
  return {
    json,
    sha256: sha256Hex(json),
    title: String(info.title),
    documentVersion: typeof info.version === 'string' ? info.version : '',
    description: typeof info.description === 'string' ? info.description : '',
    operations: operations.map((operation) => describeOperation(document, operation, slugs)),
    parts: splitDocument(document, operations),
  };
}

/** Calls go through the gateway only; the console must not carry a key past it. */
function removeServers(document: JsonObject): void {
  keepServers(document);
  const { paths } = document;
  for (const item of isJsonObject(paths) ? Object.values(paths) : []) {
    if (isJsonObject(item)) delete item.servers;
  }
  for (const { object } of findOperations(document)) delete object.servers;
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
