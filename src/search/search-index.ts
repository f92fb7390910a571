import MiniSearch, { type SearchResult as Match, type SearchOptions } from 'minisearch';

import { type PathTemplate, fitOf, pathTemplate, readCallPath } from './call-path.ts';
import { type Entry, entriesOf } from './entry.ts';
import { excerptOf, markText } from './mark-text.ts';
import { MOST_WEIGHED, type Titled, entriesWithAll } from './narrow.ts';
import type { SearchGroup, SearchHit, SearchKind, SearchQuestion, SearchSource } from './search.ts';
import { foldName, indexWords, questionWords } from './words.ts';

/** Finds what was added to it. Synchronous: it lives in a thread of its own. */
export interface SearchIndex {
  add(sources: readonly SearchSource[]): void;
  search(question: SearchQuestion): SearchGroup[];
  readonly size: number;
}

type Indexed = Entry & Titled;

interface Found {
  entry: Entry;
  /** Folded words of the entry that answer the question. */
  words: ReadonlySet<string>;
}

const FIELDS = ['title', 'address', 'badge', 'parts', 'crumbs', 'text'] as const;
const BOOST = { title: 6, address: 4, badge: 2, parts: 3, crumbs: 1.5, text: 1 };
/** With fewer hits, spelling mistakes are looked for as well. */
const FEW = 3;

export function createSearchIndex(): SearchIndex {
  const entries: Indexed[] = [];
  const byName = new Map<string, number[]>();
  const templates: OperationTemplate[] = [];
  const index = new MiniSearch<{ id: number }>({
    fields: [...FIELDS],
    extractField: ({ id }, field) => (field === 'id' ? id : fieldOf(entries[id], field)) as string,
    tokenize: indexWords,
    processTerm: (term) => term,
  });
  const addEntry = (entry: Entry): void => {
    const id = entries.push({ ...entry, titleWords: indexWords(entry.title) }) - 1;
    index.add({ id });
    if (entry.kind === 'operation') templates.push({ id, ...pathTemplate(entry.badge ?? '', entry.address) });
    for (const name of entry.names.map(foldName).filter((folded) => folded !== '')) {
      const known = byName.get(name);
      if (known) known.push(id);
      else byName.set(name, [id]);
    }
  };
  return {
    add: (sources) => sources.flatMap(entriesOf).forEach(addEntry),
    search(question) {
      const words = questionWords(question.text);
      const asked = new Set(words);
      const called = calledOperations(templates, question.text);
      const exact = [...(byName.get(foldName(question.text)) ?? []), ...called];
      const found = new Map<number, Found>();
      const take = (id: number, matched: ReadonlySet<string>): void => {
        const entry = entries[id];
        if (entry && (question.kind === null || entry.kind === question.kind) && !found.has(id))
          found.set(id, { entry, words: matched });
      };
      for (const id of heaviestFirst(entries, exact)) take(id, asked);
      // The parts of an address that name one parcel or another are no words that stand anywhere.
      const matched = called.length > 0 ? [] : matches(index, entries, words);
      for (const { id, terms } of wholeTitlesFirst(matched, entries)) take(id as number, new Set(terms));
      return groupsOf([...found.values()], question.most);
    },
    get size() {
      return entries.length;
    },
  };
}

function fieldOf(entry: Entry | undefined, field: string): string {
  if (!entry) return '';
  const value = entry[field as (typeof FIELDS)[number]];
  return typeof value === 'string' ? value : (value ?? []).join(' ');
}

type Weighed = Pick<Match, 'id' | 'score' | 'terms'>;

