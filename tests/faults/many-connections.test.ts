import { afterEach, beforeEach, expect, test } from 'vitest';

import { type World, createWorld } from '../verify/world.ts';
import { countedOf, openCallers } from './callers.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** With good keys, and as many with bad ones: CONNECTIONS=5000 for ten thousand. */
const CONNECTIONS = Number(process.env.CONNECTIONS ?? 1000);

test('a thousand connections at once, with as many bad keys between them, are all answered rightly (F13)', async () => {
  const key = await world.addKey();
  const verifier = await world.startVerifier();
  const many = openCallers(CONNECTIONS);
  const bad = openCallers(CONNECTIONS);
  const asked = await Promise.all(
    Array.from({ length: 4 * CONNECTIONS }, async (_, index) => {
      const isGood = index % 2 === 0;
      const outcome = await (isGood ? many : bad).ask(verifier.verifierPort, isGood ? key.token : `${key.token}x`);
      return outcome === (isGood ? 'allowed' : 'refused');
    }),
  );
  many.close();
  bad.close();
  expect(asked.filter((isRight) => !isRight)).toEqual([]);
  await verifier.stop();
  expect(await countedOf(world, key)).toBe(2 * CONNECTIONS);
}, 120_000);
