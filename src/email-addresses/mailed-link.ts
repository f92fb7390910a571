import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { MAILED_TOKEN_MS } from '../accounts/account.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { type MailedPurpose, hashOneTimeToken, newToken } from './one-time-token.ts';
import type { OneTimeTokenStore } from './one-time-token-store.ts';

export interface LinkMailDeps {
  accounts: AccountStore;
  tokens: OneTimeTokenStore;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
  /** Origin that links are made from, whatever a request has claimed. */
  publicUrl: string;
}

/** In words, for the text of a mail. */
export const LINK_LIFE = `${MAILED_TOKEN_MS / 60_000} minutes`;

/**
 * A link that works once, for ten minutes, and ends those before it. Made when the mail is written, not when it is
 * queued: only then does the token exist, so that the queue holds none and the ten minutes begin with the mail.
 */
export async function newMailedLink(
  deps: LinkMailDeps,
  path: string,
  { purpose, accountId, email }: { purpose: MailedPurpose; accountId: string; email: string },
): Promise<string> {
  const nowMs = deps.clock.nowMs();
  const token = newToken(deps.random);
  await deps.tokens.replace({
    tokenHash: hashOneTimeToken(deps.sessionSecret, purpose, token),
    purpose,
    accountId,
    email,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + MAILED_TOKEN_MS,
  });
  return `${deps.publicUrl}${path}?token=${token}`;
}
