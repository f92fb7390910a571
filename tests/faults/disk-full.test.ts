import { afterAll, describe, expect, test } from 'vitest';

import { createWorld } from '../verify/world.ts';
import { countedOf, openCallers, openRestarting, setQuota } from './callers.ts';
import { mountSmallDisk } from './small-disk.ts';

const disk = mountSmallDisk(48);
afterAll(() => disk?.unmount());

/** Each start of a process takes its time where the machine is busy. */
const STARTS = { timeout: 60_000 };

// Mounting takes rights that not every machine gives to tests.
if (disk) {
  describe('a full disk (F4)', STARTS, () => {
    test('ends no call, not under a hard quota either, and what is counted survives a kill', async () => {
      const world = await createWorld({ DATA_DIR: disk.path });
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
      disk.fill();
      expect(await outcomes(400)).toEqual(new Set(['allowed']));
      await verifier.killAndStart();
      expect(await outcomes(100)).toEqual(new Set(['allowed']));
      disk.free();
      await expect.poll(() => countedOf(world, soft), { interval: 20, timeout: 10_000 }).toBe(600);
      // The hard quota has a hundred left, whatever happened meanwhile.
      expect(await outcomes(100)).toEqual(new Set(['allowed']));
      expect(await callers.ask(verifier.port, hard.token)).toBe('refused');
      callers.close();
      await verifier.child.stop();
      expect([await countedOf(world, soft), await countedOf(world, hard)]).toEqual([700, 700]);
      await world.close();
    });
  });
} else {
  test('a full disk (F4) needs the right to mount one', () => expect(disk).toBeNull());
}
