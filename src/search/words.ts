import { trimEndCharacters } from '../platform/trim-characters.ts';

/** How text becomes words. Index and questions go through the same rules. */

const WORD = /[\p{L}\p{N}]+/gu;
/** `createParcelV2` -> create, Parcel, V, 2; `HTTPServer` -> HTTP, Server. */
const PART = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\p{N}+/gu;
const MARKS = /\p{M}/gu;
/** Nobody searches for more letters than this at once, and every word is kept. */
const LONGEST_WORD = 60;

/** Words that say nothing about what is wanted. `get` stands here and there, and is a method as well: it is kept where it stands first. */
const EMPTY = new Set(
  'a an and are as at be by can do does for from get got has have how i if in into is it its me my of on or our so that the their then there this to up was we what when where which who why will with you your'.split(
    ' ',
  ),
);

/** Lower case, without accents, and without the s of a plural. */
export function foldWord(word: string): string {
  const plain = word.normalize('NFKD').replace(MARKS, '').toLowerCase().slice(0, LONGEST_WORD);
  return plain.length > 3 && plain.endsWith('s') && !/(?:ss|us|is)$/.test(plain) ? plain.slice(0, -1) : plain;
}

/** The words of a text that say something, and the parts of those that are written in camel case beside them. */
export function indexWords(text: string): string[] {
  return (text.match(WORD) ?? []).flatMap((word) => {
    const parts = partsOf(word);
    if (parts.length > 1) return [foldWord(word), ...parts.map(foldWord)];
    const folded = foldWord(word);
    return EMPTY.has(folded) && folded !== 'get' ? [] : [folded];
  });
}

const MOST_WORDS = 10;

/** The words of a question, without those that say nothing, unless there are no others. */
export function questionWords(text: string): string[] {
  const words = (text.match(WORD) ?? []).flatMap(partsOf).map(foldWord);
  const telling = words.filter((word, index) => !EMPTY.has(word) || (index === 0 && word === 'get'));
  return [...new Set(telling.length > 0 ? telling : words)].slice(0, MOST_WORDS);
}

/** Where the words of a text stand, with their parts, for marking. */
export function placesOfWords(text: string): { start: number; end: number; folded: string }[] {
  return [...text.matchAll(WORD)].flatMap(({ index, 0: word }) => {
    const place = (start: number, part: string) => ({ start, end: start + part.length, folded: foldWord(part) });
    const parts = [...word.matchAll(PART)];
    return parts.length > 1
      ? [place(index, word), ...parts.map((part) => place(index + part.index, part[0]))]
      : [place(index, word)];
  });
}

/** What two names that mean the same have in common: `get /Parcels/` and `GET /parcels`. */
export function foldName(name: string): string {
  const folded = name.trim().toLowerCase().replace(/\s+/g, ' ');
  return folded.slice(0, 1) + trimEndCharacters(folded.slice(1), '/');
}

function partsOf(word: string): string[] {
  const parts = word.match(PART) ?? [];
  return parts.length > 1 ? parts : [word];
}
