import type MiniSearch from 'minisearch';
import type { SearchOptions } from 'minisearch';

/** More are not weighed against each other: a question that thousands of entries answer has no best one. */
export const MOST_WEIGHED = 400;

/** What is known of an entry before anything is weighed. */
export interface Titled {
  /** The words of its title, as numbers. */
  titleNumbers: readonly number[];
  weight: number;
}

/** Gives each word a number: thousands of titles are compared faster so than as texts. */
export class WordNumbers {
  readonly #numbers = new Map<string, number>();

  get size(): number {
    return this.#numbers.size;
  }

  /** A new one for a new word. */
  of(words: readonly string[]): number[] {
    return words.map((word) => {
      const known = this.#numbers.get(word) ?? this.#numbers.size;
      this.#numbers.set(word, known);
      return known;
    });
  }

  find(word: string): number | undefined {
    return this.#numbers.get(word);
  }
}

/** How a word is looked for. */
export interface Looking {
  prefix?: (word: string, at: number) => boolean;
  fuzzy?: SearchOptions['fuzzy'];
  /** Whether what was found is meant. */
  isMeant?: (term: string, word: string) => boolean;
}

export interface Narrowed {
  /** Those first whose titles answer most. */
  ids: readonly number[];
  /** What stands in the entries for each word. */
  terms: readonly ReadonlySet<string>[];
}

/**
 * The entries that have every word. Costs a walk over the lists of these words: weighing them makes an object for every
 * entry on any of the lists, which takes ten times as long.
 */
export function entriesWithAll(
  index: MiniSearch,
  entries: readonly Titled[],
  words: readonly string[],
  { prefix, fuzzy = false, isMeant = () => true }: Looking,
  numbers: WordNumbers,
): Narrowed {
  if (words.length > 30) return { ids: [], terms: [] };
  const seen = new Uint32Array(entries.length);
  const terms = words.map(() => new Set<string>());
  for (const [at, word] of words.entries()) {
    const bit = 2 ** at;
    let last = '';
    let isLastMeant = false;
    index.search(word, {
      tokenize: (text) => [text],
      prefix: prefix?.(word, at) ?? false,
      fuzzy,
      // Called for every entry on the lists. What it answers leaves the entry out, so that nothing is weighed.
      boostDocument: (id, term) => {
        // One term after the other, each for all of its entries.
        if (term !== last) {
          last = term;
          isLastMeant = isMeant(term, word);
          if (isLastMeant) terms[at]?.add(term);
        }
        if (isLastMeant) seen[id as number] = (seen[id as number] ?? 0) | bit;
        return 0;
      },
    });
  }
  const all = 2 ** words.length - 1;
  const ids: number[] = [];
  seen.forEach((mask, id) => {
    if (mask === all) ids.push(id);
  });
  return { ids: ids.length > MOST_WEIGHED ? titlesFirst(ids, entries, terms, numbers) : ids, terms };
}

/** More than there can be entries, so that one number says rank and id: numbers are sorted by the machine itself. */
const IDS = 2 ** 24;

function titlesFirst(
  ids: readonly number[],
  entries: readonly Titled[],
  terms: readonly ReadonlySet<string>[],
  numbers: WordNumbers,
): number[] {
  const bitsOf = new Uint32Array(numbers.size);
  for (const [at, of] of terms.entries())
    for (const number of [...of].flatMap((term) => numbers.find(term) ?? []))
      bitsOf[number] = (bitsOf[number] ?? 0) | (2 ** at);
  const keys = new Float64Array(ids.length);
  for (const [at, id] of ids.entries()) {
    const { titleNumbers = [], weight = 0 } = entries[id] ?? {};
    let answered = 0;
    for (const number of titleNumbers) answered |= bitsOf[number] ?? 0;
    // Of titles that answer as much, the shorter one.
    const rank = (countBits(answered) + weight) * 100 - titleNumbers.length;
    keys[at] = Math.round(-rank) * IDS + id;
  }
  return Array.from(keys.sort(), (key) => key - Math.floor(key / IDS) * IDS);
}

function countBits(mask: number): number {
  let count = 0;
  for (let left = mask; left !== 0; left &= left - 1) count += 1;
  return count;
}
