import { Agent, request } from 'node:http';

import { type PlanLimits, plainLimits, toPlanLimitColumns } from '../../src/plans/plan-limits.ts';
import { quotaWindowAt } from '../../src/plans/quota-window.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createUsageStore } from '../../src/usage/usage-store.ts';
import { question } from '../verify/ask.ts';
import type { IssuedKey, PlanName } from '../verify/parcels.ts';
import type { VerifierChild, World } from '../verify/world.ts';

export type Outcome = 'allowed' | 'refused' | 'lost';

/** Asks over kept connections, as gateways do. `lost`: the question was sent, or may have been, and has no answer. */
export function openCallers(connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    ask: (port: number, token: string) =>
      new Promise<Outcome>((resolve) => {
        const outgoing = request(
          { host: '127.0.0.1', port, path: '/verify/nginx', headers: question(token), agent },
          (incoming) => {
            incoming.resume();
            incoming.once('end', () => resolve(incoming.statusCode === 200 ? 'allowed' : 'refused'));
            incoming.once('error', () => resolve('lost'));
          },
        );
        outgoing.once('error', () => resolve('lost'));
        outgoing.end();
      }),
    close: () => agent.destroy(),
  };
}

/** A verifier that a test kills and starts again while callers go on. */
export async function openRestarting(world: World) {
  let child = await world.startVerifier();
  return {
    get port() {
      return child.verifierPort;
    },
    get child(): VerifierChild {
      return child;
    },
    async killAndStart() {
      await child.kill();
      child = await world.startVerifier();
    },
    async start() {
      child = await world.startVerifier();
    },
  };
}

export interface Tally {
  allowed: number;
  refused: number;
  /** Asked, without an answer: each may have been counted. */
  lost: number;
}

/** Calls without a pause until `isOver`. */
export async function callUntil(
  callers: ReturnType<typeof openCallers>,
  {
    connections,
    port,
    token,
    isOver,
  }: { connections: number; port: () => number; token: string; isOver: () => boolean },
  tally: Tally,
): Promise<void> {
  const one = async (): Promise<void> => {
    while (!isOver()) {
      const outcome = await callers.ask(port(), token);
      tally[outcome] += 1;
      // The process is gone: whoever is refused a connection waits for the next one.
      if (outcome === 'lost') await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
}

/** A monthly quota of this plan from now on. */
export async function setQuota(world: World, plan: PlanName, calls: number, hard: boolean): Promise<void> {
  const plain = plainLimits(1_000_000, 1, calls, 'month');
  const limits: PlanLimits = { ...plain, quotas: plain.quotas.map((quota) => ({ ...quota, hard })) };
  await world.databases.portal.kysely
    .updateTable('plan')
    .set(toPlanLimitColumns(limits))
    .where('slug', '=', plan)
    .execute();
}

/** What the database has counted this month. */
export async function countedOf(world: World, { subscriptionId }: IssuedKey): Promise<number> {
  const { startMs } = quotaWindowAt('month', systemClock.nowMs());
  const used = await createUsageStore(world.databases.usage).findQuotaUsed(`${subscriptionId} cost month UTC`, startMs);
  return used ?? 0;
}
