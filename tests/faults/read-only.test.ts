import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, test } from 'vitest';

import { openMigratedDatabases } from '../../src/composition/databases.ts';
import { type VerifierChild, type World, createWorld } from '../verify/world.ts';
import { type Outcome, countedOf, openCallers, openRestarting, setQuota } from './callers.ts';
import { mountFaultyDisk } from './faulty-disk.ts';
import { mountSmallDisk } from './small-disk.ts';
import { limitWrites } from './write-limit.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Each start of a process takes its time where the machine is busy. */
const STARTS = { timeout: 60_000 };

async function healthOf(port: number): Promise<{ status: string; reasons: string[] }> {
  return (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as { status: string; reasons: string[] };
}

describe('a database folder that becomes read-only under a running verifier (F5)', STARTS, () => {
  test('ends no call but those under a hard quota; when it can be written again, all is counted without a restart', async () => {
    world = await createWorld();
    await setQuota(world, 'small', 1000, true);
    const [soft, hard] = [await world.addKey('ample'), await world.addKey('small')];
    const verifier = await openRestarting(world);
    const callers = openCallers(4);
    const tally = { soft: 0, hard: 0 };
    const call = async (calls: number): Promise<[Set<Outcome>, Set<Outcome>]> => {
      const seen: [Set<Outcome>, Set<Outcome>] = [new Set(), new Set()];
      for (let count = 0; count < calls; count += 1) {
        const [ample, small] = [
          await callers.ask(verifier.port, soft.token),
          await callers.ask(verifier.port, hard.token),
        ];
        seen[0].add(ample);
        seen[1].add(small);
        tally.soft += ample === 'allowed' ? 1 : 0;
        tally.hard += small === 'allowed' ? 1 : 0;
      }
      return seen;
    };
    expect(await call(50)).toEqual([new Set(['allowed']), new Set(['allowed'])]);
    limitWrites(verifier.child.process.pid ?? 0, 1);
    // The call that finds it out was decided before.
    await call(1);
    expect(await call(200)).toEqual([new Set(['allowed']), new Set(['refused'])]);
    await expect
      .poll(async () => (await healthOf(verifier.port)).reasons.sort(), { interval: 50 })
      .toEqual(['counters_not_journaled', 'counters_not_written', 'usage_not_written']);
    expect((await healthOf(verifier.port)).status).toBe('degraded');
    limitWrites(verifier.child.process.pid ?? 0, null);
    await expect.poll(() => callers.ask(verifier.port, hard.token), { interval: 50 }).toBe('allowed');
    tally.hard += 1;
    expect(await call(20)).toEqual([new Set(['allowed']), new Set(['allowed'])]);
    await expect.poll(() => healthOf(verifier.port), { interval: 50 }).toMatchObject({ status: 'ok' });
    callers.close();
    await verifier.child.stop();
    expect([await countedOf(world, soft), await countedOf(world, hard)]).toEqual([tally.soft, tally.hard]);
  });
});

const disk = mountSmallDisk(64);
const faulty = mountFaultyDisk(64);
afterAll(() => {
  disk?.unmount();
  faulty?.unmount();
});

// Mounting takes rights that not every machine gives to tests; the test above needs none.
describe.runIf(disk)('a folder that is mounted read-only (F5)', STARTS, () => {
  test.each(['1', '2'])(
    'a verifier of %s starts and answers all the same; what it counts ends with it',
    async (workers) => {
      const folder = join(disk?.path ?? '', workers);
      mkdirSync(folder);
      world = await createWorld({ DATA_DIR: folder, VERIFIER_WORKERS: workers });
      await setQuota(world, 'small', 5, true);
      const [soft, hard] = [await world.addKey('ample'), await world.addKey('small')];
      const callers = openCallers(1);
      const ask = async (verifier: VerifierChild, token: string, calls: number): Promise<Outcome[]> => {
        const seen: Outcome[] = [];
        for (let count = 0; count < calls; count += 1) seen.push(await callers.ask(verifier.verifierPort, token));
        return seen;
      };
      const first = await world.startVerifier();
      expect(await ask(first, hard.token, 2)).toEqual(['allowed', 'allowed']);
      // Nothing of it has reached the database: it is in the journal only.
      await first.kill();
      await world.databases.close();
      disk?.remount('ro');
      const second = await world.startVerifier();
      expect(await healthOf(second.verifierPort)).toMatchObject({
        status: 'degraded',
        reasons: ['data_folder_read_only'],
      });
      // A hard quota holds, with what was counted before.
      expect(await ask(second, hard.token, 4)).toEqual(['allowed', 'allowed', 'allowed', 'refused']);
      expect(await ask(second, soft.token, 20)).toEqual(Array.from({ length: 20 }, () => 'allowed'));
      expect(await second.stop()).toBe(0);
      disk?.remount('rw');
      const third = await world.startVerifier();
      expect(await healthOf(third.verifierPort)).toMatchObject({ status: 'ok' });
      expect(await ask(third, hard.token, 4)).toEqual(['allowed', 'allowed', 'allowed', 'refused']);
      callers.close();
      await third.stop();
    },
  );

  test('ends the start with one line where there is nowhere to put a copy, and changes nothing', async () => {
    const folder = join(disk?.path ?? '', 'no-room');
    mkdirSync(folder);
    world = await createWorld({ DATA_DIR: folder, TMPDIR: join(folder, 'nowhere') });
    const key = await world.addKey();
    await (await world.startVerifier()).stop();
    await world.databases.close();
    disk?.remount('ro');
    await expect(world.startVerifier()).rejects.toThrow(
      /ended with 1: The verifier cannot run: \S+ cannot be written, and cannot be copied to a folder that can: [^\n]+\n$/,
    );
    disk?.remount('rw');
    const verifier = await world.startVerifier();
    const callers = openCallers(1);
    expect(await callers.ask(verifier.verifierPort, key.token)).toBe('allowed');
    callers.close();
    await verifier.stop();
  });
});

describe.runIf(faulty)('a disk with a fault, which the system makes read-only (F5)', STARTS, () => {
  test('ends no call; after the repair nothing that was written before is missing', async () => {
    world = await createWorld({ DATA_DIR: faulty?.path ?? '' });
    const key = await world.addKey();
    const callers = openCallers(4);
    const verifier = await openRestarting(world);
    const call = (calls: number): Promise<Outcome[]> =>
      Promise.all(Array.from({ length: calls }, () => callers.ask(verifier.port, key.token)));
    await call(100);
    await expect.poll(() => world && countedOf(world, key), { interval: 50, timeout: 10_000 }).toBe(100);
    await world.databases.close();
    faulty?.fail();
    expect(new Set(await call(200))).toEqual(new Set(['allowed']));
    await expect.poll(() => healthOf(verifier.port), { interval: 50 }).toMatchObject({ status: 'degraded' });
    await verifier.child.kill();
    faulty?.repair();
    await verifier.start();
    expect(new Set(await call(10))).toEqual(new Set(['allowed']));
    callers.close();
    await verifier.child.stop();
    const again = await openMigratedDatabases(world.config);
    const counted = await countedOf({ ...world, databases: again }, key);
    await again.close();
    // What was counted while nothing could be written is lost with the process: the disk could not take it.
    expect(counted).toBeGreaterThanOrEqual(110);
    expect(counted).toBeLessThanOrEqual(310);
  });
});
