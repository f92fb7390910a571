const LONGEST = 200;

/** A value of a document as readers see it: text as it is, everything else as JSON. */
export function valueText(value: unknown): string {
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
