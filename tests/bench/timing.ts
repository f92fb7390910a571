import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { createAccountStore } from '../../src/accounts/account-store.ts';
import { createAllowanceStore } from '../../src/accounts/allowance-store.ts';
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts';
import { createPasswordStore } from '../../src/passwords/password-store.ts';
import { createPendingSignInStore } from '../../src/sign-in/pending-sign-in-store.ts';
import { requestPasswordReset } from '../../src/passwords/request-password-reset.ts';
import { createSecondFactorStore } from '../../src/second-step/second-factor-store.ts';
import { createSessionStore } from '../../src/sessions/session-store.ts';
import { createSessions } from '../../src/sessions/sessions.ts';
import { createSignInFailureStore } from '../../src/sign-in/sign-in-failure-store.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { signUp } from '../../src/accounts/sign-up.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { type Comparison, compareTimes } from './compare-times.ts';
import { compareKeys } from './key-timing.ts';

/**
 * Whether time tells which addresses have an account (yardstick A7): signing in with a wrong password, signing up and asking
 * for a new password, for a known and an unknown address in turn; and how much of a key is right (yardstick A24), see
 * key-timing.ts. The last line is JSON; it fails when a |t| of Welch's test is 4.5 or more, or a difference of medians 2 ms
 * or more. `--samples` of each with a password, ten times as many of keys; about five minutes with what is usual.
 */
const { values } = parseArgs({ options: { samples: { type: 'string', default: '2500' } } });
const SAMPLES = Number(values.samples.replaceAll('_', ''));
const KEY_SAMPLES = 10 * SAMPLES;
const LARGEST_T = 4.5;
const LARGEST_DIFFERENCE_MS = 2;
const TWO_DAYS_MS = 2 * 24 * 60 * 60 * 1000;
const PASSWORD = 'eleven purple bicycles';
const OFFICE = { address: '203.0.113.7', userAgent: 'bench' };

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-timing-bench-'));
const database = openDatabase<PortalSchema>({ url: `sqlite:${join(folder, 'portal.sqlite')}`, synchronous: 'NORMAL' });
const clock = { now: Date.UTC(2026, 0, 1), nowMs: () => clock.now };
const sessionSecret = systemRandom.bytes(32);
const sessionStore = createSessionStore(database);
const parts = {
  accounts: createAccountStore(database, systemRandom),
  allowances: createAllowanceStore(database),
  failures: createSignInFailureStore(database),
  passwords: createPasswordStore(database, systemRandom),
  secondFactors: createSecondFactorStore(database, systemRandom),
  pendingSignIns: createPendingSignInStore(database),
  sessions: createSessions({ store: sessionStore, sessionSecret, random: systemRandom }),
  hasher: createPasswordHasher(systemRandom),
  clock,
  random: systemRandom,
  sessionSecret,
};
const KNOWN = 'known@example.com';
let strangers = 0;
const unknown = (): string => `other-${(strangers += 1)}@example.com`;

const subjects: Record<string, (email: string) => Promise<unknown>> = {
  'sign-in': (email) => signIn(parts, { email, password: 'not the right password' }, OFFICE),
  'sign-up': (email) => signUp(parts, { email, password: PASSWORD }, OFFICE),
  reset: (email) => requestPasswordReset(parts, email, OFFICE),
};

try {
  await migrate(database as Database<unknown>, join(import.meta.dirname, '../../db/migrations/portal'), clock.now);
  await signUp(parts, { email: KNOWN, password: PASSWORD }, OFFICE);
  const results: Record<string, Comparison> = {};
  for (const [name, ask] of Object.entries(subjects)) {
    const prepare = async (isKnown: boolean): Promise<string> => {
      // Nobody has asked for either lately: what is noted of an address that was asked for before is found and changed, not
      // added, whether it has an account or not. A hundred failures in a row would stop the known one.
      clock.now += TWO_DAYS_MS;
      await database.kysely.deleteFrom('sign_in_failure').execute();
      await database.kysely.deleteFrom('allowance').execute();
      return isKnown ? KNOWN : unknown();
    };
    results[name] = await compareTimes(SAMPLES, prepare, ask);
  }
  Object.assign(results, await compareKeys(database, KEY_SAMPLES));
  report(results);
} finally {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}

function report(results: Readonly<Record<string, Comparison>>): void {
  say(`${SAMPLES.toLocaleString('en')} of each address, ${KEY_SAMPLES.toLocaleString('en')} of each key\n`);
  const line = (name: string, ...cells: readonly string[]): void =>
    say(`${name.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join('')}`);
  line('', 'known ms', 'unknown ms', 'difference', '|t|');
  for (const [name, { firstMs, secondMs, t }] of Object.entries(results))
    line(name, ...[firstMs, secondMs, firstMs - secondMs].map((ms) => ms.toFixed(4)), Math.abs(t).toFixed(2));
  say(`\n${JSON.stringify({ samples: SAMPLES, keySamples: KEY_SAMPLES, results })}`);
  const tells = Object.values(results).some(
    ({ firstMs, secondMs, t }) => Math.abs(t) >= LARGEST_T || Math.abs(firstMs - secondMs) >= LARGEST_DIFFERENCE_MS,
  );
  process.exitCode = tells ? 1 : 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
