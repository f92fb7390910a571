import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import { kebab } from '../catalog/slugs.ts';
import { givenExamples } from './describe-content.ts';
import { makeExample } from './make-example.ts';
import { type SampleBody, asText, plainOr, sampleBody } from './sample-body.ts';
import { asArray, readShape } from './schema-shape.ts';
import type { Tree } from './schema-tree.ts';

/** A call with everything filled in, ready to be written in any language. */
export interface SampleRequest {
  method: string;
  /** Percent-encoded; nothing in it means anything to a shell or within quotes. */
  url: string;
  headers: readonly { name: string; value: string }[];
  body: SampleBody | null;
}

export interface SampleTarget {
  method: string;
  /** Path template. */
  path: string;
  /** Where the version is served, without a trailing slash. */
  serverUrl: string;
  /** What stands for the reader's own key; null when the operation needs none. */
  token: string | null;
}

/** Fills in the required parameters and the first body that can be written down. */
export function sampleRequest(tree: Tree, operation: JsonObject, shared: unknown, target: SampleTarget): SampleRequest {
  const parameters = readParameters(tree, operation, shared);
  const path = target.path.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
    return encode(parameter === undefined ? placeholder(name) : exampleText(tree, parameter));
  });
  const query = sampleQuery(tree, parameters);
  const body = sampleBody(tree, operation.requestBody);
  const headers = parameters
    .filter((one) => one.in === 'header' && one.required === true && isHeaderName(one.name))
    .map((one) => ({ name: String(one.name), value: plainOr(exampleText(tree, one), 'value') }));
  return {
    method: target.method,
    url: `${target.serverUrl}${encodePath(path)}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    headers: [
      ...(target.token === null ? [] : [{ name: 'Authorization', value: `Bearer ${target.token}` }]),
      ...headers,
      // Of a multipart body the boundary belongs to its type, and only whoever writes the body knows that.
      ...(body === null || body.kind === 'multipart' ? [] : [{ name: 'Content-Type', value: body.mediaType }]),
    ],
    body,
  };
}

/** Required parameters, or the one that stands for all of the query (OpenAPI 3.2). */
function sampleQuery(tree: Tree, parameters: readonly JsonObject[]): string[] {
  const whole = parameters.find((one) => one.in === 'querystring');
  if (whole) return sampleQueryString(tree, whole);
  return parameters
    .filter((one) => one.in === 'query' && one.required === true)
    .map((one) => `${encode(String(one.name))}=${encode(exampleText(tree, one))}`);
}

/** Forms only: how anything else is written into an address, only its document knows. */
function sampleQueryString(tree: Tree, parameter: JsonObject): string[] {
  const contents = isJsonObject(parameter.content) ? Object.entries(parameter.content) : [];
  const [mediaType = '', given] = contents[0] ?? [];
  const media = tree.resolver.resolve(given).value;
  if (!isJsonObject(media) || !mediaType.endsWith('form-urlencoded')) return [];
  const value = givenExamples(tree, media)[0]?.value ?? makeExample(tree.resolver, media.schema ?? {}, 'request');
  return Object.entries(isJsonObject(value) ? value : {}).map(
    ([name, one]) => `${encode(name)}=${encode(asText(one))}`,
  );
}

/** The path's and the operation's parameters; of the same name and place the operation's. */
function readParameters(tree: Tree, operation: JsonObject, shared: unknown): JsonObject[] {
  const item = tree.resolver.resolve(shared).value;
  const given = [...asArray(isJsonObject(item) ? item.parameters : []), ...asArray(operation.parameters)];
  const resolved = given.map((one) => tree.resolver.resolve(one).value).filter(isJsonObject);
  return [...new Map(resolved.map((one) => [`${String(one.in)} ${String(one.name)}`, one])).values()];
}

/** What the document gives as an example, else the only or first value it allows, else a word to replace. */
function exampleText(tree: Tree, parameter: JsonObject): string {
  const { schema } = readShape(tree.resolver, parameter.schema);
  const given = [givenExamples(tree, parameter)[0]?.value, schema.example, ...asArray(schema.examples), schema.default];
  const value = [...given, schema.const, ...asArray(schema.enum)].find((one) => one !== undefined && one !== null);
  if (value !== undefined) return asText(value);
  const isText = schema.type === undefined || schema.type === 'string';
  const made =
    isText && schema.format === undefined ? undefined : makeExample(tree.resolver, parameter.schema, 'request');
  return made === undefined ? placeholder(String(parameter.name)) : asText(made);
}

/** `owner` -> `OWNER`, `parcelId` -> `PARCEL_ID`. */
function placeholder(name: string): string {
  return kebab(name).replaceAll('-', '_').toUpperCase() || 'VALUE';
}

function isHeaderName(name: unknown): boolean {
  return (
    typeof name === 'string' && /^[A-Za-z0-9-]+$/.test(name) && !/^(authorization|content-type|accept)$/i.test(name)
  );
}

/** As `encodeURIComponent`, and also what it leaves: quotes, parentheses, stars and exclamation marks. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What stands between the parameters of a path template is of the document too. */
function encodePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~%/:@,=+]/g, (character) => encode(character));
}
