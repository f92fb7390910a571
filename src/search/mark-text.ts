import type { MarkedPiece, MarkedText } from './search.ts';
import { placesOfWords } from './words.ts';

/** Divides a text into what was searched for and the rest. @param words folded, as `words.ts` does it */
export function markText(text: string, words: ReadonlySet<string>): MarkedText {
  const pieces: MarkedPiece[] = [];
  let position = 0;
  for (const { start, end, folded } of placesOfWords(text)) {
    if (start < position || !words.has(folded)) continue;
    if (start > position) pieces.push({ text: text.slice(position, start), isHit: false });
    pieces.push({ text: text.slice(start, end), isHit: true });
    position = end;
  }
  if (position < text.length) pieces.push({ text: text.slice(position), isHit: false });
  return pieces;
}

const EXCERPT_LENGTH = 170;
const BEFORE_HIT = 50;

/** The beginning of a text, or the place where the first of these words stands, marked. */
export function excerptOf(text: string, words: ReadonlySet<string>): MarkedText {
  if (text.length <= EXCERPT_LENGTH) return markText(text, words);
  const first = placesOfWords(text).find(({ folded }) => words.has(folded))?.start ?? 0;
  const start = first <= BEFORE_HIT * 2 ? 0 : wordBoundary(text, first - BEFORE_HIT);
  const isToEnd = start + EXCERPT_LENGTH >= text.length;
  const end = isToEnd ? text.length : wordBoundary(text, start + EXCERPT_LENGTH);
  const cut = `${start > 0 ? '... ' : ''}${text.slice(start, end).trim()}${isToEnd ? '' : ' ...'}`;
  return markText(cut, words);
}

/** The last position up to `at` where a word begins; `at` itself where there is none near. */
function wordBoundary(text: string, at: number): number {
  const space = text.lastIndexOf(' ', at);
  return space > at - 30 ? space + 1 : at;
}
