import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { seedExample } from '../../db/seed/example.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { findProgram } from '../support/programs.ts';
import { GATEWAY_SECRET, NOW_MS, type World, createWorld } from '../verify/world.ts';

/**
 * How many verifications per second one process answers over 100,000 keys, beside a bare node:http server that answers
 * a constant. Both are asked in turn by the same load generator on the same machine, so that the ratio holds where the
 * absolute numbers do not. The last line is JSON.
 */
const KEYS = 100_000;
const ROUNDS = 5;
const CONNECTIONS = 64;
const SECONDS = Number(process.env.BENCH_SECONDS ?? '5');

interface Round {
  requests: number;
  failed: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

interface Result {
  rps: number;
  p50: number;
  p99: number;
}

const wrk = findProgram('wrk');
if (wrk === null) throw new Error('the benchmark needs wrk: apt-get install wrk');
const run = promisify(execFile);

say(`Writing ${KEYS.toLocaleString('en')} keys ...`);
const world = await createWorld();
try {
  await measure(world, wrk);
} finally {
  await world.close();
}

async function measure(from: World, program: string): Promise<void> {
  const { config, databases } = from;
  const { keyPepper: pepper, keyPrefix: prefix } = config;
  const seed = await seedExample(databases.portal, { keys: KEYS, pepper, prefix, nowMs: NOW_MS, random: systemRandom });
  const tokens = join(config.dataDir, 'tokens.txt');
  writeFileSync(tokens, `${seed.tokens.join('\n')}\n`);

  const verifier = await from.startVerifier();
  const bare = fork(join(import.meta.dirname, 'bare-server.ts'));
  const [{ port: barePort }] = (await once(bare, 'message')) as [{ port: number }];
  const load = async (port: number, seconds: number): Promise<Round> => {
    const script = join(import.meta.dirname, 'wrk.lua');
    const words = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, `http://127.0.0.1:${port}`];
    const { stdout } = await run(program, words, { env: { TOKENS: tokens, GATEWAY_SECRET } });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Round;
  };

  const rounds: { verifier: Round[]; bare: Round[] } = { verifier: [], bare: [] };
  await load(verifier.verifierPort, 2);
  await load(barePort, 2);
  for (let round = 1; round <= ROUNDS; round += 1) {
    rounds.bare.push(await load(barePort, SECONDS));
    rounds.verifier.push(await load(verifier.verifierPort, SECONDS));
    say(`Round ${round} of ${ROUNDS}`);
  }
  bare.disconnect();
  const failed = rounds.verifier.reduce((sum, round) => sum + round.failed, 0);
  if (failed > 0) throw new Error(`${failed} verifications were not answered with 200`);
  report(summarise(rounds.verifier), summarise(rounds.bare));
}

/** Medians: a round that the machine disturbed does not decide. */
function summarise(rounds: readonly Round[]): Result {
  return {
    rps: Math.round(median(rounds.map((round) => round.requests / round.seconds))),
    p50: median(rounds.map((round) => round.p50Ms)),
    p99: median(rounds.map((round) => round.p99Ms)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function report(verifier: Result, bare: Result): void {
  const row = (name: string, { rps, p50, p99 }: Result): string =>
    `${name.padEnd(18)}${rps.toLocaleString('en').padStart(12)}${p50.toFixed(2).padStart(10)}${p99.toFixed(2).padStart(10)}`;
  say(`\n${''.padEnd(18)}${'requests/s'.padStart(12)}${'p50 ms'.padStart(10)}${'p99 ms'.padStart(10)}`);
  say(row('verifier', verifier));
  say(row('bare node:http', bare));
  say(`\n${KEYS.toLocaleString('en')} keys, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s each\n`);
  say(JSON.stringify({ ratio: Number((verifier.rps / bare.rps).toFixed(3)), verifier, bare }));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
