import { parentPort, workerData } from 'node:worker_threads';

import { systemClock } from '../platform/clock.ts';
import { openDatabase } from '../database/database.ts';
import { brokenChecks } from '../platform/health.ts';
import { createLog } from '../platform/log.ts';
import { newId, systemRandom } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type Remote, connectThreads } from '../platform/thread-calls.ts';
import { createCounterJournal } from '../usage/counter-journal.ts';
import { SharedCounts } from '../usage/shared-counts.ts';
import { type UsageRecorder, createUsageRecorder } from '../usage/usage-recorder.ts';
import { type Reporter, createReporter } from './log-reporter.ts';
import { type OwnOperations, serveCalls } from './serve-calls.ts';
import type { MainFunctions, WorkerFunctions, WorkerStart } from './worker-functions.ts';

/**
 * A thread that answers calls. It reads the portal's database itself, journals what it takes of limits itself, and counts
 * in memory that it shares with others; what is to be written to the usage database goes through the main thread.
 */
if (!parentPort) throw new Error('a worker of the verifier is started by the verifier');
const given = workerData as WorkerStart;
const { config } = given;
const reporter = createReporter(createLog('verifier', config.logLevel), systemClock);
const functions: WorkerFunctions = {
  start: async (ports) => (await serving).start(ports),
  stop,
  tell,
  pulse: () => undefined,
};
const { remote } = connectThreads<MainFunctions>(parentPort, functions);
const portal = openDatabase<PortalSchema>({ url: config.databaseUrl, readOnly: true });
let own: OwnOperations | null = null;
const serving = serveCalls({
  config,
  clock: systemClock,
  reporter,
  portal,
  usage: openUsage(given, remote, reporter),
  statisticsStore: {
    add: remote.addStatistics,
    trimAddresses: remote.trimAddresses,
    findEvents: remote.findEvents,
    addEvents: remote.addEvents,
  },
  policyCountStore: { add: remote.addPolicyCounts, removeBefore: remote.removePolicyCounts },
  sharesPorts: true,
  operations: (told) => {
    own = told;
    return { health: remote.health, metrics: { text: remote.metrics } };
  },
});

async function stop(): Promise<void> {
  await (await serving).stop();
  await portal.close();
}

async function tell() {
  const broken = await brokenChecks(own?.checks ?? []);
  return { broken: broken.map(({ reason, isFatal }) => ({ reason, isFatal })), families: own?.families() ?? [] };
}

function openUsage(start: WorkerStart, main: Remote<MainFunctions>, report: Reporter): UsageRecorder {
  const { memory, number, slot, journal: left, recovered } = start;
  const onError = report('the journal of counters cannot be written; calls under hard quotas are refused');
  return createUsageRecorder({
    holdsUpCalls: false,
    store: {
      // A shared count is read by the thread that gives it its place.
      findQuotaUsed: () => undefined,
      add: ({ counts, reports, outdated, journal, bases = [] }) =>
        main.addUsage({ counts, reports, outdated, journal, bases }),
      hasReport: main.isKnownReport,
      removeOld: () => Promise.resolve(),
    },
    clock: systemClock,
    sharing: { counts: new SharedCounts(memory, number), places: { ofQuota: main.ofQuota, ofBucket: main.ofBucket } },
    recovered,
    openJournal: (addAll) => {
      const parts = { folder: config.dataDir, slot, newJournalId: () => newId(systemRandom, 'jnl'), addAll, onError };
      const journal = createCounterJournal(parts, left && { ...left, batches: [] });
      journal.renew();
      return journal;
    },
    onReadError: report('usage could not be read; calls are allowed'),
    onWriteError: report('usage could not be written; the journal keeps it'),
  });
}
