import type MiniSearch from 'minisearch';

/** More are not weighed against each other: a question that thousands of entries answer has no best one. */
export const MOST_WEIGHED = 400;

/** What is known of an entry before anything is weighed. */
export interface Titled {
  titleWords: readonly string[];
  weight: number;
}

/**
 * Ids of the entries that have every word, the last one as it begins; those first whose titles answer most. Costs a
 * walk over the lists of these words: weighing them makes an object for every entry on any of the lists, which takes
 * ten times as long.
 */
export function entriesWithAll(
  index: MiniSearch,
  entries: readonly Titled[],
  words: readonly string[],
): readonly number[] {
  if (words.length > 30) return [];
  const seen = new Uint32Array(entries.length);
  const all = 2 ** words.length - 1;
  const isLast = (at: number): boolean => at === words.length - 1;
  const answers = (term: string, at: number): boolean =>
    term === words[at] ||
    (isLast(at) && term.length > 1 && term.startsWith(words[at] ?? '') && words[at]?.length !== 1);
  const bitsOf = new Map<string, number>();
  const bits = (term: string): number => {
    const known = bitsOf.get(term) ?? words.reduce((sum, _, at) => (answers(term, at) ? sum + 2 ** at : sum), 0);
    bitsOf.set(term, known);
    return known;
  };
  index.search(words.join(' '), {
    tokenize: (text) => text.split(' '),
    prefix: (term, at) => term.length > 1 && isLast(at),
    combineWith: 'OR',
    // Called for every entry on the lists. What it answers leaves the entry out, so that nothing is weighed.
    boostDocument: (id, term) => {
      const at = id as number;
      seen[at] = (seen[at] ?? 0) | bits(term);
      return 0;
    },
  });
  const found: number[] = [];
  seen.forEach((mask, id) => {
    if (mask === all) found.push(id);
  });
  return found.length > MOST_WEIGHED ? titlesFirst(found, entries, words, answers) : found;
}

function titlesFirst(
  ids: readonly number[],
  entries: readonly Titled[],
  words: readonly string[],
  answers: (term: string, at: number) => boolean,
): number[] {
  const ranked = ids.map((id) => {
    const { titleWords = [], weight = 0 } = entries[id] ?? {};
    const answered = words.filter((_, at) => titleWords.some((term) => answers(term, at))).length;
    // Of titles that answer as much, the shorter one.
    return { id, rank: (answered + weight) * 100 - titleWords.length };
  });
  return ranked.sort((a, b) => b.rank - a.rank).map(({ id }) => id);
}
