import { createAccountStore } from '../../src/accounts/account-store.ts';
import { createOneTimeTokenStore } from '../../src/accounts/one-time-token-store.ts';
import { createPasswordHasher } from '../../src/accounts/password-hasher.ts';
import { createSessionStore } from '../../src/accounts/session-store.ts';
import { createSessions } from '../../src/accounts/sessions.ts';
import { createSignInFailureStore } from '../../src/accounts/sign-in-failure-store.ts';
import { signUp } from '../../src/accounts/sign-up.ts';
import { verificationMail } from '../../src/accounts/verification-mail.ts';
import type { DialectName } from '../../src/platform/database.ts';
import { createOutboxStore } from '../../src/platform/outbox.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { openTestDatabase } from '../support/databases.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const ADA = { email: 'ada@example.com', password: 'eleven purple bicycles' };
export const GRACE = { email: 'grace@example.com', password: 'seventeen green umbrellas' };
export const OFFICE = { address: '203.0.113.7', userAgent: 'Firefox' };

export type Parts = Awaited<ReturnType<typeof openParts>>;

/** The real parts of the accounts feature on a database of their own, with a clock that tests move. */
export async function openParts(dialect: DialectName = 'sqlite') {
  const { database, url, close } = await openTestDatabase(dialect);
  const clock = {
    now: Date.parse('2026-03-01T12:00:00Z'),
    nowMs: () => clock.now,
  };
  const sessionSecret = new TextEncoder().encode('a session secret of tests, 32 characters');
  const random = systemRandom;
  const sessionStore = createSessionStore(database);
  return {
    database,
    db: database.kysely,
    url,
    close,
    clock,
    random,
    sessionSecret,
    publicUrl: 'https://developers.example.com',
    accounts: createAccountStore(database, random),
    tokens: createOneTimeTokenStore(database),
    failures: createSignInFailureStore(database),
    outbox: createOutboxStore(database),
    sessionStore,
    sessions: createSessions({ store: sessionStore, sessionSecret, random }),
    hasher: createPasswordHasher(random),
  };
}

/** Signs up and returns the account's id. */
export async function signedUp(parts: Parts, person = ADA): Promise<string> {
  await signUp(parts, person, OFFICE);
  const found = await parts.accounts.findForSignIn(person.email);
  if (!found) throw new Error('signing up made no account');
  return found.account.id;
}

/** The token in the link of a fresh verification mail. */
export async function mailedToken(parts: Parts, accountId: string): Promise<string> {
  const mail = await verificationMail(parts, { accountId });
  const token = /token=([\w-]+)/.exec(mail?.text ?? '')?.[1];
  if (token === undefined) throw new Error('the mail has no link');
  return token;
}
