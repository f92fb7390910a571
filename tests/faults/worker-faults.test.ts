import { afterEach, beforeEach, expect, test } from 'vitest';

import { type VerifierWorkers, composeVerifierWorkers } from '../../src/composition/compose-verifier-workers.ts';
import { createLog } from '../../src/platform/log.ts';
import { findJournal } from '../../src/usage/counter-journal.ts';
import { forEachDialect } from '../support/databases.ts';
import { secret } from '../verify/ask.ts';
import type { World } from '../verify/world.ts';
import { createWorldOn } from '../verify/world-on.ts';
import { HANGS, HANGS_WITH_ALL_LOCKS, runInWorker } from './hung-workers.ts';
import { type Tally, callUntil, countedOf, openCallers, setQuota } from './callers.ts';

const QUOTA = 1000;
const CALLERS = 50;
const WORKERS = 2;

/** Shorter than in operation, and long for a thread that is only slow. */
const PULSE = { everyMs: 100, mostMissed: 20 };
/** Each start of a thread takes its time where the machine is busy. */
const STARTS_MS = 90_000;

forEachDialect((dialect) => {
  let world: World;
  let verifier: VerifierWorkers;
  let port: number;
  let callers: ReturnType<typeof openCallers>;

  beforeEach(async () => {
    world = await createWorldOn(dialect, { VERIFIER_WORKERS: String(WORKERS) });
    verifier = await composeVerifierWorkers(world.config, createLog('test', 'silent'), PULSE);
    port = (await verifier.start()).verifierPort;
    callers = openCallers(CALLERS);
  }, STARTS_MS);
  afterEach(async () => {
    callers.close();
    await verifier.stop();
    await world.close();
  }, STARTS_MS);

  async function metric(name: string): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { ...secret, Connection: 'close' } });
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await answer.text())?.[1]);
  }

  test(
    'a hard quota is never exceeded when a worker ends in the middle of calls, and another one takes its place (F1)',
    async () => {
      await setQuota(world, 'small', QUOTA, true);
      const key = await world.addKey('small');
      const tally: Tally = { allowed: 0, refused: 0, lost: 0 };
      const isOver = (): boolean => tally.refused >= CALLERS;
      const calling = callUntil(callers, { connections: CALLERS, port: () => port, token: key.token, isOver }, tally);
      const ends = [100, 250, 400, 550];
      for (const [index, calls] of ends.entries()) {
        await expect.poll(() => tally.allowed + tally.lost, { interval: 1 }).toBeGreaterThan(calls);
        await verifier.terminate(index % WORKERS);
      }
      await calling;
      expect(tally.allowed).toBeLessThanOrEqual(QUOTA);
      // Whoever was connected to the worker that ended may have had one call on its way.
      expect(tally.allowed).toBeGreaterThanOrEqual(QUOTA - ends.length * CALLERS);
      await expect.poll(() => metric('gatehouse_verifier_workers')).toBe(WORKERS);
      await verifier.stop();
      const counted = await countedOf(world, key);
      expect(counted).toBeGreaterThanOrEqual(tally.allowed);
      expect(counted).toBeLessThanOrEqual(QUOTA);
    },
    STARTS_MS,
  );

  test(
    'both workers take part, each with a journal of its own',
    async () => {
      const key = await world.addKey();
      const asked = await Promise.all(Array.from({ length: 500 }, () => callers.ask(port, key.token)));
      expect(new Set(asked)).toEqual(new Set(['allowed']));
      for (const slot of [1, 2]) {
        const entries = findJournal(world.config.dataDir, slot)?.batches.flatMap((batch) => batch.entries) ?? [];
        expect(entries.some(({ kind }) => kind === 'quota')).toBe(true);
      }
    },
    STARTS_MS,
  );

  test.each([
    ['hangs', HANGS],
    ['hangs while it holds what others wait for', HANGS_WITH_ALL_LOCKS],
  ])(
    'a worker that %s is replaced, and the other one goes on',
    async (_, script) => {
      const key = await world.addKey();
      const ask = (calls: number) => Promise.all(Array.from({ length: calls }, () => callers.ask(port, key.token)));
      expect(new Set(await ask(CALLERS))).toEqual(new Set(['allowed']));
      await runInWorker(1, script);
      // Those that are connected to it are cut off when it is ended; the others are answered, at once or then.
      const asked = await ask(CALLERS);
      expect(new Set(asked)).toEqual(new Set(['allowed', 'lost']));
      await expect.poll(() => metric('gatehouse_verifier_workers')).toBe(WORKERS);
      expect(new Set(await ask(CALLERS))).toEqual(new Set(['allowed']));
      callers.close();
      await verifier.stop();
      const allowed = 2 * CALLERS + asked.filter((outcome) => outcome === 'allowed').length;
      const counted = await countedOf(world, key);
      expect(counted).toBeGreaterThanOrEqual(allowed);
      expect(counted).toBeLessThanOrEqual(3 * CALLERS);
    },
    STARTS_MS,
  );

  test(
    'health answers while a worker hangs, and says so; the verifier ends all the same',
    async () => {
      await verifier.stop();
      verifier = await composeVerifierWorkers(world.config, createLog('test', 'silent'));
      ({ verifierPort: port } = await verifier.start());
      await runInWorker(1, HANGS);
      // Some are given to the one that hangs.
      const ask = () => fetch(`http://127.0.0.1:${port}/healthz`, { headers: { Connection: 'close' } });
      const answer = await Promise.any(Array.from({ length: 20 }, ask));
      expect(await answer.json()).toMatchObject({ status: 'degraded', reasons: ['workers_missing'] });
      await verifier.stop();
      await expect(ask()).rejects.toThrow('fetch failed');
    },
    STARTS_MS,
  );
});
