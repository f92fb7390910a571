import type { JsonObject } from '../catalog/document-source.ts';
import type { Comparing, Ledger } from './ledger.ts';
import { canonicalJson, contentOf, objectOf } from './open-document.ts';
import { schemaObject } from './schema-parts.ts';
import type { Place } from './schema-rules.ts';

/** Names of the rules about media types at one place. */
export interface MediaRules {
  place: Place;
  added: string;
  removed: string;
  /** A range in place of one of its types, and the other way round, where that is judged otherwise. */
  generalized?: string;
  specialized?: string;
}

/** Compares the request bodies of two operations. */
export function compareRequestBodies(
  { documents }: Comparing,
  ledger: Ledger,
  context: string,
  old: unknown,
  now: unknown,
): void {
  const [before, after] = [documents.old.resolve(old), documents.new.resolve(now)];
  const component = before.component !== null && after.component !== null ? after.component : null;
  const [a, b] = [objectOf(before.value), objectOf(after.value)];
  const found = (rule: string): void => ledger.found(rule, context, {}, component);
  if (old === undefined && now === undefined) return;
  if (old === undefined) {
    found(b.required === true ? 'request-body-added-required' : 'request-body-added-optional');
    return;
  }
  if (now === undefined) {
    found('request-body-removed');
    return;
  }
  if (a.required !== true && b.required === true) found('request-body-became-required');
  if (a.required === true && b.required !== true) found('request-body-became-optional');
  if (a.description !== b.description) found('api-description-changed');
  const rules: MediaRules = {
    place: 'request-body',
    added: 'request-body-media-type-added',
    removed: 'request-body-media-type-removed',
  };
  const contents = { old: contentOf(documents.old, a.content), new: contentOf(documents.new, b.content) };
  compareContents(ledger, context, contents, rules, component);
}

/** Compares what bodies hold, by media type; a range such as `text/*` stands for those that are not named. */
export function compareContents(
  ledger: Ledger,
  context: string,
  contents: { old: JsonObject; new: JsonObject },
  rules: MediaRules,
  component: string | null,
): void {
  const before = byMediaType(contents.old);
  const after = byMediaType(contents.new);
  for (const [type, media] of before) {
    const partner = after.get(type) ?? coveredBy(type, after);
    if (partner)
      compareMedia(
        ledger,
        contextOf(context, type, before.size + after.size > 2),
        type,
        media,
        partner,
        rules,
        component,
      );
    else
      ledger.found(
        (isRangeOf(type, after) ? rules.specialized : null) ?? rules.removed,
        context,
        { from: type },
        component,
      );
  }
  for (const [type, media] of after) {
    if (before.has(type)) continue;
    const partner = coveredBy(type, before);
    if (!partner)
      ledger.found(
        (isRangeOf(type, before) ? rules.generalized : null) ?? rules.added,
        context,
        { to: type },
        component,
      );
    else compareMedia(ledger, contextOf(context, type, true), type, partner, media, rules, component);
  }
}

function contextOf(context: string, type: string, isOneOfMany: boolean): string {
  return isOneOfMany ? `${context} (${type})` : context;
}

/** Types are compared without regard to case and to their parameters. */
function byMediaType(content: JsonObject): ReadonlyMap<string, JsonObject> {
  return new Map(
    Object.entries(content).map(([type, media]) => [(type.split(';')[0] ?? '').trim().toLowerCase(), objectOf(media)]),
  );
}

function coveredBy(type: string, others: ReadonlyMap<string, JsonObject>): JsonObject | null {
  const [group = ''] = type.split('/');
  return others.get(`${group}/*`) ?? others.get('*/*') ?? null;
}

function isRangeOf(type: string, others: ReadonlyMap<string, JsonObject>): boolean {
  if (!type.endsWith('/*')) return false;
  const start = type === '*/*' ? '' : type.slice(0, -1);
  return [...others.keys()].some((other) => other.startsWith(start));
}

function compareMedia(
  ledger: Ledger,
  context: string,
  type: string,
  old: JsonObject,
  now: JsonObject,
  { place }: MediaRules,
  component: string | null,
): void {
  const isRequest = place === 'request-body';
  if (isRequest && canonicalJson(encodingOf(old)) !== canonicalJson(encodingOf(now))) {
    ledger.found('request-body-encoding-changed', context, { to: type }, component);
  }
  if (
    canonicalJson([old.example ?? null, old.examples ?? null]) !==
    canonicalJson([now.example ?? null, now.examples ?? null])
  ) {
    ledger.found('api-examples-changed', context, {}, component);
  }
  const pair = { old: schemaObject(wholeSchema(old)), new: schemaObject(wholeSchema(now)) };
  ledger.schemas(context, pair, place, component);
}

function encodingOf({ encoding, prefixEncoding, itemEncoding }: JsonObject): unknown[] {
  return [encoding ?? {}, prefixEncoding ?? [], itemEncoding ?? {}];
}

/** A sequence such as JSON Lines is an array of its items (OpenAPI 3.2, Media Type Object). */
function wholeSchema({ schema, itemSchema }: JsonObject): unknown {
  if (itemSchema === undefined) return schema;
  const sequence = { type: 'array', items: itemSchema };
  return schema === undefined ? sequence : { allOf: [schema, sequence] };
}
