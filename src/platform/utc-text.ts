const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** For mails, whose reader's zone nobody knows: `24 November 2026 at 10:00 UTC`. */
export function utcText(atMs: number): string {
  return `${format.format(atMs)} UTC`;
}
