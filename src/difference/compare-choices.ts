import type { JsonObject } from '../catalog/document-source.ts';
import { canonicalJson, isReference, objectOf, textOf } from './open-document.ts';
import { isSameSchema } from './same-schema.ts';
import { ANY, unwrap } from './schema-parts.ts';
import { type SchemaView, type ViewPair, both, memberName, viewSchema } from './schema-view.ts';
import type { SchemaPair, Scribe, SchemaWalk } from './schema-walk.ts';
import { shortList } from './short-json.ts';

/** Compares `oneOf` and `anyOf`. With alternatives on one side only, the rest is part of each of them. */
export function compareChoices(
  walk: SchemaWalk,
  schemas: SchemaPair,
  views: ViewPair,
  scribe: Scribe,
): 'as-alternatives' | 'beside' {
  compareDiscriminators(views, scribe);
  const { old, new: now } = views;
  if (!old.choice && !now.choice) return 'beside';
  if (old.choice && now.choice) {
    const { word } = now.choice;
    if (old.choice.word !== word && Math.max(old.choice.members.length, now.choice.members.length) > 1) {
      scribe.found(word === 'one-of' ? 'any-of-became-one-of' : 'one-of-became-any-of');
    }
    matchMembers(walk, old.choice.members, now.choice.members, word, scribe);
    return 'beside';
  }
  const depth = Math.max(depths.get(schemas.old) ?? 0, depths.get(schemas.new) ?? 0);
  compareWithSingle(walk, views, depth, scribe);
  return 'as-alternatives';
}

/** How many times alternatives within alternatives were put together for a schema; circles would go on for ever. */
const depths = new WeakMap<JsonObject, number>();
const MAX_DEPTH = 3;

function compareWithSingle(walk: SchemaWalk, { old, new: now }: ViewPair, depth: number, scribe: Scribe): void {
  const word = (old.choice ?? now.choice)?.word ?? 'one-of';
  const before = alternatives(old);
  const after = alternatives(now);
  const single = old.choice ? after[0] : before[0];
  const members = old.choice ? before : after;
  const pairs = members.map((member) =>
    old.choice ? { old: member, new: single ?? ANY } : { old: single ?? ANY, new: member },
  );
  const best =
    pairs.find((pair) => isSameSchema(walk.documents, pair.old, pair.new)) ??
    mostAlike(pairs, (pair) => likeness(walk, pair.old, pair.new));
  const names = (list: readonly JsonObject[]): string => shortList(list.map(memberName));
  if (!best || depth >= MAX_DEPTH) {
    const listed = names((old.choice ?? now.choice)?.members ?? []);
    scribe.found(old.choice ? `${word}-dropped` : `${word}-introduced`, { from: listed, to: listed });
    return;
  }
  for (const schema of [best.old, best.new]) if (!depths.has(schema)) depths.set(schema, depth + 1);
  scribe.child('', best, null);
  const given = (old.choice ?? now.choice)?.members ?? [];
  const others = given.filter((_, index) => pairs[index] !== best);
  if (others.length === 0) return;
  if (old.choice) scribe.found(`${word}-removed`, { from: names(others) });
  else scribe.found(`${word}-added`, { to: names(others) });
}

/** Each alternative together with what stands beside them. */
function alternatives({ base, choice }: SchemaView): readonly JsonObject[] {
  const beside = base.filter((schema) => Object.keys(schema).length > 0);
  if (!choice) return [both(beside)];
  return choice.members.map((member) => both([...beside, member]));
}

function matchMembers(
  walk: SchemaWalk,
  old: readonly JsonObject[],
  now: readonly JsonObject[],
  word: string,
  scribe: Scribe,
): void {
  // The same alternative may be there twice.
  const left = [...now];
  const removed: JsonObject[] = [];
  for (const member of inOrderOfNames(old, now)) {
    const partner = partnerOf(walk, member, left);
    if (!partner) {
      removed.push(member);
      continue;
    }
    left.splice(left.indexOf(partner), 1);
    scribe.child(old.length > 1 ? `(${memberName(partner)})` : '', { old: member, new: partner }, null);
  }
  if (removed.length > 0) scribe.found(`${word}-removed`, { from: shortList(removed.map(memberName)) });
  if (left.length > 0) scribe.found(`${word}-added`, { to: shortList(left.map(memberName)) });
}

