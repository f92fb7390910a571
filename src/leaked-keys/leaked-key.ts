import { CHECKED_SECRET } from '../settings/checked-secret.ts';

/** What happens to a live key that somebody reports, as the owner has chosen. */
export type LeakedKeyAction = 'revoke' | 'suspend';

/** What happens to a key whose token stood in a query string: its team is told in any case. */
export type ExposedKeyAction = 'tell' | LeakedKeyAction;

/** Where such a token was found. */
export const QUERY_PLACE = 'the URL of a call';

export const TOKENS_PER_REPORT = 20;

/** The API keys and access tokens in a text, each once, by shape alone. */
export function findTokens(prefix: string, text: string): readonly string[] {
  const pattern = new RegExp(`(?<![0-9A-Za-z])${prefix}_(?:live|test|pat)_${CHECKED_SECRET}(?![0-9A-Za-z])`, 'g');
  return [...new Set(Array.from(text.matchAll(pattern), ([token]) => token))];
}
