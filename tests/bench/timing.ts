import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { createAccountStore } from '../../src/accounts/account-store.ts';
import { createAllowanceStore } from '../../src/accounts/allowance-store.ts';
import { createPasswordHasher } from '../../src/accounts/password-hasher.ts';
import { createPasswordStore } from '../../src/accounts/password-store.ts';
import { createPendingSignInStore } from '../../src/accounts/pending-sign-in-store.ts';
import { requestPasswordReset } from '../../src/accounts/request-password-reset.ts';
import { createSecondFactorStore } from '../../src/accounts/second-factor-store.ts';
import { createSessionStore } from '../../src/accounts/session-store.ts';
import { createSessions } from '../../src/accounts/sessions.ts';
import { createSignInFailureStore } from '../../src/accounts/sign-in-failure-store.ts';
import { signIn } from '../../src/accounts/sign-in.ts';
import { signUp } from '../../src/accounts/sign-up.ts';
import { type Database, openDatabase } from '../../src/platform/database.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { PortalSchema } from '../../src/platform/schema.ts';

/**
 * Whether time tells which addresses have an account (yardstick A7): signing in with a wrong password, signing up and asking
 * for a new password, for a known and an unknown address in turn. The slowest twentieth of each is left out, as noise of the
 * machine (dudect). `--samples` of each, 5,000 unless said otherwise. The last line is JSON; it fails
 * when a |t| of Welch's test is 4.5 or more, or a difference of medians 2 ms or more.
 */
const { values } = parseArgs({ options: { samples: { type: 'string', default: '5000' } } });
const SAMPLES = Number(values.samples.replaceAll('_', ''));
const LARGEST_T = 4.5;
const LARGEST_DIFFERENCE_MS = 2;
const KEPT = 0.95;
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
  const results = [];
  for (const [name, ask] of Object.entries(subjects)) results.push({ name, ...(await compare(ask)) });
  say(`${SAMPLES.toLocaleString('en')} of each\n`);
  say(
    `${''.padEnd(10)}${'known ms'.padStart(12)}${'unknown ms'.padStart(12)}${'difference'.padStart(12)}${'|t|'.padStart(8)}`,
  );
  for (const { name, knownMs, unknownMs, t } of results) {
    const columns = [knownMs.toFixed(3), unknownMs.toFixed(3), (knownMs - unknownMs).toFixed(3)];
    say(`${name.padEnd(10)}${columns.map((text) => text.padStart(12)).join('')}${Math.abs(t).toFixed(2).padStart(8)}`);
  }
  say(`\n${JSON.stringify({ samples: SAMPLES, results })}`);
  const tells = results.some(
    ({ knownMs, unknownMs, t }) => Math.abs(t) >= LARGEST_T || Math.abs(knownMs - unknownMs) >= LARGEST_DIFFERENCE_MS,
  );
  process.exitCode = tells ? 1 : 0;
} finally {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}

/** In random order, so that nothing that comes round regularly falls on one of the two only. */
async function compare(ask: (email: string) => Promise<unknown>) {
  const known: number[] = [];
  const others: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const isKnownFirst = ((systemRandom.bytes(1)[0] ?? 0) & 1) === 1;
    for (const isKnown of [isKnownFirst, !isKnownFirst]) {
      // Limits are full again, and failures forgotten.
      clock.now += TWO_DAYS_MS;
      const email = isKnown ? KNOWN : unknown();
      const startedAt = performance.now();
      await ask(email);
      (isKnown ? known : others).push(performance.now() - startedAt);
    }
  }
  const [first, second] = [withoutSlowest(known), withoutSlowest(others)];
  return { knownMs: median(first), unknownMs: median(second), t: Number(welch(first, second).toFixed(2)) };
}

function withoutSlowest(times: readonly number[]): number[] {
  return times.toSorted((one, other) => one - other).slice(0, Math.ceil(times.length * KEPT));
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Welch's t: how many standard errors the two means are apart. */
function welch(first: readonly number[], second: readonly number[]): number {
  const [one, other] = [momentsOf(first), momentsOf(second)];
  return (one.mean - other.mean) / Math.sqrt(one.variance / first.length + other.variance / second.length);
}

function momentsOf(times: readonly number[]): { mean: number; variance: number } {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, times.length - 1) };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
