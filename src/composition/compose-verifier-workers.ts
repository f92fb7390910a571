import { createServer } from 'node:net';

import { systemClock } from '../platform/clock.ts';
import type { Config } from '../settings/config.ts';
import { lockFile } from '../database/database.ts';
import { type HealthCheck, healthOf } from '../platform/health.ts';
import type { Log } from '../platform/log.ts';
import { createMetrics, single } from '../platform/metrics.ts';
import { PULSE } from '../platform/pulse.ts';
import { sumFamilies } from '../platform/sum-metrics.ts';
import { version } from '../platform/version.ts';
import { createPolicyCountStore } from '../policies/policy-count-store.ts';
import { startUsageRemoval } from '../usage/remove-old-usage.ts';
import { type SharedUsage, openSharedUsage } from '../usage/open-shared-usage.ts';
import { createStatisticsStore } from '../usage/statistics-store.ts';
import { createUsageRetentionStore } from '../usage/usage-retention-store.ts';
import { createUsageStore } from '../usage/usage-store.ts';
import { listen } from '../verify/http-server.ts';
import { type Databases, openCheckedDatabases } from './databases.ts';
import { createReporter } from './log-reporter.ts';
import type { VerifierPorts, VerifierProcess } from './serve-calls.ts';
import type { MainFunctions, WorkerReport } from './worker-functions.ts';
import { type WorkerSeat, createWorkerSeat } from './worker-seat.ts';

/** The verifier in several threads, which count together and listen on the same ports. */
export interface VerifierWorkers extends VerifierProcess {
  /** Ends a thread at once, as a fault in it would. @param index from 0 */
  terminate(index: number): Promise<void>;
}

/** The main thread answers no call: it writes to the usage database, gives counters their places and watches the others. */
export async function composeVerifierWorkers(config: Config, log: Log, pulse = PULSE): Promise<VerifierWorkers> {
  const databases = await openCheckedDatabases(config);
  const reporter = createReporter(log, systemClock);
  const usage = await openSharedUsage({
    store: createUsageStore(databases.usage),
    clock: systemClock,
    folder: config.dataDir,
    lockFile,
    workers: config.verifierWorkers,
    onWriteError: reporter('usage could not be written; the journals keep it'),
  });
  const seats: WorkerSeat[] = [];
  const tellAll = (): Promise<(WorkerReport | null)[]> => Promise.all(seats.map((seat) => seat.tell()));
  const functions = mainFunctions(databases, usage, tellAll);
  for (const { number, slot } of usage.workers) {
    const prepare = async () => ({ config, number, memory: usage.memory, slot, ...(await usage.recover(number)) });
    const own = { ...functions, isKnownReport: (id: string) => usage.desk.isKnownReport(id, number) };
    const held = { release: () => usage.release(number), isWaiting: () => usage.isWaiting(number) };
    seats.push(
      createWorkerSeat({ number, log, functions: own, nowMs: () => systemClock.nowMs(), prepare, ...held, pulse }),
    );
  }
  let removal: ReturnType<typeof startUsageRemoval> | null = null;

  async function stop(): Promise<void> {
    await Promise.all(seats.map((seat) => seat.stop()));
    usage.close();
    await removal?.stop();
    await databases.close();
  }

  return {
    async start() {
      const ports = await freePorts(config);
      try {
        await Promise.all(seats.map((seat) => seat.start(ports)));
      } catch (error) {
        await stop();
        throw error;
      }
      usage.start();
      removal = startUsageRemoval({
        store: createUsageRetentionStore(databases.usage),
        keptDays: config.usageKeptDays,
        clock: systemClock,
        onError: reporter('old statistics could not be removed'),
      });
      return ports;
    },
    stop,
    terminate: (index) => seats[index]?.terminate() ?? Promise.resolve(),
  };
}

function mainFunctions(
  databases: Databases,
  usage: SharedUsage,
  tellAll: () => Promise<(WorkerReport | null)[]>,
): Omit<MainFunctions, 'isKnownReport'> {
  const statistics = createStatisticsStore(databases.usage);
  const policyCounts = createPolicyCountStore(databases.usage);
  const metrics = createMetrics([
    async () => {
      const reports = (await tellAll()).flatMap((told) => told ?? []);
      const running = single('gauge', 'gatehouse_verifier_workers', 'Threads that answer calls.', reports.length);
      return [...sumFamilies(reports.map(({ families }) => families)), running];
    },
  ]);
  return {
    ofQuota: (counter, windowStartMs, windowEndMs) => usage.places.ofQuota(counter, windowStartMs, windowEndMs),
    ofBucket: (name) => usage.places.ofBucket(name),
    addUsage: (batch) => usage.desk.add(batch),
    addStatistics: (batch) => statistics.add(batch),
    trimAddresses: (keyId, kept) => statistics.trimAddresses(keyId, kept),
    findEvents: (id) => statistics.findEvents(id),
    addEvents: (batch, counts, nowMs) => statistics.addEvents(batch, counts, nowMs),
    addPolicyCounts: (batch) => policyCounts.add(batch),
    removePolicyCounts: (startMs) => policyCounts.removeBefore(startMs),
    async health() {
      const reports = await tellAll();
      const missing: Omit<HealthCheck, 'isFine'>[] = reports.includes(null)
        ? [{ reason: 'workers_missing', isFatal: false }]
        : [];
      const broken = reports.flatMap((told) => told?.broken ?? []);
      return healthOf([...broken, ...missing], { version, schema: databases.schema });
    },
    metrics: () => metrics.text(),
  };
}

/**
 * Takes both ports for a moment, alone: workers share theirs, and the system would let them share it with a stranger too.
 * @throws when somebody else has one of them
 */
async function freePorts({ verifierHost, verifierPort, gatewayHost, gatewayPort }: Config): Promise<VerifierPorts> {
  const servers = [createServer(), createServer()] as const;
  try {
    return {
      verifierPort: await listen(servers[0], verifierHost, verifierPort),
      gatewayPort: await listen(servers[1], gatewayHost, gatewayPort),
    };
  } finally {
    for (const server of servers) if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}
