import type { JsonObject } from '../catalog/document-source.ts';
import { canonicalJson } from './open-document.ts';
import { unwrap } from './schema-parts.ts';
import type { Comparison, SchemaWalk, Scribe } from './schema-walk.ts';
import { shortJson } from './short-json.ts';

/** What is said about a schema: by itself, and by what stands beside references to it, which counts more. */
export function annotationsOf(document: SchemaWalk['documents']['old'], schema: JsonObject): JsonObject {
  const { schema: target, beside } = unwrap(document, schema);
  return [target, ...[...beside].reverse()].reduce<JsonObject>((all, one) => ({ ...all, ...one }), {});
}

/** Descriptions, examples, defaults and deprecations. */
export function compareAnnotations(documents: SchemaWalk['documents'], comparison: Comparison, scribe: Scribe): void {
  const old = ownAnnotations(documents.old, comparison.old);
  const now = ownAnnotations(documents.new, comparison.new);
  const differs = (...names: string[]): boolean =>
    names.some((name) => canonicalJson(old[name] ?? null) !== canonicalJson(now[name] ?? null));
  if (differs('title', 'description', 'externalDocs')) scribe.found('description-changed');
  if (differs('example', 'examples')) scribe.found('examples-changed');
  if (old.deprecated !== true && now.deprecated === true) scribe.found('deprecated');
  if (old.deprecated === true && now.deprecated !== true) scribe.found('reactivated');
  if (!differs('default')) return;
  const values = { from: shortJson(old.default), to: shortJson(now.default) };
  if (old.default === undefined) scribe.found('default-value-added', values);
  else if (now.default === undefined) scribe.found('default-value-removed', values);
  else scribe.found('default-value-changed', values);
}

function ownAnnotations(document: SchemaWalk['documents']['old'], schema: JsonObject): JsonObject {
  return schema.$ref === undefined && schema.allOf === undefined ? schema : annotationsOf(document, schema);
}
