/**
 * Without those characters at both ends, as `trim()` is for blanks. A regular expression for the end of a text (`/-+$/`)
 * looks at every run of them from each of its characters on: quadratic in what somebody sends.
 */
export function trimCharacters(text: string, characters: string): string {
  let start = 0;
  while (start < text.length && characters.includes(text.charAt(start))) start += 1;
  return trimEndCharacters(text.slice(start), characters);
}

/** Without those characters at the end. */
export function trimEndCharacters(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
