import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema, UsageSchema } from '../../src/database/schema.ts';
import { DAY_MS } from '../../src/usage/time-slots.ts';
import { PASSWORD, createVisitor } from '../pages/visitor.ts';
import { startPortalProcess } from '../support/portal-process.ts';
import { writeCallers, writeSubscribers } from './subscribers.ts';

/**
 * A deprecation that concerns everybody: how long the running portal takes to queue it, how long an owner waits for the
 * page of its impact, and how long readers of another page wait meanwhile, compared with before. `--subscribers` is how
 * many teams with a key each there are, `--days` for how many days each has called daily. The last line is JSON.
 */
const { values } = parseArgs({
  options: { subscribers: { type: 'string', default: '100000' }, days: { type: 'string', default: '90' } },
});
const SUBSCRIBERS = Number(values.subscribers.replaceAll('_', ''));
const DAYS = Number(values.days);
const READS_IDLE = 100;
const ROUNDS = 7;
const MOST_WAIT_MS = 60_000;
const SLUG = `${new Date().toISOString().slice(0, 10)}-everybody-moves`;
const PAGE = '/docs/parcels/v2';

const root = join(import.meta.dirname, '../..');
const content = mkdtempSync(join(tmpdir(), 'gatehouse-notices-bench-'));
cpSync(join(root, 'content'), content, { recursive: true });
const product = await startPortalProcess({ CONTENT_DIR: content });
const portal = openDatabase<PortalSchema>({ url: `sqlite:${join(product.dataDir, 'portal.sqlite')}` });
const usage = openDatabase<UsageSchema>({ url: `sqlite:${join(product.dataDir, 'usage.sqlite')}` });
try {
  await measure();
} finally {
  await portal.close();
  await usage.close();
  await product.stop();
  rmSync(content, { recursive: true });
}

async function measure(): Promise<void> {
  const nowMs = Date.now();
  const owner = createVisitor(product.portalUrl);
  const token = new URL(product.firstOwnerUrl).searchParams.get('token') ?? '';
  await owner.post('/first-owner', { token, email: 'owner@provider.example', password: PASSWORD });
  say(`Writing ${SUBSCRIBERS.toLocaleString('en')} subscribers, ${DAYS} days of calls each ...`);
  await writeSubscribers(portal, SUBSCRIBERS, nowMs);
  await writeCallers(usage, SUBSCRIBERS, DAYS, nowMs);
  const idle = await readPages((reads) => reads < READS_IDLE);

  publish(nowMs);
  let isQueued = false;
  const queuing = timeQueuing().finally(() => {
    isQueued = true;
  });
  const whileQueued = await readPages(() => !isQueued);
  const queuedMs = await queuing;

  const impactMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) impactMs.push(await timeOf(readImpact(owner)));
  let isRead = false;
  const reading = readImpact(owner).finally(() => {
    isRead = true;
  });
  const whileImpact = await readPages(() => !isRead);
  await reading;
  report({ queuedMs, impactMs: percentile(impactMs, 50), idle, whileQueued, whileImpact });
}

function publish(nowMs: number): void {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const sunset = new Date(nowMs + 90 * DAY_MS).toISOString().slice(0, 10);
  const fields = `kind: deprecation\ntitle: Everybody moves\nsummary: Move.\npublished: ${today}\ndeprecated: ${today}\nsunset: ${sunset}`;
  const text = `---\n${fields}\naffects: [{ api: parcels, versions: [v1] }]\n---\nText.\n`;
  writeFileSync(join(content, 'notices', `${SLUG}.md`), text);
}

/** From the moment it is seen to the moment everybody concerned is noted; the portal looks every five seconds. */
async function timeQueuing(): Promise<number> {
  const state = () =>
    portal.kysely
      .selectFrom('notice_publication')
      .select('announced_at_ms')
      .where('notice_slug', '=', SLUG)
      .executeTakeFirst();
  const giveUpMs = performance.now() + MOST_WAIT_MS;
  while (!(await state())) {
    if (performance.now() > giveUpMs) throw new Error('the notice was not seen');
    await sleep(2);
  }
  const startedMs = performance.now();
  while ((await state())?.announced_at_ms === null) await sleep(5);
  return performance.now() - startedMs;
}

async function readImpact(owner: ReturnType<typeof createVisitor>): Promise<void> {
  const page = await owner.get(`/owner/notices/${SLUG}`);
  if (page.status !== 200 || !page.html.includes(SUBSCRIBERS.toLocaleString('en')))
    throw new Error(`the impact page answered ${page.status}`);
}

async function readPages(goesOn: (reads: number) => boolean): Promise<number[]> {
  const times: number[] = [];
  while (goesOn(times.length)) {
    const read = fetch(product.portalUrl + PAGE).then((response) => response.arrayBuffer());
    times.push(await timeOf(read));
    await sleep(5);
  }
  return times;
}

async function timeOf(work: Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work;
  return performance.now() - startedMs;
}

function percentile(times: readonly number[], percent: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}

interface Figures {
  queuedMs: number;
  impactMs: number;
  idle: number[];
  whileQueued: number[];
  whileImpact: number[];
}

function report({ queuedMs, impactMs, idle, whileQueued, whileImpact }: Figures): void {
  const [idleP95, queuedP95, impactP95] = [idle, whileQueued, whileImpact].map((times) => percentile(times, 95));
  const row = (name: string, value = 0): void => say(`${name.padEnd(44)}${value.toFixed(1).padStart(12)}`);
  say('\nms');
  row('everybody noted', queuedMs);
  row('page of the impact, median', impactMs);
  row('another page, p95, idle', idleP95);
  row('another page, p95, while it is queued', queuedP95);
  row('another page, p95, while the impact is read', impactP95);
  const figures = { subscribers: SUBSCRIBERS, days: DAYS, queuedMs, impactMs, idleP95, queuedP95, impactP95 };
  const rounded = Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Math.round((value ?? 0) * 10) / 10]),
  );
  const ratio = Math.round(((queuedP95 ?? 0) / Math.max(idleP95 ?? 0, 0.1)) * 100) / 100;
  say(`\n${JSON.stringify({ ...rounded, ratio })}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
