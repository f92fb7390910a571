/** `2027-03-01T09:00`, as an input of type `datetime-local` sends it, as a moment in UTC; null for what is none. */
export function readMoment(typed: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,3})?))?$/.exec(typed.trim());
  if (!match) return null;
  const [, day = '', minute = '', second = '00'] = match;
  const atMs = Date.parse(`${day}T${minute}:${second}Z`);
  // 30 February is no day.
  return Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 16) !== `${day}T${minute}` ? null : atMs;
}

/** What was typed as a notice keeps it; what is no moment stays, to be refused by the schema. */
export function momentOf(typed: string): string {
  const atMs = readMoment(typed);
  return atMs === null ? typed.trim() : new Date(atMs).toISOString();
}

/** A kept day or moment as an input of type `datetime-local` takes it; what is none stays. */
export function inputMoment(kept: string | undefined): string {
  const atMs = Date.parse(kept ?? '');
  if (Number.isNaN(atMs) || kept === undefined) return kept ?? '';
  // Nothing is lost of a moment that a clock gave.
  return new Date(atMs).toISOString().slice(0, atMs % 60_000 === 0 ? 16 : 23);
}
