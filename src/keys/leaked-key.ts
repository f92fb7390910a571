import { tokenRegularExpression } from './key-secret.ts';

/** What happens to a live key that somebody reports, as the owner has chosen. */
export type LeakedKeyAction = 'revoke' | 'suspend';

export const TOKENS_PER_REPORT = 20;

/** The tokens in a text, each once, by shape alone. */
export function findTokens(prefix: string, text: string): readonly string[] {
  const pattern = new RegExp(`(?<![0-9A-Za-z])${tokenRegularExpression(prefix)}(?![0-9A-Za-z])`, 'g');
  return [...new Set(Array.from(text.matchAll(pattern), ([token]) => token))];
}
