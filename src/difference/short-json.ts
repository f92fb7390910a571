const LONGEST = 80;
const MOST = 12;

/** A value as JSON for people: cut when it is long; '' for none. */
export function shortJson(value: unknown): string {
  if (value === undefined) return '';
  return shorten(JSON.stringify(value));
}

/** Several texts as one: the first of them, and how many more there are. */
export function shortList(texts: readonly string[]): string {
  const more = texts.length - MOST;
  const shown = texts.slice(0, MOST).map(shorten).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

export function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
