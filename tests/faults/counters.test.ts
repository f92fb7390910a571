import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type World, createWorld } from '../verify/world.ts';
import { type Tally, callUntil, countedOf, openCallers, openRestarting } from './callers.ts';

const CALLERS = 8;

/** Each start of a process takes its time where the machine is busy. */
const STARTS = { timeout: 90_000 };

let world: World;
let tally: Tally;
let callers: ReturnType<typeof openCallers>;

describe.each([1, 2])('with %s workers, what callers were told is counted', STARTS, (workers) => {
  beforeEach(async () => {
    world = await createWorld({ VERIFIER_WORKERS: String(workers) });
    tally = { allowed: 0, refused: 0, lost: 0 };
    callers = openCallers(CALLERS);
  });
  afterEach(async () => {
    callers.close();
    await world.close();
  });

  async function callWhile(work: (port: () => number, verifier: Restarting) => Promise<void>): Promise<number> {
    const key = await world.addKey();
    const verifier = await openRestarting(world);
    let isOver = false;
    const calling = callUntil(
      callers,
      { connections: CALLERS, port: () => verifier.port, token: key.token, isOver: () => isOver },
      tally,
    );
    await work(() => verifier.port, verifier);
    isOver = true;
    await calling;
    await verifier.child.stop();
    return countedOf(world, key);
  }

  type Restarting = Awaited<ReturnType<typeof openRestarting>>;

  async function someCalls(): Promise<void> {
    const before = tally.allowed;
    await expect.poll(() => tally.allowed, { interval: 1 }).toBeGreaterThan(before + 200);
  }

  test('after kill -9 all of it, and no more than what was on its way (F1-I5)', async () => {
    const counted = await callWhile(async (_, verifier) => {
      for (let kill = 0; kill < 3; kill += 1) {
        await someCalls();
        await verifier.killAndStart();
      }
      await someCalls();
    });
    expect(counted).toBeGreaterThanOrEqual(tally.allowed);
    expect(counted).toBeLessThanOrEqual(tally.allowed + tally.lost);
    expect(tally.refused).toBe(0);
  });

  test('after SIGTERM under load all of it, and the process ends with 0 (F17)', async () => {
    const counted = await callWhile(async (_, verifier) => {
      for (let end = 0; end < 2; end += 1) {
        await someCalls();
        expect(await verifier.child.stop()).toBe(0);
        await verifier.start();
      }
      await someCalls();
    });
    expect(counted).toBeGreaterThanOrEqual(tally.allowed);
    expect(counted).toBeLessThanOrEqual(tally.allowed + tally.lost);
  });

  test('one killed right after it has started continues where the one before stood', async () => {
    const counted = await callWhile(async (_, verifier) => {
      await someCalls();
      for (let kill = 0; kill < 3; kill += 1) await verifier.killAndStart();
      await someCalls();
    });
    expect(counted).toBeGreaterThanOrEqual(tally.allowed);
    expect(counted).toBeLessThanOrEqual(tally.allowed + tally.lost);
  });
});
