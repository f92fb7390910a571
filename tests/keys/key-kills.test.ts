import { spawn } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { withdrawUnconfirmedKeys } from '../../src/jobs/withdraw-unconfirmed-keys.ts';
import { DAY_MS, keyStateAt } from '../../src/keys/api-key.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import { createKeyConfirmationStore } from '../../src/key-reminders/key-confirmation-store.ts';
import { hashToken, toPepper } from '../../src/keys/pepper.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { rotateKey } from '../../src/key-rotation/rotate-key.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { type House, NOW_MS, PEPPER, depsOn, keyRequest, openHouse } from './house.ts';
import { findHalfChanges } from './key-invariants.ts';
import type { KilledChange } from './killed-change.ts';

const program = join(import.meta.dirname, 'killed-change.ts');
const REQUEST_ID = 'req_killedkilledkilled00';
/** More than any change has. */
const MOST_STATEMENTS = 60;
/** Processes that are started together. */
const AT_ONCE = 4;

let house: House;
let template: string;
let base: Omit<KilledChange, 'url' | 'statements' | 'change'>;
let copies = 0;

beforeAll(async () => {
  house = await openHouse('sqlite');
  const applicationId = await house.addApplication(house.nora);
  const { key } = await house.addKey(applicationId);
  base = {
    actor: house.nora,
    applicationId,
    keyId: key.id,
    requestId: REQUEST_ID,
    nowMs: NOW_MS + 1000,
    pepper: new TextDecoder().decode(PEPPER),
  };
  await sql`pragma wal_checkpoint(truncate)`.execute(house.test.database.kysely);
  template = house.test.url.replace('sqlite:', '');
});
afterAll(() => house.test.close());

interface Killed {
  /** null when it was killed. */
  answer: { ok: boolean; token?: string } | null;
  path: string;
}

/** Runs the change on a copy of the database, in a process that is killed before this statement. */
async function killedAt(statements: number, change: KilledChange['change']): Promise<Killed> {
  const path = `${template}-${(copies += 1)}`;
  copyFileSync(template, path);
  const request: KilledChange = { ...base, url: `sqlite:${path}`, statements, change };
  const child = spawn(process.execPath, [program, requestText(request)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_, by) => resolve(by)));
  expect(signal === 'SIGKILL' ? '' : output).toBe(output);
  return { answer: signal === 'SIGKILL' ? null : (JSON.parse(output) as Killed['answer']), path };
}

type Deps = ReturnType<typeof depsOn>;
type Check = (deps: Deps, killed: Killed, database: Database<PortalSchema>) => Promise<void>;

/** Opens what the killed process left and looks; then lets `check` go on from there. */
async function reopened(killed: Killed, check: Check): Promise<void> {
  const database = openDatabase<PortalSchema>({ url: `sqlite:${killed.path}` });
  try {
    expect(await findHalfChanges(database)).toEqual([]);
    await check(depsOn(database, { nowMs: () => base.nowMs }), killed, database);
    expect(await findHalfChanges(database)).toEqual([]);
  } finally {
    await database.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(killed.path + suffix, { force: true });
  }
}

/** Kills before the first statement, the second, and so on, until the change runs to its end. */
async function killEverywhere(change: KilledChange['change'], check: Check): Promise<number> {
  for (let statements = 0; statements < MOST_STATEMENTS; statements += AT_ONCE) {
    const counts = Array.from({ length: AT_ONCE }, (_, index) => statements + index);
    const all = await Promise.all(counts.map((count) => killedAt(count, change)));
    for (const killed of all) await reopened(killed, check);
    const kills = all.filter(({ answer }) => answer === null).length;
    if (kills < AT_ONCE) return statements + kills;
  }
  throw new Error(`${change} has more statements than expected`);
}

/** Its map as pairs, for JSON has none. */
function requestText({ actor, ...request }: KilledChange): string {
  return JSON.stringify({ ...request, actor: { ...actor, teamRoles: [...actor.teamRoles] } });
}

const keysOf = (deps: Deps) => deps.keys.list(base.actor.teamIds, base.applicationId);
const stored = async (deps: Deps, keyId: string) => (await keysOf(deps)).find(({ id }) => id === keyId);

