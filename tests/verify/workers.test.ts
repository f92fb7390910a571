import { createServer } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { plainLimits, toPlanLimitColumns } from '../../src/plans/plan-limits.ts';
import { createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { type Tally, callUntil, openCallers } from '../faults/callers.ts';
import { call } from '../gateway/call.ts';
import { forEachDialect } from '../support/databases.ts';
import { secret } from './ask.ts';
import type { VerifierChild, World } from './world.ts';
import { createWorldOn } from './world-on.ts';

const CALLERS = 32;
const RATE = 300;
/** Each start of a process takes its time where the machine is busy. */
const STARTS_MS = 60_000;

forEachDialect((dialect) => {
  let world: World;
  let verifier: VerifierChild;
  let callers: ReturnType<typeof openCallers>;

  beforeAll(async () => {
    world = await createWorldOn(dialect, { VERIFIER_WORKERS: '2' });
    await world.databases.portal.kysely
      .updateTable('plan')
      .set(toPlanLimitColumns(plainLimits(RATE, 86_400, 1_000_000, 'month')))
      .where('slug', '=', 'slow')
      .execute();
    verifier = await world.startVerifier();
    callers = openCallers(CALLERS);
  }, STARTS_MS);
  afterAll(async () => {
    callers.close();
    await world.close();
  });

  async function callUntilRefused(token: string): Promise<Tally> {
    const tally: Tally = { allowed: 0, refused: 0, lost: 0 };
    const isOver = (): boolean => tally.refused >= CALLERS;
    await callUntil(callers, { connections: CALLERS, port: () => verifier.verifierPort, token, isOver }, tally);
    return tally;
  }

  describe('several workers on one machine', { timeout: STARTS_MS }, () => {
    test('no verification that starts after the commit of a revoke is allowed by any of them (A23)', async () => {
      for (let round = 0; round < 8; round += 1) {
        const { keyId, token } = await world.addKey();
        const seen = { allowedBefore: 0, after: 0, violations: 0 };
        let isRevoked = false;
        const traffic = async (): Promise<void> => {
          for (let calls = 0; calls < 10;) {
            const startedAfter = isRevoked;
            const outcome = await callers.ask(verifier.verifierPort, token);
            if (startedAfter) {
              calls += 1;
              seen.after += 1;
              if (outcome !== 'refused') seen.violations += 1;
            } else if (outcome === 'allowed') seen.allowedBefore += 1;
          }
        };
        const running = Promise.all(Array.from({ length: CALLERS }, traffic));
        await expect.poll(() => seen.allowedBefore, { interval: 1 }).toBeGreaterThan(40);
        await world.revoke(keyId);
        isRevoked = true;
        await running;
        expect(seen).toMatchObject({ after: CALLERS * 10, violations: 0 });
      }
    });

    test('let exactly as many calls pass as a rate limit allows', async () => {
      const key = await world.addKey('slow');
      const tally = await callUntilRefused(key.token);
      expect([tally.allowed, tally.lost]).toEqual([RATE, 0]);
    });

    test('count a reported cost once, however many report it at the same moment', async () => {
      const { keyId, token } = await world.addKey();
      const report = { id: 'call-1', keyId, api: 'parcels', cost: 40 };
      const answers = await Promise.all(
        Array.from({ length: 12 }, () =>
          call(verifier.verifierPort, {
            method: 'POST',
            path: '/v1/usage',
            headers: secret,
            body: JSON.stringify(report),
          }),
        ),
      );
      expect(answers.filter((answer) => answer.json().counted === true)).toHaveLength(1);
      const look = await call(verifier.verifierPort, {
        method: 'POST',
        path: '/v1/verify',
        headers: secret,
        body: JSON.stringify({ key: token, api: 'parcels', cost: 0 }),
      });
      expect(look.json()).toMatchObject({ quota: { remaining: 1_000_000_000 - 40 } });
    });

    test('answer for each other: metrics, health, statistics and the state after a kill are those of all', async () => {
      const key = await world.addKey('slow');
      const scrape = async (): Promise<number> => {
        const { text } = await call(verifier.verifierPort, { path: '/metrics', headers: secret });
        return Number(/^gatehouse_verifications_total\{verdict="allowed"\} (\d+)$/m.exec(text)?.[1]);
      };
      const before = await scrape();
      const asked = await Promise.all(Array.from({ length: 200 }, () => callers.ask(verifier.verifierPort, key.token)));
      expect(new Set(asked)).toEqual(new Set(['allowed']));
      expect((await scrape()) - before).toBe(200);
      const health = await call(verifier.verifierPort, { path: '/healthz' });
      expect(health.json()).toMatchObject({ status: 'ok', reasons: [] });
      const parts = () => createUsageReadingStore(world.databases.usage).addresses(key.keyId, 5);
      await expect.poll(async () => (await parts())[0]?.calls).toBe(200);

      await verifier.kill();
      // One thread goes on where two have stood.
      world.environment.VERIFIER_WORKERS = '1';
      verifier = await world.startVerifier();
      expect((await callUntilRefused(key.token)).allowed).toBe(RATE - 200);
    });

    test('do not share a port with a stranger: the start says that it is taken', async () => {
      world.environment.VERIFIER_WORKERS = '2';
      const stranger = createServer();
      await new Promise<void>((resolve) => stranger.listen({ host: '127.0.0.1', port: 0, reusePort: true }, resolve));
      const { port } = stranger.address() as { port: number };
      world.environment.VERIFIER_PORT = String(port);
      await expect(world.startVerifier()).rejects.toThrow('EADDRINUSE');
      stranger.close();
    });
  });
});
