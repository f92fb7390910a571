import MiniSearch, { type SearchResult as Match, type SearchOptions } from 'minisearch';

import { type PathTemplate, fitOf, pathTemplate, readCallPath } from './call-path.ts';
import { type Entry, entriesOf } from './entry.ts';
import { excerptOf, markText } from './mark-text.ts';
import { type Looking, MOST_WEIGHED, type Titled, WordNumbers, entriesWithAll } from './narrow.ts';
import type { SearchGroup, SearchHit, SearchKind, SearchQuestion, SearchSource } from './search.ts';
import { foldName, indexWords, questionWords } from './words.ts';

/** Finds what was added to it. Synchronous: it lives in a thread of its own. */
export interface SearchIndex {
  add(sources: readonly SearchSource[]): void;
  search(question: SearchQuestion): SearchGroup[];
  readonly size: number;
}

type Indexed = Entry & Titled & { titleWords: readonly string[] };

interface Found {
  entry: Entry;
  /** Folded words of the entry that answer the question. */
  words: readonly string[];
}

const FIELDS = ['title', 'address', 'badge', 'parts', 'crumbs', 'text'] as const;
const BOOST = { title: 6, address: 4, badge: 2, parts: 3, crumbs: 1.5, text: 1 };
/** With fewer hits, spelling mistakes are looked for as well. */
const FEW = 3;

export function createSearchIndex(): SearchIndex {
  const entries: Indexed[] = [];
  const byName = new Map<string, number[]>();
  const templates: OperationTemplate[] = [];
  const numbers = new WordNumbers();
  const index = new MiniSearch<{ id: number }>({
    fields: [...FIELDS],
    extractField: ({ id }, field) => (field === 'id' ? id : fieldOf(entries[id], field)) as string,
    tokenize: indexWords,
    processTerm: (term) => term,
  });
  const addEntry = (entry: Entry): void => {
    const titleWords = indexWords(entry.title);
    const id = entries.push({ ...entry, titleWords, titleNumbers: numbers.of(titleWords) }) - 1;
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
      const called = calledOperations(templates, question.text);
      const exact = [...(byName.get(foldName(question.text)) ?? []), ...called];
      const found = new Map<number, Found>();
      const take = (id: number, matched: readonly string[]): void => {
        const entry = entries[id];
        if (entry && (question.kind === null || entry.kind === question.kind) && !found.has(id))
          found.set(id, { entry, words: matched });
      };
      for (const id of heaviestFirst(entries, exact)) take(id, words);
      // The parts of an address that name one parcel or another are no words that stand anywhere.
      const matched = called.length > 0 ? [] : matches({ index, entries, numbers }, words);
      for (const { id, terms } of wholeTitlesFirst(matched, entries)) take(id as number, terms);
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

interface Searched {
  index: MiniSearch;
  entries: readonly Indexed[];
  numbers: WordNumbers;
}

type Weighed = Pick<Match, 'id' | 'score' | 'terms'>;

/** Every word, the last one as it begins; then with parts of words and spelling mistakes; then some of the words. The first way that finds enough counts. */
function matches({ index, entries, numbers }: Searched, words: readonly string[]): Weighed[] {
  if (words.length === 0) return [];
  const weightOf = (id: unknown): number => entries[id as number]?.weight ?? 1;
  const ask = (options: SearchOptions): Match[] =>
    index.search(words.join(' '), {
      tokenize: (text) => text.split(' '),
      boost: BOOST,
      boostDocument: weightOf,
      ...options,
    });
  /** Those that have every word, so looked for; the best of them weighed. */
  const askForAll = (looking: Looking, options: SearchOptions): Weighed[] => {
    const { ids, terms } = entriesWithAll(index, entries, words, looking, numbers);
    const weighed = new Set(ids.slice(0, MOST_WEIGHED));
    const every = terms.flatMap((of) => [...of]);
    const found = new Set(every);
    const best = ask({
      ...options,
      combineWith: 'AND',
      boostDocument: (id, term) => (weighed.has(id as number) && found.has(term) ? weightOf(id) : 0),
    });
    return [...best, ...ids.slice(MOST_WEIGHED).map((id) => ({ id, score: 0, terms: every }))];
  };
  // Somebody may still be typing the last one.
  const prefix = (word: string, at: number): boolean => word.length > 1 && at === words.length - 1;
  const all = askForAll({ prefix }, { prefix });
  if (all.length >= FEW) return all;
  const forgiving = { prefix: (word: string) => word.length > 1, fuzzy: distanceOf };
  const weights = { weights: { fuzzy: 0.3, prefix: 0.4 } };
  const alike = askForAll({ ...forgiving, isMeant: beginsAlike }, { ...forgiving, ...weights });
  if (all.length + alike.length > 0 || words.length === 1) return [...all, ...alike];
  const firstLetters = new Set(words.map((word) => word.slice(0, 1)));
  const some = ask({
    combineWith: 'OR',
    ...forgiving,
    ...weights,
    boostDocument: (id, term) => (firstLetters.has(term.slice(0, 1)) ? weightOf(id) : 0),
  }).filter(({ queryTerms, terms }) => queryTerms.every((word) => terms.some((term) => beginsAlike(term, word))));
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
function beginsAlike(term: string, word: string): boolean {
  return term.startsWith(word.slice(0, 1));
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

function hitOf({ entry, words: found }: Found): SearchHit {
  const words = new Set(found);
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
