import type { JsonObject } from '../catalog/document-source.ts';
import { annotationsOf } from './compare-annotations.ts';
import type { PropertyEvent } from './property-rules.ts';
import { ANY } from './schema-parts.ts';
import type { SchemaView, ViewPair } from './schema-view.ts';
import type { Scribe, SchemaWalk } from './schema-walk.ts';

/** Compares the properties of objects, those with names and the others. */
export function compareProperties(walk: SchemaWalk, views: ViewPair, scribe: Scribe): void {
  const { old, new: now } = views;
  for (const name of namesOf(old, now)) compareProperty(walk, name, views, scribe);
  compareOthers(views, scribe);
  for (const [pattern, schema] of old.patternProperties) {
    const after = now.patternProperties.get(pattern);
    if (after) scribe.child(`./${pattern}/`, { old: schema, new: after }, null);
    else scribe.found('pattern-property-removed', { from: pattern });
  }
  for (const pattern of now.patternProperties.keys()) {
    if (!old.patternProperties.has(pattern)) scribe.found('pattern-property-added', { to: pattern });
  }
}

function namesOf(old: SchemaView, now: SchemaView): Iterable<string> {
  if (old.properties.size + now.properties.size + old.required.size + now.required.size === 0) return [];
  return new Set([...old.properties.keys(), ...now.properties.keys(), ...old.required, ...now.required]);
}

function compareProperty({ documents }: SchemaWalk, name: string, { old, new: now }: ViewPair, scribe: Scribe): void {
  const [before, after] = [old.properties.get(name), now.properties.get(name)];
  const [wasRequired, isRequired] = [old.required.has(name), now.required.has(name)];
  const hides = (document: typeof documents.old, schema: JsonObject | undefined): boolean =>
    schema !== undefined && annotationsOf(document, schema)[scribe.isSent ? 'readOnly' : 'writeOnly'] === true;
  const wasHidden = hides(documents.old, before?.schema);
  const isHidden = hides(documents.new, after?.schema);
  const owner = after?.component ?? before?.component ?? null;
  const report = (event: PropertyEvent): void => scribe.property(name, event, owner);
  // Not part of what goes in this direction, before and now.
  if ((wasHidden || !isThere(before, wasRequired)) && (isHidden || !isThere(after, isRequired))) return;
  if (!isThere(before, wasRequired)) {
    reportAdded(name, isRequired, { old, new: now }, scribe, report);
    return;
  }
  if (!isThere(after, isRequired)) {
    reportRemoved(name, wasRequired, { old, new: now }, scribe, report);
    return;
  }
  if (wasHidden !== isHidden) {
    report(visibilityEvent(scribe.isSent, isHidden, wasRequired, isRequired));
    return;
  }
  scribe.child(`.${name}`, { old: before?.schema ?? ANY, new: after?.schema ?? ANY }, owner);
  if (wasRequired !== isRequired) report(isRequired ? 'became-required' : 'became-optional');
}

/** A property that is only required, and not described, is there as well. */
function isThere(property: unknown, isRequired: boolean): boolean {
  return property !== undefined || isRequired;
}

function visibilityEvent(isSent: boolean, isHidden: boolean, was: boolean, is: boolean): PropertyEvent {
  if (isSent) {
    if (isHidden) return was ? 'required-became-read-only' : 'optional-became-read-only';
    return is ? 'required-became-not-read-only' : 'optional-became-not-read-only';
  }
  if (!isHidden) return 'became-not-write-only';
  return was ? 'required-became-write-only' : 'optional-became-write-only';
}

type Report = (event: PropertyEvent) => void;

function reportAdded(name: string, isRequired: boolean, { old, new: now }: ViewPair, scribe: Scribe, report: Report) {
  const after = now.properties.get(name)?.schema ?? ANY;
  const general = ruleFor(old, name);
  // Under another name's rule it could be there before.
  if (general) scribe.child(`.${name}`, { old: general, new: after }, null);
  report(isRequired ? 'required-added' : 'optional-added');
}

function reportRemoved(
  name: string,
  wasRequired: boolean,
  { old, new: now }: ViewPair,
  scribe: Scribe,
  report: Report,
) {
  const before = old.properties.get(name)?.schema ?? ANY;
  const general = ruleFor(now, name);
  if (general) {
    scribe.child(`.${name}`, { old: before, new: general }, null);
    if (wasRequired) report('became-optional');
    return;
  }
  if (!scribe.isSent) {
    report(wasRequired ? 'required-removed' : 'optional-removed');
    return;
  }
  const isClosed = now.additional === false || now.whole.unevaluatedProperties === false;
  report(isClosed ? 'removed-from-closed' : 'removed');
}

/** The schema that a property without a line of its own has to keep to; null when there is none. */
function ruleFor({ patternProperties, additional }: SchemaView, name: string): JsonObject | null {
  for (const [pattern, schema] of patternProperties) {
    if (startsLike(pattern, name)) return schema;
  }
  return additional === false || additional === ANY ? null : additional;
}

/** Patterns of strangers are not run: only those that begin with plain text are understood. */
function startsLike(pattern: string, name: string): boolean {
  const plain = /^\^([\w-]+)/.exec(pattern)?.[1];
  return plain !== undefined && name.startsWith(plain);
}

function compareOthers({ old, new: now }: ViewPair, scribe: Scribe): void {
  if (old.additional === false || now.additional === false) {
    if (old.additional === now.additional) return;
    scribe.found(now.additional === false ? 'additional-properties-forbidden' : 'additional-properties-allowed');
  } else if (old.additional !== ANY || now.additional !== ANY) {
    scribe.child('.*', { old: old.additional, new: now.additional }, null);
  }
}
