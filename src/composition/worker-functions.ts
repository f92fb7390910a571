import type { Config } from '../settings/config.ts';
import type { HealthCheck } from '../platform/health.ts';
import type { MetricFamily } from '../platform/metrics.ts';
import type { PolicyCountStore } from '../policies/policy-count-store.ts';
import type { FoundJournal } from '../usage/counter-journal.ts';
import type { JournalEntry } from '../usage/journal-format.ts';
import type { Places } from '../usage/shared-counts.ts';
import type { StatisticsStore } from '../usage/statistics-store.ts';
import type { SentBatch } from '../usage/usage-desk.ts';
import type { QuotaTotal } from '../usage/usage-store.ts';
import type { Health } from '../platform/health.ts';
import type { VerifierPorts } from './serve-calls.ts';

/** What a worker is given when it starts. */
export interface WorkerStart {
  config: Config;
  /** Above 0: its name in locks. */
  number: number;
  memory: SharedArrayBuffer;
  /** Its journal in the folder. */
  slot: number;
  journal: Omit<FoundJournal, 'batches'> | null;
  /** What journals held that the database does not have. */
  recovered: readonly JournalEntry[];
}

/** What workers may ask of the main thread, the only one that writes to the usage database. */
export interface MainFunctions {
  ofQuota: Places['ofQuota'];
  ofBucket: Places['ofBucket'];
  addUsage: (batch: SentBatch) => Promise<readonly QuotaTotal[]>;
  isKnownReport: (id: string) => Promise<boolean>;
  addStatistics: StatisticsStore['add'];
  trimAddresses: StatisticsStore['trimAddresses'];
  findEvents: StatisticsStore['findEvents'];
  addEvents: StatisticsStore['addEvents'];
  addPolicyCounts: PolicyCountStore['add'];
  removePolicyCounts: PolicyCountStore['removeBefore'];
  /** Of the whole process. */
  health: () => Promise<Health>;
  metrics: () => Promise<string>;
}

/** What the main thread may ask of a worker. */
export interface WorkerFunctions {
  start: (ports: VerifierPorts) => Promise<VerifierPorts>;
  stop: () => Promise<void>;
  tell: () => Promise<WorkerReport>;
  /** Answered at once, unless it hangs. */
  pulse: () => void;
}

export interface WorkerReport {
  /** What is broken. */
  broken: readonly Omit<HealthCheck, 'isFine'>[];
  families: readonly MetricFamily[];
}