describe('a process that is killed before each statement in turn', () => {
  it('while it issues a key leaves the key or nothing; the same request makes no second one', async () => {
    const kills = await killEverywhere('issue', async (deps, { answer }) => {
      const before = await keysOf(deps);
      if (answer) {
        expect(await deps.keys.findByTokenHash(hashToken(toPepper(PEPPER), answer.token ?? ''))).not.toBeNull();
      }
      const retry = { ...keyRequest(), requestId: REQUEST_ID, applicationId: base.applicationId };
      const again = await issueKey(deps, base.actor, retry);
      expect(again.ok || again.reason).toBe(before.length === 2 ? 'already_issued' : true);
      expect(await keysOf(deps)).toHaveLength(2);
    });
    expect(kills).toBeGreaterThan(8);
  }, 120_000);

  it('while it rotates a key leaves both keys or the old one alone; nobody ever is without a key', async () => {
    const kills = await killEverywhere('rotate', async (deps, { answer }) => {
      const old = await stored(deps, base.keyId);
      expect(old && keyStateAt(old, base.nowMs)).toBe('active');
      expect(await keysOf(deps)).toHaveLength(old?.replaced ? 2 : 1);
      if (answer)
        expect(await deps.keys.findByTokenHash(hashToken(toPepper(PEPPER), answer.token ?? ''))).not.toBeNull();
      const { applicationId, keyId, requestId } = base;
      const again = await rotateKey(deps, base.actor, { applicationId, keyId, requestId, overlapMs: DAY_MS });
      expect(again.ok || again.reason).toBe(old?.replaced ? 'already_issued' : true);
      expect(await keysOf(deps)).toHaveLength(2);
    });
    expect(kills).toBeGreaterThan(10);
  }, 120_000);

  it('while it rotates a key leaves no unknown token behind: what nobody confirmed ends, and the old key goes on', async () => {
    // It is committed, but the answer with the token reached nobody.
    const lost = await killedAt(MOST_STATEMENTS, 'rotate');
    await reopened(lost, async (deps, _, database) => {
      const [successor] = (await keysOf(deps)).filter(({ id }) => id !== base.keyId);
      const job = {
        ...deps,
        confirmations: createKeyConfirmationStore(database),
        wasCalled: () => Promise.resolve(false),
        clock: { nowMs: () => base.nowMs + 16 * 60 * 1000 },
      };
      await withdrawUnconfirmedKeys(job);
      expect((await stored(deps, successor?.id ?? ''))?.revokedAtMs).toBe(base.nowMs + 16 * 60 * 1000);
      expect(await stored(deps, base.keyId)).toMatchObject({ replaced: null, expiresAtMs: null });
    });
  }, 120_000);

  it('while it revokes a key leaves it revoked or as it was; what was answered or revoked once stays revoked', async () => {
    const kills = await killEverywhere('revoke', async (deps, { answer }) => {
      const revokedAtMs = (await stored(deps, base.keyId))?.revokedAtMs ?? null;
      if (answer) expect(revokedAtMs).toBe(base.nowMs);
      const { applicationId, keyId } = base;
      await revokeKey(deps, base.actor, { applicationId, keyId, reason: 'old' });
      expect((await stored(deps, base.keyId))?.revokedAtMs).toBe(base.nowMs);
    });
    expect(kills).toBeGreaterThan(6);
  }, 120_000);

  it.each(['replace', 'withdraw'] as const)(
    'while it does %s leaves it done or not begun',
    async (change) => {
      const kills = await killEverywhere(change, async (deps, { answer }) => {
        const actions = (await deps.audit.entriesOf(base.keyId, 9)).map(({ action }) => action);
        const key = await stored(deps, base.keyId);
        const isDone = change === 'withdraw' ? key?.revokedAtMs !== null : key?.unconfirmedSinceMs === base.nowMs;
        expect(actions).toHaveLength(isDone ? 2 : 1);
        if (answer) expect(isDone).toBe(true);
      });
      expect(kills).toBeGreaterThan(4);
    },
    60_000,
  );
});