/** Every word, the last one as it begins; then with parts of words and spelling mistakes; then some of the words. The first way that finds enough counts. */
function matches(index: MiniSearch, entries: readonly Indexed[], words: readonly string[]): Weighed[] {
  if (words.length === 0) return [];
  const weightOf = (id: unknown): number => entries[id as number]?.weight ?? 1;
  const ask = (options: SearchOptions): Match[] =>
    index.search(words.join(' '), {
      tokenize: (text) => text.split(' '),
      boost: BOOST,
      boostDocument: weightOf,
      // Somebody may still be typing the last one.
      prefix: (term, at, terms) => term.length > 1 && at === terms.length - 1,
      ...options,
    });
  const whole = entriesWithAll(index, entries, words);
  const weighed = new Set(whole.slice(0, MOST_WEIGHED));
  const all: Weighed[] = ask({
    combineWith: 'AND',
    boostDocument: (id) => (weighed.has(id as number) ? weightOf(id) : 0),
  });
  const others = whole.slice(MOST_WEIGHED).map((id): Weighed => ({ id, score: 0, terms: [...words] }));
  if (whole.length >= FEW) return [...all, ...others];
  const firstLetters = new Set(words.map((word) => word.slice(0, 1)));
  const forgiving = {
    prefix: (term: string) => term.length > 1,
    fuzzy: distanceOf,
    weights: { fuzzy: 0.3, prefix: 0.4 },
    boostDocument: (id: unknown, term: string) => (firstLetters.has(term.slice(0, 1)) ? weightOf(id) : 0),
  };
  const alike = ask({ combineWith: 'AND', ...forgiving }).filter(beginsAlike);
  if (all.length + alike.length > 0 || words.length === 1) return [...all, ...alike];
  const some = ask({ combineWith: 'OR', ...forgiving }).filter(beginsAlike);
  const most = some.reduce((highest, { queryTerms }) => Math.max(highest, queryTerms.length), 0);
  return some.filter(({ queryTerms }) => queryTerms.length === most);
}

/** How many of the best are looked at once more. */
const LOOKED_AT_AGAIN = 100;

/** "Get a repository" answers "get repository" better than "Get a repository security advisory" does. */
function wholeTitlesFirst(matches: readonly Weighed[], entries: readonly Indexed[]): Weighed[] {
  const score = ({ id, score: found, terms }: Weighed): number => {
    const words = new Set(entries[id as number]?.titleWords);
    const answered = terms.filter((term) => words.has(term)).length;
    return words.size === 0 ? found : found * (1 + Math.min(1, answered / words.size));
  };
  const best = matches.slice(0, LOOKED_AT_AGAIN).map((match) => ({ match, score: score(match) }));
  best.sort((a, b) => b.score - a.score);
  return [...best.map(({ match }) => match), ...matches.slice(LOOKED_AT_AGAIN)];
}

/** Letters that may be wrong. Two that changed places count as two. */
function distanceOf(term: string): number | false {
  if (term.length < 4) return false;
  return term.length < 6 ? 1 : 2;
}

/** Whoever mistypes a word gets its first letter right; without this, "create" finds "rate". */
function beginsAlike({ queryTerms, terms }: Match): boolean {
  return queryTerms.every((asked) => terms.some((term) => term.startsWith(asked.slice(0, 1))));
}

interface OperationTemplate extends PathTemplate {
  id: number;
}

function calledOperations(templates: readonly OperationTemplate[], text: string): number[] {
  const call = readCallPath(text);
  if (!call) return [];
  const fits = templates.map((template) => ({ id: template.id, fit: fitOf(call, template) ?? -1 }));
  const best = fits.reduce((highest, { fit }) => Math.max(highest, fit), 0);
  return fits.filter(({ fit }) => fit === best && fit > 0).map(({ id }) => id);
}

function heaviestFirst(entries: readonly Entry[], ids: readonly number[]): number[] {
  const weight = (id: number): number => entries[id]?.weight ?? 0;
  return ids.toSorted((a, b) => weight(b) - weight(a));
}

/** The kind of the best hit first. */
function groupsOf(found: readonly Found[], most: number): SearchGroup[] {
  const groups = Map.groupBy(found, ({ entry }) => entry.kind);
  return [...groups].map(([kind, members]: [SearchKind, Found[]]) => ({
    kind,
    count: members.length,
    hits: members.slice(0, most).map(hitOf),
  }));
}

function hitOf({ entry, words }: Found): SearchHit {
  const { kind, href, crumbs, badge, deprecated } = entry;
  return {
    kind,
    href,
    crumbs,
    badge,
    deprecated,
    title: markText(entry.title, words),
    address: markText(entry.address, words),
    excerpt: excerptOf(entry.text, words),
  };
}
