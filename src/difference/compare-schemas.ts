import type { JsonObject } from '../catalog/document-source.ts';
import { compareAnnotations } from './compare-annotations.ts';
import { compareLimits } from './compare-limits.ts';
import { compareChoices } from './compare-choices.ts';
import { compareProperties } from './compare-properties.ts';
import { compareTypes } from './compare-types.ts';
import { canonicalJson } from './open-document.ts';
import { isSameSchema } from './same-schema.ts';
import { ANY } from './schema-parts.ts';
import { wholeKeywords } from './schema-rules.ts';
import { type ViewPair, viewSchema } from './schema-view.ts';
import type { CompareSchemas, Scribe, SchemaWalk } from './schema-walk.ts';

/** Compares two schemas; what stands below them waits in the walk. */
export const compareSchemas: CompareSchemas = (walk, comparison, scribe) => {
  const { documents } = walk;
  const views = {
    old: viewSchema(documents.old, comparison.old),
    new: viewSchema(documents.new, comparison.new),
  };
  compareAnnotations(documents, comparison, scribe);
  // When only one of them has alternatives, each alternative is the whole.
  if (compareChoices(walk, comparison, views, scribe) === 'as-alternatives') return;
  if (!compareTypes(views, scribe)) return;
  compareLimits(views, scribe);
  compareProperties(walk, views, scribe);
  compareItems(views, scribe);
  compareWhole(walk, views, scribe);
};

function compareItems({ old, new: now }: ViewPair, scribe: Scribe): void {
  const count = Math.max(old.prefixItems.length, now.prefixItems.length);
  for (let index = 0; index < count; index += 1) {
    const pair = { old: old.prefixItems[index] ?? old.items, new: now.prefixItems[index] ?? now.items };
    scribe.child(`[${index}]`, pair, null);
  }
  if (old.items !== ANY || now.items !== ANY) scribe.child('[]', { old: old.items, new: now.items }, null);
}

function compareWhole({ documents }: SchemaWalk, { old, new: now }: ViewPair, scribe: Scribe): void {
  for (const [keyword, name] of Object.entries(wholeKeywords)) {
    const [before, after] = [effective(old.whole, keyword), effective(now.whole, keyword)];
    if (before === undefined && after === undefined) continue;
    if (before === undefined) scribe.found(`${name}-added`);
    else if (after === undefined) scribe.found(`${name}-removed`);
    else if (!isSameKeyword(documents, keyword, before, after)) scribe.found(`${name}-changed`);
  }
  if (canonicalJson(old.whole.xml ?? null) !== canonicalJson(now.whole.xml ?? null)) scribe.found('xml-changed');
}

/** Keywords that say nothing are as good as absent. */
function effective(whole: JsonObject, keyword: string): unknown {
  const value = whole[keyword];
  const isIdle = (keyword === 'then' || keyword === 'else') && whole.if === undefined;
  return value === true || isIdle ? undefined : value;
}

const schemaKeywords = new Set(['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'contentSchema']);

function isSameKeyword(documents: SchemaWalk['documents'], keyword: string, before: unknown, after: unknown): boolean {
  if (schemaKeywords.has(keyword)) return isSameSchema(documents, before, after);
  return canonicalJson(before) === canonicalJson(after);
}
