import type { Clock } from '../platform/clock.ts';
import type { Mail } from '../platform/mailer.ts';
import type { Random } from '../platform/random.ts';
import { MAILED_TOKEN_MS } from './account.ts';
import type { AccountStore } from './account-store.ts';
import { hashOneTimeToken, newToken } from './one-time-token.ts';
import type { OneTimeTokenStore } from './one-time-token-store.ts';

interface MailDeps {
  accounts: AccountStore;
  tokens: OneTimeTokenStore;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
  /** Origin that links are made from. */
  publicUrl: string;
}

/**
 * Written when the mail is sent, not when it is queued: only then does the token exist, so that the queue holds none
 * and the ten minutes begin with the mail. null when there is nothing to verify any more.
 */
export async function verificationMail(deps: MailDeps, { accountId }: { accountId: string }): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (account?.emailVerifiedAtMs !== null) return null;
  const nowMs = deps.clock.nowMs();
  const token = newToken(deps.random);
  await deps.tokens.replace({
    tokenHash: hashOneTimeToken(deps.sessionSecret, 'verify_email', token),
    purpose: 'verify_email',
    accountId,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + MAILED_TOKEN_MS,
  });
  return {
    to: account.email,
    subject: 'Verify your e-mail address',
    text: `Hello,

someone signed up for the developer portal at ${deps.publicUrl} with this
e-mail address. If it was you, open this link to verify the address:

${deps.publicUrl}/verify-email?token=${token}

The link works once, for ${MAILED_TOKEN_MS / 60_000} minutes. If it has ended, sign in and ask for a new one.

If it was not you, do nothing: without the link the address stays unverified.
`,
  };
}

/** Tells the owner of a known address that it was used to sign up; only they learn that the account exists. */
export async function signUpAttemptMail(
  deps: Pick<MailDeps, 'accounts' | 'publicUrl'>,
  { accountId }: { accountId: string },
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (!account) return null;
  return {
    to: account.email,
    subject: 'You already have an account',
    text: `Hello,

someone tried to sign up for the developer portal at ${deps.publicUrl} with
this e-mail address, which has an account already. Nothing was changed.

If it was you, sign in with the password you chose before:

${deps.publicUrl}/sign-in

If it was not you, there is nothing to do.
`,
  };
}
