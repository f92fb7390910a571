import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type World, createWorld } from '../verify/world.ts';
import { type Tally, callUntil, countedOf, openCallers, openRestarting, setQuota } from './callers.ts';

const QUOTA = 1000;
const CALLERS = 50;

let world: World;
let tally: Tally;

/** Each start of a process takes its time where the machine is busy. */
const STARTS = { timeout: 90_000 };

describe.each([1, 2])('a hard quota, with %s workers', STARTS, (workers) => {
  beforeEach(async () => {
    world = await createWorld({ VERIFIER_WORKERS: String(workers) });
    await setQuota(world, 'small', QUOTA, true);
    tally = { allowed: 0, refused: 0, lost: 0 };
  });
  afterEach(() => world.close());

  test('fifty callers at once get exactly the thousand calls of a hard quota (A21)', async () => {
    const key = await world.addKey('small');
    const verifier = await openRestarting(world);
    const callers = openCallers(CALLERS);
    const isOver = (): boolean => tally.refused >= CALLERS;
    await callUntil(callers, { connections: CALLERS, port: () => verifier.port, token: key.token, isOver }, tally);
    callers.close();
    expect([tally.allowed, tally.lost]).toEqual([QUOTA, 0]);
    await verifier.child.stop();
    expect(await countedOf(world, key)).toBe(QUOTA);
  });

  test('and never more, however often the verifier is killed meanwhile: what is lost was counted (F1)', async () => {
    const key = await world.addKey('small');
    const verifier = await openRestarting(world);
    const callers = openCallers(CALLERS);
    let kills = 0;
    const isOver = (): boolean => tally.refused >= CALLERS;
    const calling = callUntil(
      callers,
      { connections: CALLERS, port: () => verifier.port, token: key.token, isOver },
      tally,
    );
    for (const calls of [200, 500, 700]) {
      await expect.poll(() => tally.allowed, { interval: 1 }).toBeGreaterThan(calls);
      await verifier.killAndStart();
      kills += 1;
    }
    await calling;
    callers.close();
    expect(kills).toBe(3);
    expect(tally.allowed).toBeLessThanOrEqual(QUOTA);
    // At each kill every caller may have had one call on its way that was counted and not answered.
    expect(tally.allowed).toBeGreaterThanOrEqual(QUOTA - kills * CALLERS);
    await verifier.child.stop();
    expect(await countedOf(world, key)).toBe(QUOTA);
  });
});
