import { createAccountStore } from '../../src/accounts/account-store.ts';
import { createAllowanceStore } from '../../src/accounts/allowance-store.ts';
import { createEmailChangeStore } from '../../src/email-addresses/email-change-store.ts';
import { findSession } from '../../src/sessions/find-session.ts';
import { createOneTimeTokenStore } from '../../src/email-addresses/one-time-token-store.ts';
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts';
import { createPasswordStore } from '../../src/passwords/password-store.ts';
import { createPendingSignInStore } from '../../src/sign-in/pending-sign-in-store.ts';
import { createSecondFactorStore } from '../../src/second-step/second-factor-store.ts';
import { createSessionStore } from '../../src/sessions/session-store.ts';
import { createSessions } from '../../src/sessions/sessions.ts';
import { createSignInFailureStore } from '../../src/sign-in/sign-in-failure-store.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { signUp } from '../../src/accounts/sign-up.ts';
import { verificationMail } from '../../src/email-addresses/verification-mail.ts';
import { createCountryFinder } from '../../src/platform/country.ts';
import type { DialectName } from '../../src/database/database.ts';
import { createOutboxStore } from '../../src/database/outbox.ts';
import type { SecondStepFor } from '../../src/settings/sign-in-settings.ts';
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
    secondStepFor: 'nobody' as SecondStepFor,
    findCountry: createCountryFinder(),
    publicUrl: 'https://developers.example.com',
    accounts: createAccountStore(database, random),
    tokens: createOneTimeTokenStore(database),
    failures: createSignInFailureStore(database),
    allowances: createAllowanceStore(database),
    passwords: createPasswordStore(database, random),
    emailChanges: createEmailChangeStore(database, random),
    secondFactors: createSecondFactorStore(database, random),
    pendingSignIns: createPendingSignInStore(database),
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

/** A new session of somebody who has signed up. */
export async function signedIn(parts: Parts, person = ADA) {
  const result = await signIn(parts, person, OFFICE);
  const session = result.ok ? await findSession(parts, result.sessionToken) : null;
  if (!result.ok || !session) throw new Error('not signed in');
  return { ...session, token: result.sessionToken };
}

/** The token in the link of a fresh verification mail. */
export async function mailedToken(parts: Parts, accountId: string): Promise<string> {
  return linkToken(await verificationMail(parts, { accountId }));
}

/** The token in the link of a mail. */
export function linkToken(mail: { text: string } | null): string {
  const token = /token=([\w-]+)/.exec(mail?.text ?? '')?.[1];
  if (token === undefined) throw new Error('the mail has no link');
  return token;
}

/** What the audit log has of one action, newest last. */
export async function auditOf(parts: Parts, action: string) {
  const entries = parts.db.selectFrom('audit_entry').select(['actor', 'subject', 'details']);
  const rows = await entries.where('action', '=', action).orderBy('sequence').execute();
  return rows.map((row) => ({ ...row, details: JSON.parse(row.details) as Record<string, unknown> }));
}

/** Kinds of what waits in the outbox, oldest first. */
export async function queuedKinds(parts: Parts): Promise<string[]> {
  const rows = await parts.db.selectFrom('outbox').select('kind').orderBy('created_at_ms').execute();
  return rows.map(({ kind }) => kind);
}
