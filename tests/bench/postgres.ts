import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { sql } from 'kysely';
import pg from 'pg';

import { openDatabase } from '../../src/database/database.ts';
import { monotonicMs } from '../../src/platform/clock.ts';
import { startPostgres } from '../support/postgres.ts';
import { type Portal, type Round, end, load, seedPortal, startVerifier, summarise } from './verify-load.ts';

/**
 * How many verifications one verifier process answers over PostgreSQL, and two at once over the same one, as two machines
 * would; beside them, how many rows of keys one process can read there at all, one for each call. Each answer of a
 * verifier rests on a question to the database, too: it may be no older than the last change of a key. At the end the
 * calls that passed are compared with what was counted: no fewer, and no more than a load generator leaves unread at its end.
 * The server keeps nothing on disk (`fsync=off`) and is asked through its socket. The last line is JSON.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '5' }, rounds: { type: 'string', default: '5' } },
});
const [SECONDS, ROUNDS] = [Number(values.seconds), Number(values.rounds)];
const CONNECTIONS = 64;
const KEYS = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
// PostgreSQL's own user must find its folder in it.
chmodSync(folder, 0o711);
const server = await startPostgres(join(folder, 'postgres'));
if (!server) throw new Error('the benchmark needs PostgreSQL: apt-get install postgresql');
try {
  await createDatabase('verify');
  say(`Writing ${KEYS} keys ...`);
  const portal = await seedPortal(KEYS, 500, { DATABASE_URL: server.url('verify') });
  // As the server does by itself, a minute later.
  await sql`analyze`.execute(portal.world.databases.portal.kysely);
  const first = await startVerifier(portal);
  const second = await startVerifier(portal);
  const rounds: Record<'rows' | 'one' | 'two', Round[]> = { rows: [], one: [], two: [] };
  let passed = 0;
  const ask = async (asked: typeof first, connections: number, seconds = SECONDS): Promise<Round> => {
    const round = await load(asked, portal, { seconds, connections });
    passed += round.requests - round.failed;
    return round;
  };
  await Promise.all([ask(first, CONNECTIONS / 2, 2), ask(second, CONNECTIONS / 2, 2)]);
  for (let round = 1; round <= ROUNDS; round += 1) {
    rounds.rows.push(await readRows(server.url('verify')));
    rounds.one.push(await ask(first, CONNECTIONS));
    rounds.two.push(together(await Promise.all([ask(first, CONNECTIONS / 2), ask(second, CONNECTIONS / 2)])));
    say(`Round ${round} of ${ROUNDS}`);
  }
  await Promise.all([end(first), end(second)]);
  const counted = await countedIn(portal);
  await portal.world.close();
  const [rows, one, two] = [summarise(rounds.rows), summarise(rounds.one), summarise(rounds.two)];
  say('');
  for (const [name, { rps, p50, p99, failed }] of Object.entries({ 'rows read': rows, 'one verifier': one, two }))
    say(
      `${name.padEnd(14)}${String(rps).padStart(8)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  ${failed} failed`,
    );
  say(`${passed} calls passed, ${counted} were counted`);
  const mostUnread = CONNECTIONS * (2 * ROUNDS + 1);
  const isExact = counted >= passed && counted <= passed + mostUnread;
  const ratios = { toRows: rounded(one.rps / rows.rps), gain: rounded(two.rps / one.rps), isExact };
  say(JSON.stringify({ bench: 'postgres', ...ratios, rows, one, two }));
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function createDatabase(name: string): Promise<void> {
  const database = openDatabase<unknown>({ url: server?.url('postgres') ?? '' });
  await sql`create database ${sql.id(name)}`.execute(database.kysely);
  await database.close();
}

/** The least that a call needs: one row by its key, with as many connections as a verifier has. */
async function readRows(url: string): Promise<Round> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const { rows } = await pool.query<{ token_hash: Buffer }>('select token_hash from api_key limit 500');
  const times: number[] = [];
  const untilMs = monotonicMs() + SECONDS * 1000;
  const caller = async (start: number): Promise<void> => {
    for (let index = start; monotonicMs() < untilMs; index += 1) {
      const startedMs = monotonicMs();
      const text = 'select id, environment, allowlist from api_key where token_hash = $1';
      await pool.query({ name: 'row', text, values: [rows[index % rows.length]?.token_hash] });
      times.push(monotonicMs() - startedMs);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => caller(index)));
  await pool.end();
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
  return {
    requests: times.length,
    failed: 0,
    seconds: SECONDS,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuMicroseconds: null,
  };
}

/** Two loads at once as one: the slower of their times. */
function together([first, second]: [Round, Round]): Round {
  return {
    requests: first.requests + second.requests,
    failed: first.failed + second.failed,
    seconds: Math.max(first.seconds, second.seconds),
    p50Ms: Math.max(first.p50Ms, second.p50Ms),
    p99Ms: Math.max(first.p99Ms, second.p99Ms),
    cpuMicroseconds: null,
  };
}

async function countedIn({ world }: Portal): Promise<number> {
  const rows = await world.databases.usage.kysely.selectFrom('quota_count').select('used').execute();
  return rows.reduce((sum, { used }) => sum + used, 0);
}

function rounded(ratio: number): number {
  return Number(ratio.toFixed(2));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
