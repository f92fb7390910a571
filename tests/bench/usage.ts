import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { type Database, openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import { createApiUsageStore } from '../../src/usage/api-usage-store.ts';
import { readApplicationUsage } from '../../src/usage/read-application-usage.ts';
import { readUsageReport } from '../../src/usage/read-usage-report.ts';
import { createStatisticsStore } from '../../src/usage/statistics-store.ts';
import { DAY_MS } from '../../src/usage/time-slots.ts';
import { createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { createUsageStore } from '../../src/usage/usage-store.ts';
import { acceptEvents } from '../../src/verify/accept-events.ts';
import { buildRouteTable } from '../../src/verify/route-table.ts';
import { type History, writeDays, writeMonths } from './usage-history.ts';

/**
 * How long pages wait for statistics with a short and with a long history, and how fast events of access logs are
 * counted into it. `--calls` is how many calls the history holds, 100 million unless said otherwise. The last line is JSON.
 */
const { values } = parseArgs({ options: { calls: { type: 'string', default: '100000000' } } });
const CALLS = Number(values.calls.replaceAll('_', ''));
const [SHORT_DAYS, LONG_DAYS] = [40, 400];
const PER_APPLICATION: Omit<History, 'applications'> = { keys: 4, operations: 10, callsPerDay: 16 };
const CALLS_PER_APPLICATION = 4 * 10 * 16 * LONG_DAYS;
const ROUNDS = 15;
const EVENT_BATCHES = 20;
const EVENTS_PER_BATCH = 5000;

const NOW_MS = Date.UTC(2026, 10, 25, 20, 30);
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-usage-bench-'));
const path = join(folder, 'usage.sqlite');
const database = openDatabase<UsageSchema>({ url: `sqlite:${path}`, synchronous: 'NORMAL' });
try {
  await migrate(database as Database<unknown>, join(import.meta.dirname, '../../db/migrations/usage'), NOW_MS);
  await measure({ ...PER_APPLICATION, applications: Math.max(2, Math.round(CALLS / CALLS_PER_APPLICATION)) });
} finally {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(history: History): Promise<void> {
  await writeMonths(database, history, NOW_MS);
  say(`Writing ${SHORT_DAYS} days of ${history.applications.toLocaleString('en')} applications ...`);
  let calls = await writeDays(database, history, 0, SHORT_DAYS, NOW_MS);
  const short = await timePages();
  say(`Writing the ${LONG_DAYS - SHORT_DAYS} days before ...`);
  calls += await writeDays(database, history, SHORT_DAYS, LONG_DAYS, NOW_MS);
  const long = await timePages();
  const impactMs = await median(5, callersOfApi);
  const eventsPerSecond = await timeEvents();
  const megabytes = Math.round(statSync(path).size / 1_000_000);
  say(`\n${calls.toLocaleString('en')} calls, ${megabytes.toLocaleString('en')} MB\n`);
  say(`${'median ms'.padEnd(26)}${`${SHORT_DAYS} days`.padStart(12)}${`${LONG_DAYS} days`.padStart(12)}`);
  for (const name of Object.keys(short) as (keyof typeof short)[])
    say(`${name.padEnd(26)}${short[name].toFixed(2).padStart(12)}${long[name].toFixed(2).padStart(12)}`);
  say(`${'callers of an API, 7 days'.padEnd(26)}${''.padStart(12)}${impactMs.toFixed(2).padStart(12)}`);
  say(`\nevents counted per second: ${Math.round(eventsPerSecond).toLocaleString('en')}\n`);
  const ratio = Number((long.applicationPage / short.applicationPage).toFixed(2));
  say(JSON.stringify({ calls, ratio, short, long, impactMs, eventsPerSecond: Math.round(eventsPerSecond) }));
}

async function timePages() {
  const reading = createUsageReadingStore(database);
  const deps = { reading, quotas: createUsageStore(database) };
  const scope = { of: 'application', applicationId: 'app_000001' } as const;
  const page = { applicationId: scope.applicationId, subscriptions: [], days: 1 };
  return {
    applicationPage: await median(ROUNDS, () => readApplicationUsage(deps, page, NOW_MS)),
    usagePage24h: await median(ROUNDS, () => readUsageReport(reading, scope, '24h', NOW_MS)),
    usagePage30d: await median(ROUNDS, () => readUsageReport(reading, scope, '30d', NOW_MS)),
    usagePage90d: await median(ROUNDS, () => readUsageReport(reading, scope, '90d', NOW_MS)),
    usagePage13m: await median(ROUNDS, () => readUsageReport(reading, scope, '13m', NOW_MS)),
  };
}

/** What the impact page of a notice asks: who called one operation this week, over all applications. */
function callersOfApi() {
  const weekStartMs = NOW_MS - 7 * DAY_MS;
  const part = { apiSlug: 'parcels', versions: ['v2'], operations: ['operation003'] };
  return createApiUsageStore(database).callsByKey({
    ...part,
    ...{ sinceMs: weekStartMs, untilMs: NOW_MS, weekStartMs, applicationIds: null },
  });
}

async function timeEvents(): Promise<number> {
  const operations = Array.from({ length: 10 }, (_, index) => ({
    ...{ operationId: `operation${String(index).padStart(3, '0')}`, method: 'GET', path: `/o${index}` },
    ...{ scopes: [], cost: 1 },
  }));
  const version = { api: 'parcels', version: 'v2', retired: false, deprecation: null, upstreamUrl: '', operations };
  const routes = buildRouteTable([version]);
  const deps = {
    statistics: createStatisticsStore(database),
    owners: {
      applicationsOf: (ids: readonly string[]) =>
        Promise.resolve(new Map(ids.map((id) => [id, `app_${id.slice(4, 10)}`]))),
    },
    routes: () => routes,
  };
  const startedMs = performance.now();
  for (let batch = 0; batch < EVENT_BATCHES; batch += 1) {
    const result = await acceptEvents(deps, { batchId: `bench-${batch}`, body: eventsOf(batch) }, NOW_MS);
    if (!result.ok || result.result.accepted !== EVENTS_PER_BATCH) throw new Error(JSON.stringify(result));
  }
  return (EVENT_BATCHES * EVENTS_PER_BATCH * 1000) / (performance.now() - startedMs);
}

/** Lines of two hundred keys, as a busy gateway writes them in a few seconds. */
function eventsOf(batch: number): string {
  return Array.from({ length: EVENTS_PER_BATCH }, (_, index) => {
    const keyId = `key_${String(index % 50).padStart(6, '0')}_00${(index + batch) % 4}`;
    const operationId = `operation00${(index * 7) % 10}`;
    const event = { time: NOW_MS / 1000 - 60, keyId, api: 'parcels', version: 'v2', operationId };
    return `${JSON.stringify({ ...event, status: 200, latencySeconds: 0.021 })}\n`;
  }).join('');
}

async function median(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    await work();
    times.push(performance.now() - startedMs);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
