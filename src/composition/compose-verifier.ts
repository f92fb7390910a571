import { type Clock, systemClock } from '../platform/clock.ts';
import type { Config } from '../settings/config.ts';
import { lockFile } from '../database/database.ts';
import { readHealth } from '../platform/health.ts';
import type { Log } from '../platform/log.ts';
import { createMetrics } from '../platform/metrics.ts';
import { newId, systemRandom } from '../platform/random.ts';
import { version } from '../platform/version.ts';
import { createPolicyCountStore } from '../policies/policy-count-store.ts';
import { openUsageRecorder } from '../usage/open-usage-recorder.ts';
import { startUsageRemoval } from '../usage/remove-old-usage.ts';
import { createStatisticsStore } from '../usage/statistics-store.ts';
import { createUsageRetentionStore } from '../usage/usage-retention-store.ts';
import { createUsageStore } from '../usage/usage-store.ts';
import { composeVerifierWorkers } from './compose-verifier-workers.ts';
import { openCheckedDatabases } from './databases.ts';
import { createReporter } from './log-reporter.ts';
import { type VerifierProcess, serveCalls } from './serve-calls.ts';

/** @throws with one clear line when a database is missing, has not been migrated, or is newer than this program */
export function composeVerifier(config: Config, log: Log, clock: Clock = systemClock): Promise<VerifierProcess> {
  return config.verifierWorkers > 1 ? composeVerifierWorkers(config, log) : composeOneVerifier(config, log, clock);
}

/** All in one thread: counters need no lock there. */
async function composeOneVerifier(config: Config, log: Log, clock: Clock): Promise<VerifierProcess> {
  const databases = await openCheckedDatabases(config);
  const reporter = createReporter(log, clock);
  const usage = await openUsageRecorder({
    store: createUsageStore(databases.usage),
    clock,
    holdsUpCalls: databases.usage.dialect === 'sqlite',
    folder: config.dataDir,
    lockFile,
    newJournalId: () => newId(systemRandom, 'jnl'),
    onReadError: reporter('usage could not be read; calls are allowed'),
    onWriteError: reporter('usage could not be written; the journal keeps it'),
    onJournalError: reporter('the journal of counters cannot be written; calls under hard quotas are refused'),
  });
  const calls = await serveCalls({
    config,
    clock,
    reporter,
    portal: databases.portal,
    usage,
    statisticsStore: createStatisticsStore(databases.usage),
    policyCountStore: createPolicyCountStore(databases.usage),
    sharesPorts: false,
    operations: ({ checks, families }) => ({
      health: () => readHealth(checks, { version, schema: databases.schema }),
      metrics: createMetrics([families]),
    }),
  });
  let removal: ReturnType<typeof startUsageRemoval> | null = null;
  return {
    async start() {
      const ports = await calls.start(config);
      removal = startUsageRemoval({
        store: createUsageRetentionStore(databases.usage),
        keptDays: config.usageKeptDays,
        clock,
        onError: reporter('old statistics could not be removed'),
      });
      return ports;
    },
    async stop() {
      await calls.stop();
      await removal?.stop();
      await databases.close();
    },
  };
}
