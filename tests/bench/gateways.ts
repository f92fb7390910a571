import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type GatewayPorts, type GatewayProgram, startCaddy, startNginx } from '../gateways/programs.ts';
import { findProgram } from '../support/programs.ts';
import { createWorld } from '../verify/world.ts';
import { startBareCaddy, startBareNginx } from './bare-gateways.ts';

/**
 * What asking the verifier adds to a call through nginx and through Caddy: each with the files of its guide and beside
 * it the same program asking nobody, in front of the same service, asked in turn. The last line is JSON.
 */
const KEYS = Number(process.env.BENCH_KEYS ?? '1000');
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? '5');
const SECONDS = Number(process.env.BENCH_SECONDS ?? '5');
/** Few: this is about the time of one call, not about how many there can be. */
const CONNECTIONS = 8;

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

type Start = (folder: string, ports: GatewayPorts) => Promise<GatewayProgram>;

const gateways: [name: string, asking: Start, bare: Start][] = [
  ['nginx', startNginx, startBareNginx],
  ['caddy', startCaddy, startBareCaddy],
];

const wrk = findProgram('wrk');
if (wrk === null) throw new Error('the benchmark needs wrk: apt-get install wrk');
const run = promisify(execFile);

const world = await createWorld();
const upstream = fork(join(import.meta.dirname, 'bare-server.ts'));
const programs: GatewayProgram[] = [];
try {
  say(`Writing ${KEYS.toLocaleString('en')} keys ...`);
  const tokens = join(world.config.dataDir, 'tokens.txt');
  const keys: string[] = [];
  for (let count = 0; count < KEYS; count += 1) keys.push((await world.addKey()).token);
  writeFileSync(tokens, `${keys.join('\n')}\n`);
  const [{ port: upstreamPort }] = (await once(upstream, 'message')) as [{ port: number }];
  const { verifierPort } = await world.startVerifier();
  const found: Record<string, { asking: Result; bare: Result; addedP50Ms: number; addedP99Ms: number }> = {};
  for (const [name, startAsking, startBare] of gateways) {
    const [asking, bare] = [
      await startAsking(world.config.dataDir, { verifierPort, upstreamPort }),
      await startBare(world.config.dataDir, { verifierPort, upstreamPort }),
    ];
    programs.push(asking, bare);
    const result = await compare(name, asking, bare, tokens);
    found[name] = {
      ...result,
      addedP50Ms: rounded(result.asking.p50 - result.bare.p50),
      addedP99Ms: rounded(result.asking.p99 - result.bare.p99),
    };
  }
  report(found);
} finally {
  for (const program of programs) await program.stop();
  upstream.disconnect();
  await world.close();
}

async function compare(name: string, asking: GatewayProgram, bare: GatewayProgram, tokens: string) {
  const rounds: { asking: Round[]; bare: Round[] } = { asking: [], bare: [] };
  await load(asking.port, 1, tokens);
  await load(bare.port, 1, tokens);
  for (let round = 1; round <= ROUNDS; round += 1) {
    rounds.bare.push(await load(bare.port, SECONDS, tokens));
    rounds.asking.push(await load(asking.port, SECONDS, tokens));
    say(`${name}: round ${round} of ${ROUNDS}`);
  }
  const failed = [...rounds.asking, ...rounds.bare].reduce((sum, round) => sum + round.failed, 0);
  if (failed > 0) throw new Error(`${failed} calls through ${name} were not answered with 200`);
  return { asking: summarise(rounds.asking), bare: summarise(rounds.bare) };
}

async function load(port: number, seconds: number, tokens: string): Promise<Round> {
  const script = join(import.meta.dirname, 'wrk-gateway.lua');
  const words = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, `http://127.0.0.1:${port}`];
  const { stdout } = await run(wrk ?? '', words, { env: { TOKENS: tokens } });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Round;
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

function rounded(ms: number): number {
  return Number(ms.toFixed(3));
}

function report(found: Record<string, { asking: Result; bare: Result; addedP50Ms: number; addedP99Ms: number }>): void {
  const cells = (texts: string[]): string => texts.map((text) => text.padStart(12)).join('');
  say(`\n${''.padEnd(22)}${cells(['calls/s', 'p50 ms', 'p99 ms'])}`);
  const row = (name: string, { rps, p50, p99 }: Result): void =>
    say(`${name.padEnd(22)}${cells([rps.toLocaleString('en'), p50.toFixed(2), p99.toFixed(2)])}`);
  for (const [name, { asking, bare, addedP50Ms, addedP99Ms }] of Object.entries(found)) {
    row(`${name}, asking nobody`, bare);
    row(`${name} and verifier`, asking);
    say(`${'added'.padEnd(22)}${cells(['', addedP50Ms.toFixed(2), addedP99Ms.toFixed(2)])}\n`);
  }
  say(`${KEYS.toLocaleString('en')} keys, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s each\n`);
  say(JSON.stringify(found));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
