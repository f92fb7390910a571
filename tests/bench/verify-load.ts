import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { seedExample } from '../../db/seed/example.ts';
import { monotonicMs } from '../../src/platform/clock.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { findProgram } from '../support/programs.ts';
import { question } from '../verify/ask.ts';
import { addFillers, ALLOWLIST } from './filler-keys.ts';
import { GATEWAY_SECRET, NOW_MS, type World, createWorld } from '../verify/world.ts';

/** One server that is asked, in a process of its own. */
export interface Asked {
  port: number;
  process: ChildProcess;
}

/** What a load generator saw, and what the server spent on it. */
export interface Round {
  requests: number;
  failed: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  /** Of the processor, per answer; null where the system does not tell. */
  cpuMicroseconds: number | null;
}

export interface Result {
  rps: number;
  p50: number;
  p99: number;
  cpu: number | null;
  failed: number;
}

/** A database with keys that all have an allowlist, a rate limit and a quota, and some callers that hold keys. */
export interface Portal {
  world: World;
  /** Names a file with a token per line. */
  tokens: string;
}

/** Keys with a token that somebody knows; they stand in groups between the others. */
const MOST_ISSUED = 10_000;
const GROUPS = 10;

/** @param callers keys in use, spread over all; without it the first 1,000 @param settings more of them */
export async function seedPortal(
  keys: number,
  callers = 1_000,
  settings: Record<string, string> = {},
): Promise<Portal> {
  const world = await createWorld(settings);
  const { config, databases } = world;
  const { keyPepper: pepper, keyPrefix: prefix } = config;
  const tokens: string[] = [];
  const issued = Math.min(keys, MOST_ISSUED);
  for (let group = 0; group < GROUPS; group += 1) {
    const part = { keys: Math.ceil(issued / GROUPS), callers: Math.ceil(callers / GROUPS) };
    const options = { ...part, pepper, prefix, nowMs: NOW_MS, random: systemRandom };
    tokens.push(...(await seedExample(databases.portal, options)).tokens);
    await addFillers(databases.portal, `${group}`, Math.floor((keys - issued) / GROUPS));
  }
  await databases.portal.kysely
    .updateTable('api_key')
    .set({ allowlist: ALLOWLIST })
    .where('allowlist', '=', '[]')
    .execute();
  const path = join(config.dataDir, 'tokens.txt');
  writeFileSync(path, `${tokens.join('\n')}\n`);
  return { world, tokens: path };
}

export async function startVerifier(
  { world }: Portal,
  { options = [], workers = 1 }: { options?: readonly string[]; workers?: number } = {},
): Promise<Asked> {
  const main = join(import.meta.dirname, '../../src/verify/main.ts');
  const env = { PATH: process.env.PATH, ...world.environment, VERIFIER_WORKERS: String(workers) };
  const child = fork(main, { execArgv: [...options], env });
  const [{ verifierPort }] = (await once(child, 'message')) as [{ verifierPort: number }];
  return { port: verifierPort, process: child };
}

export async function startBare(): Promise<Asked> {
  const child = fork(join(import.meta.dirname, 'bare-server.ts'));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { port, process: child };
}

export async function end({ process: child }: Asked): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Kills it as `kill -9` does, starts another one over the same database, and measures until that lets a call pass. */
export async function restartMs(killed: Asked, portal: Portal): Promise<{ restarted: Asked; ms: number }> {
  killed.process.kill('SIGKILL');
  await once(killed.process, 'exit');
  const startedMs = monotonicMs();
  const restarted = await startVerifier(portal);
  const [token = ''] = readFileSync(portal.tokens, 'utf8').split('\n');
  const answer = await fetch(`http://127.0.0.1:${restarted.port}/verify/nginx`, { headers: question(token) });
  if (answer.status !== 200) throw new Error(`the first call after a restart was answered with ${answer.status}`);
  return { restarted, ms: Math.round(monotonicMs() - startedMs) };
}

const run = promisify(execFile);

/** Asks as nginx does, over connections that stay open, for some seconds. */
export async function load(
  asked: Asked,
  { tokens }: Pick<Portal, 'tokens'>,
  { seconds, connections, threads = 1 }: { seconds: number; connections: number; threads?: number },
): Promise<Round> {
  const wrk = findProgram('wrk');
  if (wrk === null) throw new Error('the benchmark needs wrk: apt-get install wrk');
  const script = join(import.meta.dirname, 'wrk.lua');
  const words = [`-t${threads}`, `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', '-s', script];
  const before = cpuMs(asked);
  const { stdout } = await run(wrk, [...words, `http://127.0.0.1:${asked.port}`], {
    env: { TOKENS: tokens, GATEWAY_SECRET },
  });
  const after = cpuMs(asked);
  const round = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Omit<Round, 'cpuMicroseconds'>;
  const cpuMicroseconds = before === null || after === null ? null : ((after - before) * 1000) / round.requests;
  return { ...round, cpuMicroseconds };
}

/** What a process has used of the processor, as Linux counts it in hundredths of a second. */
function cpuMs({ process: { pid } }: Asked): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}

/** Medians: a round that the machine disturbed does not decide. */
export function summarise(rounds: readonly Round[]): Result {
  const cpu = rounds.flatMap(({ cpuMicroseconds }) => cpuMicroseconds ?? []);
  return {
    rps: Math.round(median(rounds.map((round) => round.requests / round.seconds))),
    p50: median(rounds.map((round) => round.p50Ms)),
    p99: median(rounds.map((round) => round.p99Ms)),
    cpu: cpu.length === 0 ? null : Number(median(cpu).toFixed(1)),
    failed: rounds.reduce((sum, round) => sum + round.failed, 0),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
