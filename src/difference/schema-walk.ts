import type { JsonObject } from '../catalog/document-source.ts';
import { type OpenDocument, objectOf } from './open-document.ts';
import { type PropertyEvent, propertyRule } from './property-rules.ts';
import type { Rule } from './rule.ts';
import { type Unwrapped, schemaObject, unwrap } from './schema-parts.ts';
import { type Place, aspectRule, places } from './schema-rules.ts';

/** A finding where it was found: within a shared part, or else within what led there. */
export interface SchemaFinding {
  rule: Rule;
  component: string | null;
  /** Such as `sender.lines[]`; '' for the schema itself. */
  path: string;
  isProperty: boolean;
  from: string;
  to: string;
}

/** Two schemas at one place, compared once however often they are met. */
export interface Comparison {
  old: JsonObject;
  new: JsonObject;
  place: Place;
  component: string | null;
  path: string;
  /** The place of use, where what is used there was exchanged for something else; '' elsewhere. */
  scope: string;
  findings: SchemaFinding[];
  next: Comparison[];
}

/** Where the comparison of two schemas writes what it finds. */
export interface Scribe {
  place: Place;
  isSent: boolean;
  found(aspect: string, values?: { from?: string; to?: string }): void;
  property(name: string, event: PropertyEvent, component: string | null): void;
  /** Goes on with a pair of schemas below this one. @param step such as `.name` or `[]` */
  child(step: string, pair: SchemaPair, component: string | null): void;
}

export interface SchemaPair {
  old: JsonObject;
  new: JsonObject;
}

export type CompareSchemas = (walk: SchemaWalk, comparison: Comparison, scribe: Scribe) => void;

/**
 * All comparisons of two documents. They wait in a queue in place of the call stack, so that neither circles nor long
 * chains matter, and each pair at a place is compared once.
 */
export interface SchemaWalk {
  documents: { old: OpenDocument; new: OpenDocument };
  /** @param around the shared part in which both stand; null if there is none */
  start(pair: SchemaPair, place: Place, around: string | null): Comparison;
  /** Runs until nothing waits; false when it was too much. */
  run(): boolean;
}

/** GitHub's document of 13 MB needs about 200,000. */
const MAX_COMPARISONS = 1_000_000;

export function createSchemaWalk(
  documents: { old: OpenDocument; new: OpenDocument },
  compare: CompareSchemas,
): SchemaWalk {
  const known = new Map<string, Comparison>();
  const waiting: Comparison[] = [];
  const idOf = createNumbering();
  let isComplete = true;
  const enter: Enter = (pair, place, around) => {
    const before = unwrap(documents.old, pair.old);
    const now = unwrap(documents.new, pair.new);
    const spot = spotOf(documents, before, now, around);
    const key = `${idOf(before.schema)} ${idOf(now.schema)} ${place}${besideKey(before, now, idOf)} ${spot.scope}`;
    const found = known.get(key);
    if (found) return found;
    const hasBeside = before.beside.length + now.beside.length > 0;
    const made: Comparison = {
      old: hasBeside ? schemaObject(pair.old) : before.schema,
      new: hasBeside ? schemaObject(pair.new) : now.schema,
      place,
      ...spot,
      findings: [],
      next: [],
    };
    known.set(key, made);
    if (known.size > MAX_COMPARISONS) isComplete = false;
    else waiting.push(made);
    return made;
  };
  const walk: SchemaWalk = {
    documents,
    start: (pair, place, component) => enter(pair, place, { component, path: '', scope: '' }),
    run() {
      for (let comparison = waiting.pop(); comparison; comparison = waiting.pop()) {
        compare(walk, comparison, scribeOf(comparison, enter));
      }
      return isComplete;
    },
  };
  return walk;
}

/** What stands beside references tells pairs apart that refer to the same. */
function besideKey(before: Unwrapped, now: Unwrapped, idOf: (schema: JsonObject) => number): string {
  if (before.beside.length + now.beside.length === 0) return '';
  return ` ${before.beside.map(idOf).join(',')} ${now.beside.map(idOf).join(',')}`;
}

function createNumbering(): (schema: JsonObject) => number {
  const numbers = new Map<JsonObject, number>();
  return (schema) => {
    let number = numbers.get(schema);
    if (number === undefined) numbers.set(schema, (number = numbers.size));
    return number;
  };
}

/** Where a comparison stands. */
interface Spot {
  component: string | null;
  path: string;
  scope: string;
}

type Enter = (pair: SchemaPair, place: Place, around: Spot) => Comparison;

/**
 * A shared part is where its changes are told. Where a place uses another part than before, or a part in place of what
 * stood there itself, the change is that place's own.
 */
function spotOf(documents: SchemaWalk['documents'], before: Unwrapped, now: Unwrapped, around: Spot): Spot {
  const hasBeside = before.beside.length + now.beside.length > 0;
  if (before.component === null && now.component === null) return around;
  const isSame = before.component === now.component || isRenamed(documents, before.component, now.component);
  if (isSame || around.scope !== '') {
    return hasBeside && isSame ? around : { component: now.component ?? before.component, path: '', scope: '' };
  }
  return { ...around, scope: `${around.component ?? ''} ${around.path}` };
}

function isRenamed({ old, new: now }: SchemaWalk['documents'], from: string | null, to: string | null): boolean {
  return from !== null && to !== null && !hasComponent(now, from) && !hasComponent(old, to);
}

function hasComponent({ root }: OpenDocument, component: string): boolean {
  const [section = '', name = ''] = component.split('/', 2);
  return Object.hasOwn(objectOf(objectOf(root.components)[section]), name);
}

function scribeOf(comparison: Comparison, enter: Enter): Scribe {
  const { place, component, path, scope } = comparison;
  const { isSent, property } = places[place];
  const join = (step: string): string => (path === '' ? step.replace(/^\./, '') : path + step);
  const isOthers = (owner: string | null): boolean => owner !== null && owner !== component;
  return {
    place,
    isSent,
    found: (aspect, { from = '', to = '' } = {}) => {
      const rule = aspectRule(place, aspect);
      comparison.findings.push({ rule, component, path, isProperty: isProperty(place), from, to });
    },
    property: (name, event, owner) => {
      const rule = propertyRule(property, event);
      const spot = isOthers(owner) ? { component: owner, path: name } : { component, path: join(`.${name}`) };
      comparison.findings.push({ rule, ...spot, isProperty: true, from: '', to: '' });
    },
    child: (step, pair, owner) => {
      const below = step.startsWith('.') ? property : place;
      const own = { component, path: join(step), scope };
      const spot = isOthers(owner) ? { component: owner, path: step.replace(/^\./, ''), scope: '' } : own;
      comparison.next.push(enter(pair, below, spot));
    },
  };
}

function isProperty(place: Place): boolean {
  return places[place].property === place;
}
