import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import { givenExamples, isJson, isJsonLines } from './describe-content.ts';
import { makeExample } from './make-example.ts';
import { asArray, readShape } from './schema-shape.ts';
import type { Tree } from './schema-tree.ts';

export type SampleBody = { mediaType: string } & (
  | { kind: 'json'; value: unknown }
  /** JSON Lines: one value on each. */
  | { kind: 'lines'; values: readonly unknown[] }
  | { kind: 'form'; fields: readonly { name: string; value: string }[] }
  | { kind: 'multipart'; parts: readonly SamplePart[] }
);

/** A part of `multipart/form-data` (RFC 7578): text, JSON or a file; null: its type is left to what it is. */
export type SamplePart = { name: string; contentType: string | null } & ({ value: string } | { fileName: string });

/** The first body of an operation that can be written down. */
export function sampleBody(tree: Tree, given: unknown): SampleBody | null {
  const body = tree.resolver.resolve(given).value;
  const contents = isJsonObject(body) && isJsonObject(body.content) ? Object.entries(body.content) : [];
  for (const [mediaType, one] of contents) {
    const media = tree.resolver.resolve(one).value;
    if (!isJsonObject(media) || !/^[\w.+-]+\/[\w.+-]+$/.test(mediaType)) continue;
    const found = readBody(tree, mediaType, media);
    if (found !== null) return found;
  }
  return null;
}

function readBody(tree: Tree, mediaType: string, media: JsonObject): SampleBody | null {
  if (isJsonLines(mediaType)) return sampleLines(tree, mediaType, media);
  const value = givenExamples(tree, media)[0]?.value ?? makeExample(tree.resolver, media.schema ?? {}, 'request');
  if (isJson(mediaType) && isComposed(value)) return { mediaType, kind: 'json', value };
  if (mediaType.endsWith('form-urlencoded')) return { mediaType, kind: 'form', fields: formFields(tree, media, value) };
  if (mediaType !== 'multipart/form-data') return null;
  const parts = formParts(tree, media, value);
  return parts.length > 0 ? { mediaType, kind: 'multipart', parts } : null;
}

/** Lines as the document gives them, else one that fits its schema. */
function sampleLines(tree: Tree, mediaType: string, media: JsonObject): SampleBody | null {
  const [example] = givenExamples(tree, media);
  const schema = readShape(tree.resolver, media.schema).schema;
  const made = (): unknown => makeExample(tree.resolver, media.itemSchema ?? schema.items ?? {}, 'request');
  const given = typeof example?.value === 'string' ? readLines(example.value) : example?.value;
  const values = (Array.isArray(given) ? given : [given ?? made()]).filter(isComposed);
  return values.length > 0 ? { mediaType, kind: 'lines', values } : null;
}

function readLines(text: string): unknown[] {
  try {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as unknown);
  } catch {
    return [];
  }
}

/** Required fields only, of which the whole can be written as plain text. */
function formFields(tree: Tree, media: JsonObject, value: unknown): { name: string; value: string }[] {
  const required = asArray(readShape(tree.resolver, media.schema).schema.required);
  return Object.entries(isJsonObject(value) ? value : {})
    .filter(([name]) => required.includes(name) && isFieldName(name))
    .map(([name, one]) => ({ name, value: plainOr(asText(one), 'value') }));
}

/** The required parts, or all where none is. What has properties of its own is sent as JSON (OpenAPI 3.2, section 4.15). */
function formParts(tree: Tree, media: JsonObject, given: unknown): SamplePart[] {
  const { schema } = readShape(tree.resolver, media.schema);
  const example = isJsonObject(given) ? given : {};
  const encodings = isJsonObject(media.encoding) ? media.encoding : {};
  const properties = Object.entries(isJsonObject(schema.properties) ? schema.properties : {}).filter(
    ([name]) => isFieldName(name) && name !== '__proto__',
  );
  const required = properties.filter(([name]) => asArray(schema.required).includes(name));
  return (required.length > 0 ? required : properties).map(([name, property]) => {
    const encoding = encodings[name];
    const named = isJsonObject(encoding) ? String(encoding.contentType) : '';
    const contentType = /^[\w.+-]+\/[\w.+-]+$/.test(named) ? named : null;
    const own = readShape(tree.resolver, property).schema;
    // Several of one name are as many parts; one of them shows how.
    const shape = own.type === 'array' ? readShape(tree.resolver, own.items).schema : own;
    if (isFile(shape)) return { name, contentType, fileName: `${name.replace(/[^\w-]/g, '') || 'file'}.bin` };
    const value = Array.isArray(example[name]) ? (example[name][0] as unknown) : example[name];
    if (shape.type === 'object' || isComposed(value))
      return { name, contentType: 'application/json', value: plainJson(value) };
    return { name, contentType, value: value === undefined ? 'value' : plainOr(asText(value), 'value') };
  });
}

/** Raw bytes, as OpenAPI 3.0 says it and as it is said since 3.1. */
function isFile({ format, contentMediaType, contentEncoding }: JsonObject): boolean {
  return format === 'binary' || (typeof contentMediaType === 'string' && contentEncoding === undefined);
}

/** As JSON, if no language reads anything into it. */
function plainJson(value: unknown): string {
  const text = JSON.stringify(value ?? {});
  return /^[A-Za-z0-9 ._~:/+,={}[\]"-]*$/.test(text) ? text : '{}';
}

/** Text that needs no quoting in any language; of everything else only a word is shown. */
export function plainOr(text: string, otherwise: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9 ._~:/+,=-]{0,199}$/.test(text) ? text : otherwise;
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isFieldName(name: string): boolean {
  return /^[\w.[\]-]+$/.test(name);
}

function isComposed(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
