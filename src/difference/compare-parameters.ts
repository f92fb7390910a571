import type { JsonObject } from '../catalog/document-source.ts';
import type { Comparing, Ledger } from './ledger.ts';
import { type ListedOperation, type ListedParameter, listParameters, pathParameters } from './list-operations.ts';
import { canonicalJson, objectOf, textOf } from './open-document.ts';
import { ANY, schemaObject } from './schema-parts.ts';
import { sunsetOf } from './sunset.ts';

interface OperationPair {
  old: ListedOperation;
  new: ListedOperation;
}

/** Compares parameters: by place and name, in the path by position. */
export function compareParameters(comparing: Comparing, ledger: Ledger, pair: OperationPair): void {
  const renamed = renamedInPath(ledger, pair);
  const before = new Map(
    listParameters(comparing.documents.old, pair.old).map((one) => [
      keyOf(one, one.in === 'path' ? renamed.get(one.name) : undefined),
      one,
    ]),
  );
  for (const after of listParameters(comparing.documents.new, pair.new)) {
    const key = keyOf(after);
    const found = before.get(key);
    before.delete(key);
    if (found) compareParameter(ledger, found, after);
    else reportNew(ledger, after);
  }
  for (const parameter of before.values()) reportRemoved(comparing, ledger, parameter);
}

function renamedInPath(ledger: Ledger, { old, new: now }: OperationPair): ReadonlyMap<string, string> {
  if (old.path === now.path) return new Map();
  const after = pathParameters(now.path);
  const renamed = pathParameters(old.path)
    .map((name, index): [string, string] => [name, after[index] ?? name])
    .filter(([from, to]) => from !== to);
  for (const [from, to] of renamed) {
    ledger.found('path-parameter-renamed', 'path', { from: `\`${from}\``, to: `\`${to}\`` });
  }
  return new Map(renamed);
}

function keyOf({ name, in: place }: ListedParameter, newName = name): string {
  return `${place} ${place === 'header' ? newName.toLowerCase() : newName}`;
}

export function parameterSubject({ name, in: place }: ListedParameter): string {
  const words = place === 'querystring' ? 'query' : place;
  return `${words} parameter \`${name}\``;
}

function reportNew(ledger: Ledger, parameter: ListedParameter): void {
  const isRequired = parameter.object.required === true;
  const rule =
    parameter.in === 'path'
      ? 'new-request-path-parameter'
      : isRequired
        ? 'new-required-request-parameter'
        : 'new-optional-request-parameter';
  ledger.found(rule, parameterSubject(parameter), {}, parameter.component);
}

function reportRemoved({ options }: Comparing, ledger: Ledger, parameter: ListedParameter): void {
  const { object } = parameter;
  const sunset = sunsetOf(object);
  const rule =
    sunset.atMs !== null && sunset.atMs > options.atMs
      ? 'request-parameter-removed-before-sunset'
      : object.deprecated === true
        ? 'request-parameter-removed-with-deprecation'
        : 'request-parameter-removed';
  ledger.found(rule, parameterSubject(parameter), { from: sunset.text }, parameter.component);
}

function compareParameter(ledger: Ledger, old: ListedParameter, now: ListedParameter): void {
  const component = old.component !== null && now.component !== null ? now.component : null;
  const subject = parameterSubject(now);
  const found = (rule: string, from = '', to = ''): void => ledger.found(rule, subject, { from, to }, component);
  const [a, b] = [old.object, now.object];
  if (a.required !== true && b.required === true) found('request-parameter-became-required');
  if (a.required === true && b.required !== true) found('request-parameter-became-optional');
  if (a.deprecated !== true && b.deprecated === true) {
    found('request-parameter-deprecated');
    if (sunsetOf(b).text === '') found('request-parameter-deprecated-sunset-missing');
  }
  if (a.deprecated === true && b.deprecated !== true) found('request-parameter-reactivated');
  compareSpelling(old, now, found);
  if (a.description !== b.description) found('api-description-changed');
  if (canonicalJson([a.example ?? null, a.examples ?? null]) !== canonicalJson([b.example ?? null, b.examples ?? null]))
    found('api-examples-changed');
  const [before, after] = [schemaOf(a), schemaOf(b)];
  if (before.mediaType !== after.mediaType) {
    found('request-parameter-content-changed', before.mediaType ?? 'plain text', after.mediaType ?? 'plain text');
    return;
  }
  // Inside JSON a number is not text.
  const place = before.mediaType === null ? 'request-parameter' : 'request-parameter-property';
  ledger.schemas(subject, { old: before.schema, new: after.schema }, place, component);
}

/** A parameter has either a schema or one media type. */
function schemaOf(parameter: JsonObject): { mediaType: string | null; schema: JsonObject } {
  const [content] = Object.entries(objectOf(parameter.content));
  if (!content)
    return { mediaType: null, schema: parameter.schema === undefined ? ANY : schemaObject(parameter.schema) };
  const [mediaType, media] = content;
  return { mediaType, schema: schemaObject(objectOf(media).schema) };
}

type Found = (rule: string, from?: string, to?: string) => void;

function compareSpelling(old: ListedParameter, now: ListedParameter, found: Found): void {
  const [a, b] = [spellingOf(old), spellingOf(now)];
  if (a !== b && !isScalar(old.object) && !isScalar(now.object)) found('request-parameter-style-changed', a, b);
  const [from, to] = [old.object, now.object];
  if (from.allowReserved === true && to.allowReserved !== true) found('request-parameter-reserved-forbidden');
  if (from.allowReserved !== true && to.allowReserved === true) found('request-parameter-reserved-allowed');
  if (from.allowEmptyValue === true && to.allowEmptyValue !== true) found('request-parameter-empty-forbidden');
  if (from.allowEmptyValue !== true && to.allowEmptyValue === true) found('request-parameter-empty-allowed');
}

function spellingOf({ in: place, object }: ListedParameter): string {
  const style = textOf(object.style) ?? (place === 'query' || place === 'cookie' ? 'form' : 'simple');
  const isExploded = typeof object.explode === 'boolean' ? object.explode : style === 'form';
  return `${style}${isExploded ? ', exploded' : ''}`;
}

/** One value looks the same in every style but those of paths. */
function isScalar({ schema, style }: JsonObject): boolean {
  const { type } = schemaObject(schema);
  return ['string', 'integer', 'number', 'boolean'].includes(String(type)) && style !== 'label' && style !== 'matrix';
}
