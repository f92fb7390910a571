import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test } from 'vitest';

import { systemClock } from '../../src/platform/clock.ts';
import { createLog } from '../../src/platform/log.ts';
import { type VerifierProcess, startVerifier } from '../../src/server/verifier-process.ts';
import { freePorts } from '../support/servers.ts';
import { type World, createWorld } from '../verify/world.ts';
import { countedOf, openCallers, setQuota } from './callers.ts';

const QUOTA = 300;
const CALLERS = 10;

let world: World | undefined;
let verifier: VerifierProcess | null = null;
afterEach(async () => {
  await verifier?.stop(5_000);
  await world?.close();
});

/** Processes that this one has started and that run the verifier. */
function verifierIds(): number[] {
  const children = readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' '),
  );
  return children
    .filter((id) => id !== '' && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('src/verify/main.ts'))
    .map(Number);
}

test(
  'a verifier that hangs is replaced by its parent, and goes on counting where it stood',
  { timeout: 60_000 },
  async () => {
    const [verifierPort = 0, gatewayPort = 0] = await freePorts(2);
    world = await createWorld({ VERIFIER_PORT: String(verifierPort), GATEWAY_PORT: String(gatewayPort) });
    await setQuota(world, 'small', QUOTA, true);
    const key = await world.addKey('small');
    const { environment } = world;
    verifier = await startVerifier({
      command: [join(import.meta.dirname, '../../src/verify/main.ts')],
      environment: { PATH: process.env.PATH ?? '', ...environment },
      clock: systemClock,
      log: createLog('test', 'silent'),
      pulse: { everyMs: 100, mostMissed: 20 },
    });
    const callers = openCallers(CALLERS);
    const ask = (calls: number) =>
      Promise.all(Array.from({ length: calls }, () => callers.ask(verifierPort, key.token)));
    expect(new Set(await ask(100))).toEqual(new Set(['allowed']));
    const [hanging = 0] = verifierIds();
    process.kill(hanging, 'SIGSTOP');
    expect(new Set(await ask(CALLERS))).toEqual(new Set(['lost']));
    await expect.poll(() => callers.ask(verifierPort, key.token), { interval: 50, timeout: 20_000 }).toBe('allowed');
    expect(verifierIds()).not.toContain(hanging);
    const rest = await ask(QUOTA);
    // The one before may have counted what it never answered.
    const allowed = 101 + rest.filter((outcome) => outcome === 'allowed').length;
    expect(allowed).toBeLessThanOrEqual(QUOTA);
    expect(allowed).toBeGreaterThanOrEqual(QUOTA - CALLERS);
    callers.close();
    await verifier?.stop(5_000);
    expect(await countedOf(world, key)).toBe(QUOTA);
  },
);
