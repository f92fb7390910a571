import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';

import { openDatabase } from '../../src/database/database.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import { type World, createWorld } from '../verify/world.ts';
import { countedOf, openCallers, openRestarting, setQuota } from './callers.ts';
import { mountSmallDisk } from './small-disk.ts';
import { limitWrites } from './write-limit.ts';

type Verifier = Awaited<ReturnType<typeof openRestarting>>;

/** A way to take the room away from a running verifier, and to give it back. */
interface Disk {
  fill(world: World, verifier: Verifier): Promise<void>;
  free(): Promise<void>;
}

/** Each start of a process takes its time where the machine is busy. */
const STARTS = { timeout: 60_000 };

const mounted = mountSmallDisk(48);
afterAll(() => mounted?.unmount());

/** Ends no call, not under a hard quota either; afterwards everything is counted, also across a kill. */
async function expectCallsToGoOn(world: World, disk: Disk, whileFull: (verifier: Verifier) => Promise<void>) {
  await setQuota(world, 'small', 700, true);
  const [soft, hard] = [await world.addKey('ample'), await world.addKey('small')];
  const verifier = await openRestarting(world);
  const callers = openCallers(4);
  const outcomes = async (calls: number): Promise<Set<string>> => {
    const seen = new Set<string>();
    for (let call = 0; call < calls; call += 1) {
      seen.add(await callers.ask(verifier.port, soft.token));
      seen.add(await callers.ask(verifier.port, hard.token));
    }
    return seen;
  };
  expect(await outcomes(100)).toEqual(new Set(['allowed']));
  await disk.fill(world, verifier);
  expect(await outcomes(400)).toEqual(new Set(['allowed']));
  await whileFull(verifier);
  expect(await outcomes(100)).toEqual(new Set(['allowed']));
  await disk.free();
  await expect.poll(() => countedOf(world, soft), { interval: 20 }).toBe(600);
  // The hard quota has a hundred left, whatever happened meanwhile.
  expect(await outcomes(100)).toEqual(new Set(['allowed']));
  expect(await callers.ask(verifier.port, hard.token)).toBe('refused');
  callers.close();
  await verifier.child.stop();
  expect([await countedOf(world, soft), await countedOf(world, hard)]).toEqual([700, 700]);
  await world.close();
}

// Mounting takes rights that not every machine gives to tests; the next test needs none.
describe.runIf(mounted)('a full disk (F4)', STARTS, () => {
  test('ends no call, not under a hard quota either, and what is counted survives a kill', async () => {
    const disk: Disk = {
      fill: () => Promise.resolve(mounted?.fill()),
      free: () => Promise.resolve(mounted?.free()),
    };
    const world = await createWorld({ DATA_DIR: mounted?.path ?? '' });
    await expectCallsToGoOn(world, disk, (verifier) => verifier.killAndStart());
  });
});

/** The journal has its room; the database finds none: its log stands at the size that the system allows a file. */
function withoutRoom(): Disk {
  const held: { database: ReturnType<typeof openDatabase<UsageSchema>>; pid: number }[] = [];
  return {
    async fill(world, verifier) {
      const folder = world.config.dataDir;
      const journals = readdirSync(folder).filter((name) => name.endsWith('.journal'));
      const journalBytes = Math.max(...journals.map((name) => statSync(join(folder, name)).size));
      const database = openDatabase<UsageSchema>({ url: world.config.usageDatabaseUrl });
      // Whoever reads keeps the log of SQLite from beginning anew, so that it only grows.
      await sql`begin deferred`.execute(database.kysely);
      await sql`select 1 from quota_count`.execute(database.kysely);
      const { usage } = world.databases;
      await sql`create table filler (bytes blob)`.execute(usage.kysely);
      while (statSync(`${join(folder, 'usage.sqlite')}-wal`).size <= journalBytes)
        await sql`insert into filler values (randomblob(200000))`.execute(usage.kysely);
      const pid = verifier.child.process.pid ?? 0;
      limitWrites(pid, journalBytes);
      held.push({ database, pid });
    },
    async free() {
      for (const { database, pid } of held.splice(0)) {
        limitWrites(pid, null);
        await sql`rollback`.execute(database.kysely);
        await database.close();
      }
    },
  };
}

describe('a database without room to grow (F4)', STARTS, () => {
  test('ends no call, not under a hard quota either, and everything is counted when there is room again', async () => {
    await expectCallsToGoOn(await createWorld(), withoutRoom(), async (verifier) => {
      const reasons = async () => {
        const answer = await fetch(`http://127.0.0.1:${verifier.port}/healthz`);
        return ((await answer.json()) as { reasons: string[] }).reasons.sort();
      };
      // Each is known once it was tried.
      await expect.poll(reasons, { interval: 50 }).toEqual(['counters_not_written', 'usage_not_written']);
    });
  });
});