/** Those that have a partner of the same name first, so that nobody else takes it. */
function inOrderOfNames(old: readonly JsonObject[], now: readonly JsonObject[]): readonly JsonObject[] {
  const names = new Set(now.filter(isReference).map(({ $ref }) => $ref));
  const isNamed = (member: JsonObject): boolean => isReference(member) && names.has(member.$ref);
  return [...old.filter(isNamed), ...old.filter((member) => !isNamed(member))];
}

const MOST_COMPARED = 40;

function partnerOf(walk: SchemaWalk, member: JsonObject, left: readonly JsonObject[]): JsonObject | null {
  if (isReference(member)) {
    const named = left.find((one) => one.$ref === member.$ref);
    if (named) return named;
  }
  const candidates = left.slice(0, MOST_COMPARED);
  return (
    candidates.find((one) => isSameSchema(walk.documents, member, one)) ??
    mostAlike(
      candidates.filter((one) => isTellingPartner(member, one)),
      (one) => likeness(walk, member, one),
    )
  );
}

/** Two references to different parts are different alternatives. */
function isTellingPartner(member: JsonObject, other: JsonObject): boolean {
  return !(isReference(member) && isReference(other));
}

function mostAlike<T>(candidates: readonly T[], likenessOf: (candidate: T) => number): T | null {
  let best: T | null = null;
  let most = 0;
  for (const candidate of candidates) {
    const likeness = likenessOf(candidate);
    if (likeness > most) [best, most] = [candidate, likeness];
  }
  return best;
}

/** 0 when they have no type in common or call themselves otherwise; objects are alike by the names of their properties. */
function likeness({ documents }: SchemaWalk, old: JsonObject, now: JsonObject): number {
  const a = viewSchema(documents.old, unwrap(documents.old, old).schema);
  const b = viewSchema(documents.new, unwrap(documents.new, now).schema);
  const [from, to] = [textOf(a.whole.title), textOf(b.whole.title)];
  if (from !== null && from === to) return 2;
  if (canonicalJson([...(a.types ?? [])].sort()) !== canonicalJson([...(b.types ?? [])].sort())) return 0;
  const names = new Set([...a.properties.keys(), ...b.properties.keys()]);
  if (names.size === 0) return 1;
  const common = [...names].filter((name) => a.properties.has(name) && b.properties.has(name)).length;
  return common / names.size;
}

function compareDiscriminators({ old, new: now }: ViewPair, scribe: Scribe): void {
  const [before, after] = [old.discriminator, now.discriminator];
  if (!before && !after) return;
  const values = { from: textOf(before?.propertyName) ?? '', to: textOf(after?.propertyName) ?? '' };
  if (!before) {
    scribe.found('discriminator-added', values);
    return;
  }
  if (!after) {
    scribe.found('discriminator-removed', values);
    return;
  }
  if (values.from !== values.to) scribe.found('discriminator-property-name-changed', values);
  compareMappings(objectOf(before.mapping), objectOf(after.mapping), scribe);
}

function compareMappings(before: JsonObject, after: JsonObject, scribe: Scribe): void {
  const [added, deleted, changed] = [
    Object.keys(after).filter((name) => !Object.hasOwn(before, name)),
    Object.keys(before).filter((name) => !Object.hasOwn(after, name)),
    Object.keys(before).filter((name) => Object.hasOwn(after, name) && before[name] !== after[name]),
  ];
  if (added.length > 0) scribe.found('discriminator-mapping-added', { to: shortList(added) });
  if (deleted.length > 0) scribe.found('discriminator-mapping-deleted', { from: shortList(deleted) });
  if (changed.length > 0) scribe.found('discriminator-mapping-changed', { to: shortList(changed) });
}
