import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { profileTable } from './profile-table.ts';
import {
  type Asked,
  type Portal,
  type Result,
  type Round,
  end,
  load,
  restartMs,
  seedPortal,
  startBare,
  startVerifier,
  summarise,
} from './verify-load.ts';

/**
 * How many verifications one process answers, each with an allowlist, a rate limit and a quota:
 * - over 100,000 keys, beside a bare node:http server that answers a constant, with a profile of where the time goes, and
 *   how long it takes until a killed one is there again;
 * - with one worker and with two, which count together;
 * - over 10,000 connections, of which none may fail;
 * - over 1,000,000 keys beside 10,000 keys, with the same number of callers.
 * What is compared is asked in turn, by the same load generator on the same machine, so that ratios hold where absolute
 * numbers do not. The last line is JSON. For a trial:
 * `npm run bench:verify -- --seconds 1 --rounds 1 --keys 5000 --connections 500 --many-keys 20000 --few-keys 10000`
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: process.env.BENCH_SECONDS ?? '5' },
    rounds: { type: 'string', default: '5' },
    keys: { type: 'string', default: '100000' },
    connections: { type: 'string', default: '10000' },
    'few-keys': { type: 'string', default: '10000' },
    'many-keys': { type: 'string', default: '1000000' },
  },
});
const SECONDS = Number(values.seconds);
const ROUNDS = Number(values.rounds);
const USUAL = { seconds: SECONDS, connections: 64, threads: 1 };
/** Of which each has another application among 10,000 keys. */
const CALLERS = 500;

const beside = await besideBare(Number(values.keys));
const workers = await overWorkers(Number(values['few-keys']));
const crowd = await overConnections(Number(values.connections));
const size = await overKeys(Number(values['few-keys']), Number(values['many-keys']));
say(
  `\n${JSON.stringify({ ratio: beside.ratio, cpuRatio: beside.cpuRatio, restartMs: beside.restartMs, workers, connections: crowd, keys: size, ...beside.results })}`,
);

async function besideBare(keys: number) {
  say(`Writing ${number(keys)} keys ...`);
  const portal = await seedPortal(keys);
  const [bare, verifier] = [await startBare(), await startVerifier(portal)];
  const results = await compare({ bare: [bare, portal], verifier: [verifier, portal] });
  const { restarted, ms } = await restartMs(verifier, portal);
  await Promise.all([end(bare), end(restarted)]);
  table(results, `${number(keys)} keys, ${USUAL.connections} connections, ${ROUNDS} rounds of ${SECONDS} s each`);
  say(`\nAfter kill -9 the next verifier lets the first call pass ${number(ms)} ms after it was started`);
  await printProfile(portal);
  await portal.world.close();
  const ratio = rounded(results.verifier.rps / results.bare.rps);
  return { ratio, cpuRatio: cpuRatio(results.bare, results.verifier), restartMs: ms, results };
}

/** The load generator gets a second thread too: it must not be what is measured. */
async function overWorkers(keys: number) {
  const portals = [await seedPortal(keys), await seedPortal(keys)] as const;
  const [one, two] = [await startVerifier(portals[0]), await startVerifier(portals[1], { workers: 2 })];
  const results = await compare({ one: [one, portals[0]], two: [two, portals[1]] }, { ...USUAL, threads: 2 });
  await Promise.all([end(one), end(two)]);
  await Promise.all(portals.map((portal) => portal.world.close()));
  table(results, `One worker and two, ${number(keys)} keys, ${USUAL.connections} connections`);
  return { gain: rounded(results.two.rps / results.one.rps), cpuCost: cpuRatio(results.two, results.one) };
}

/** In a process of its own: being profiled costs time. */
async function printProfile(portal: Portal): Promise<void> {
  const folder = portal.world.config.dataDir;
  const name = 'verifier.cpuprofile';
  const profiled = await startVerifier(portal, {
    options: ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}`],
  });
  await load(profiled, portal, { ...USUAL, seconds: SECONDS + 2 });
  await end(profiled);
  say('\nWhere the time of the verifier goes\n');
  for (const [category, share] of profileTable(join(folder, name), SECONDS))
    say(`${category.padEnd(36)}${(share * 100).toFixed(1).padStart(6)} %`);
}

/** Nothing may fail, however long it takes; a gateway keeps its connections open. */
async function overConnections(connections: number) {
  const most = Number(execFileSync('sh', ['-c', 'ulimit -n']).toString());
  if (most < connections + 100) throw new Error(`needs ${connections + 100} open files: ulimit -n says ${most}`);
  const portal = await seedPortal(1_000);
  const [bare, verifier] = [await startBare(), await startVerifier(portal)];
  const all = { seconds: Math.max(10, SECONDS), connections };
  await load(verifier, portal, USUAL);
  const results = {
    bare: summarise([await load(bare, portal, all)]),
    verifier: summarise([await load(verifier, portal, all)]),
  };
  await Promise.all([end(bare), end(verifier)]);
  await portal.world.close();
  table(results, `${number(connections)} connections`);
  return { connections, ...results.verifier };
}

async function overKeys(few: number, many: number) {
  say(`\nWriting ${number(few)} and ${number(many)} keys ...`);
  const [small, large] = [await seedPortal(few, CALLERS), await seedPortal(many, CALLERS)];
  const [overFew, overMany] = [await startVerifier(small), await startVerifier(large)];
  const results = await compare({ few: [overFew, small], many: [overMany, large] });
  await Promise.all([end(overFew), end(overMany)]);
  await Promise.all([small.world.close(), large.world.close()]);
  table(results, `${number(few)} keys and ${number(many)} keys, ${CALLERS} callers`);
  const cost = rounded(results.few.rps / results.many.rps);
  return { few, many, cost, cpuCost: cpuRatio(results.many, results.few) };
}

async function compare<Name extends string>(
  asked: Record<Name, [Asked, Portal]>,
  usual = USUAL,
): Promise<Record<Name, Result>> {
  const entries = Object.entries<[Asked, Portal]>(asked);
  const rounds = new Map<string, Round[]>();
  for (const [, [server, portal]] of entries) await load(server, portal, { ...usual, seconds: 3 });
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const [name, [server, portal]] of entries) {
      const seen = await load(server, portal, usual);
      if (seen.failed > 0) throw new Error(`${seen.failed} verifications were not answered with 200`);
      rounds.set(name, [...(rounds.get(name) ?? []), seen]);
    }
    say(`Round ${round} of ${ROUNDS}`);
  }
  return Object.fromEntries(entries.map(([name]) => [name, summarise(rounds.get(name) ?? [])])) as Record<Name, Result>;
}

function table(results: Readonly<Record<string, Result>>, title: string): void {
  const columns = ['requests/s', 'p50 ms', 'p99 ms', 'µs of CPU', 'failed'];
  say(`\n${title}\n\n${''.padEnd(12)}${columns.map((column) => column.padStart(12)).join('')}`);
  for (const [name, { rps, p50, p99, cpu, failed }] of Object.entries(results)) {
    const cells = [number(rps), p50.toFixed(2), p99.toFixed(2), cpu?.toFixed(1) ?? '?', number(failed)];
    say(`${name.padEnd(12)}${cells.map((cell) => cell.padStart(12)).join('')}`);
  }
}

/** How much less processor time an answer of `one` takes than one of `other`. */
function cpuRatio(one: Result, other: Result): number | null {
  return one.cpu === null || other.cpu === null ? null : rounded(one.cpu / other.cpu);
}

function rounded(ratio: number): number {
  return Number(ratio.toFixed(3));
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
