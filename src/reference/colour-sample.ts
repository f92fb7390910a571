import type { CodeWord } from '../platform/code-colours.ts';
import type { Language } from './code-sample.ts';

/**
 * The words of a code sample by kind; one after the other they are the sample. Samples are written by us, in eight
 * known forms, so a few rules find what matters in a tenth of a millisecond; the grammars that colour guides would take
 * a thread, 180 MB and seconds, and leave the first reader without colours.
 */
export function colourSample(language: Language, code: string): CodeWord[] {
  const { word, keywords } = rules[language];
  const words: CodeWord[] = [];
  let end = 0;
  const add = (text: string, kind: CodeWord['kind']): void => {
    if (text !== '') words.push({ text, kind });
  };
  for (const found of code.matchAll(word)) {
    const [text] = found;
    add(code.slice(end, found.index), null);
    end = found.index + text.length;
    add(text, kindOf(text, found.groups ?? {}, keywords, code[end]));
  }
  add(code.slice(end), null);
  return joined(words);
}

// A string ends on its line or at its own quote; what is never closed is no string. Each part is linear: no two
// alternatives of a repetition begin with the same character.
const STRING = String.raw`(?<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")`;
const NUMBER = String.raw`(?<number>\b\d+(?:\.\d+)?\b)`;
const NAME = String.raw`(?<option>(?<![\w-])--?[a-z][\w-]*)|(?<name>[A-Za-z_$][\w$]*)`;
const SLASHES = String.raw`//[^\n]*`;
const HASH = String.raw`(?<!\S)#[^\n]*`;

interface Rules {
  word: RegExp;
  keywords: ReadonlySet<string>;
}

const rulesOf = (comment: string, keywords: string): Rules => ({
  word: new RegExp(`${STRING}|(?<comment>${comment})|${NUMBER}|${NAME}`, 'g'),
  keywords: new Set(keywords.split(' ')),
});

const rules: Readonly<Record<Language, Rules>> = {
  curl: rulesOf(HASH, 'curl'),
  javascript: rulesOf(SLASHES, 'const let await async new return function true false null'),
  python: rulesOf(HASH, 'import from as def return with True False None'),
  go: rulesOf(SLASHES, 'package import func var const defer return nil true false'),
  java: rulesOf(SLASHES, 'import public class static void throws new var return true false null'),
  csharp: rulesOf(SLASHES, 'using var new await async return true false null'),
  php: rulesOf(SLASHES, 'php echo if else new true false null'),
  ruby: rulesOf(HASH, 'require new do end if else true false nil'),
};

function kindOf(
  text: string,
  groups: Readonly<Record<string, string | undefined>>,
  keywords: ReadonlySet<string>,
  next: string | undefined,
): CodeWord['kind'] {
  if (groups.string !== undefined) return 'string';
  if (groups.comment !== undefined) return 'comment';
  if (groups.number !== undefined) return 'constant';
  if (keywords.has(text)) return 'keyword';
  return groups.option !== undefined || next === '(' ? 'name' : null;
}

/** Neighbours of one kind are one word: a page has fewer elements. */
function joined(words: readonly CodeWord[]): CodeWord[] {
  const result: CodeWord[] = [];
  for (const { text, kind } of words) {
    const last = result.at(-1);
    if (last?.kind === kind) last.text += text;
    else result.push({ text, kind });
  }
  return result;
}
