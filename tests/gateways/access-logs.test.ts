import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { systemClock } from '../../src/platform/clock.ts';
import { type UsageReadingStore, createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { type Upstream, call, startUpstream } from '../gateway/call.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { GATEWAY_SECRET, type VerifierHere, type World, createWorld } from '../verify/world.ts';
import { type GatewayProgram, startCaddy, startNginx } from './programs.ts';

const SCRIPT = join(import.meta.dirname, '../../content/guides/gateways/access-logs/ship-log.sh');
const run = promisify(execFile);

let upstream: Upstream;
let world: World;
let verifier: VerifierHere;
let reading: UsageReadingStore;
let folder: string;
let log: string;

beforeAll(async () => {
  upstream = await startUpstream();
  world = await createWorld({}, `http://127.0.0.1:${upstream.port}`);
  verifier = await world.composeVerifier(systemClock);
  reading = createUsageReadingStore(world.databases.usage);
});
afterAll(async () => {
  await verifier.stop();
  await upstream.close();
  await world.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-access-logs-'));
  log = join(folder, 'events.log');
  writeFileSync(join(folder, 'secret'), GATEWAY_SECRET);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script of the guide, as cron does. */
const ship = (port = verifier.verifierPort) =>
  run('sh', [SCRIPT, log, join(folder, 'state'), `http://127.0.0.1:${port}`, join(folder, 'secret')]);

async function answersOf(applicationId: string) {
  const rows = await reading.parts({ scope: { of: 'application', applicationId }, grain: 'day', sinceMs: 0 });
  const [row] = rows.filter(({ verdict }) => verdict === 'allowed');
  return row && { operationId: row.operationId, calls: row.calls, good: row.answers_2xx, bad: row.answers_4xx };
}

for (const [name, start] of [
  ['nginx', startNginx],
  ['caddy', startCaddy],
] as const) {
  describeWithPrograms(`the access log of ${name}`, [name], () => {
    let program: GatewayProgram;
    beforeEach(async () => {
      program = await start(folder, {
        verifierPort: verifier.verifierPort,
        upstreamPort: upstream.port,
        eventsLog: log,
      });
    });
    afterEach(() => program.stop());

    test('tells how calls were answered, once, and writes down nothing that callers sent', async () => {
      const { token, applicationId, keyId } = await world.addKey();
      const ask = (path: string) =>
        call(program.port, { path, headers: { Authorization: `Bearer ${token}`, 'X-Request': 'private words' } });
      expect((await ask('/parcels/v2/parcels?q=private')).status).toBe(200);
      expect((await ask('/parcels/v2/parcels')).status).toBe(200);
      expect((await call(program.port, { path: '/parcels/v2/parcels' })).status).toBe(401);
      await expect.poll(() => existsSync(log) && readFileSync(log, 'utf8').split(keyId).length).toBe(3);
      await ship();
      await ship();
      await expect
        .poll(() => answersOf(applicationId))
        .toEqual({ operationId: 'listParcels', calls: 2, good: 2, bad: 0 });
      expect(readFileSync(log, 'utf8')).not.toMatch(new RegExp(`private|${token}|Bearer gth`));
    });
  });
}

describe('the script that ships a log', () => {
  const lineOf = (keyId: string): string =>
    `${JSON.stringify({ time: systemClock.nowMs() / 1000, keyId, status: 200, latencyMs: 5 })}\n`;
  const good = async (applicationId: string) => (await answersOf(applicationId))?.good ?? 0;

  test('sends what is new, and waits for the end of a line', async () => {
    const { keyId, applicationId } = await world.addKey();
    await ship();
    const [begun, rest] = [lineOf(keyId).slice(0, 20), lineOf(keyId).slice(20)];
    appendFileSync(log, lineOf(keyId) + lineOf(keyId) + lineOf(keyId).slice(0, 20));
    await ship();
    expect(await good(applicationId)).toBe(2);
    expect(begun.length).toBe(20);
    appendFileSync(log, rest);
    await ship();
    expect(await good(applicationId)).toBe(3);
  });

  test('sends again what was not confirmed, and it counts once', async () => {
    const { keyId, applicationId } = await world.addKey();
    appendFileSync(log, lineOf(keyId));
    await expect(ship(9)).rejects.toThrow();
    const pending = readFileSync(join(folder, 'state'), 'utf8');
    appendFileSync(log, lineOf(keyId));
    await ship();
    // As if it had been killed after sending and before noting it.
    writeFileSync(join(folder, 'state'), pending);
    await ship();
    expect(await good(applicationId)).toBe(2);
  });

  test('finishes the old file after a rotation, and begins anew when a file was emptied', async () => {
    const { keyId, applicationId } = await world.addKey();
    appendFileSync(log, lineOf(keyId));
    await ship();
    appendFileSync(log, lineOf(keyId));
    renameSync(log, `${log}.1`);
    appendFileSync(log, lineOf(keyId) + lineOf(keyId));
    await ship();
    expect(await good(applicationId)).toBe(4);
    writeFileSync(log, lineOf(keyId));
    await ship();
    expect(await good(applicationId)).toBe(5);
  });
});
