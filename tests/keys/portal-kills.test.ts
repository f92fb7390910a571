import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { type Visitor, issueKey, keyPathIn, newApplication, signedInVisitor, tokenIn } from '../pages/visitor.ts';
import { type Program, freePorts, startProgram } from '../support/servers.ts';
import { findHalfChanges } from './key-invariants.ts';

const root = join(import.meta.dirname, '../..');
const KILLS = 4;
const PEOPLE = 3;

/** What somebody was told. */
interface Told {
  /** Tokens that work, or worked until they were revoked. */
  issued: string[];
  revoked: string[];
}

let dataDir: string;
let environment: Record<string, string>;
let program: Program;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-kills-'));
  const [portal, verifier, gateway, service] = (await freePorts(4)).map(String);
  environment = {
    PORT: portal ?? '',
    VERIFIER_PORT: verifier ?? '',
    GATEWAY_PORT: gateway ?? '',
    UPSTREAMS: `parcels=http://127.0.0.1:${service ?? ''}`,
    DATA_DIR: dataDir,
  };
  program = await start();
});
afterAll(async () => {
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const portalUrl = () => `http://127.0.0.1:${environment.PORT ?? ''}`;

function start(): Promise<Program> {
  return startProgram({
    command: process.execPath,
    words: [join(root, 'src/main.ts'), '--mode', 'demo'],
    folder: root,
    environment,
    ready: /Ctrl-C ends it/,
  });
}

/** Portal and verifier at once, as when the machine loses power. */
async function killAll(): Promise<void> {
  const ended = new Promise((resolve) => program.process.once('exit', resolve));
  process.kill(-(program.process.pid ?? 0), 'SIGKILL');
  await ended;
}

/** Issues, rotates and revokes until nobody answers any more. */
async function work(person: Visitor, shop: string, told: Told): Promise<void> {
  try {
    for (;;) {
      const issued = await issueKey(person, shop);
      const path = keyPathIn(issued);
      const first = tokenIn(issued) ?? '';
      told.issued.push(first);
      const requestId = `req_${told.issued.length}_${path.slice(-20)}`;
      const rotated = await person.post(`${path}/rotation`, { requestId, overlap: '1h', until: '' });
      const successor = tokenIn(rotated) ?? '';
      told.issued.push(successor);
      const done = await person.post(`${path}/revocation`, { reason: 'old', confirmation: 'Build' });
      if (done.status === 303) told.revoked.push(first);
      const last = await person.post(`${keyPathIn(rotated)}/revocation`, { reason: 'old', confirmation: 'Build' });
      if (last.status === 303) told.revoked.push(successor);
    }
  } catch {
    // The portal was killed.
  }
}

async function refusalOf(token: string): Promise<string> {
  const url = `http://127.0.0.1:${environment.GATEWAY_PORT ?? ''}/parcels/v2/services`;
  const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  const body = (await response.json()) as { type?: string };
  return body.type?.split('/').at(-1) ?? 'allowed';
}

test(`killed ${KILLS} times in the middle of issuing, rotating and revoking, the portal comes back with all that it said and nothing half`, async () => {
  const told: Told = { issued: [], revoked: [] };
  const people: [Visitor, string][] = [];
  for (let index = 0; index < PEOPLE; index += 1) {
    const person = await signedInVisitor(portalUrl());
    people.push([person, await newApplication(person)]);
  }
  for (let kill = 0; kill < KILLS; kill += 1) {
    const working = people.map(([person, shop]) => work(person, shop, told));
    await sleep(300 + Math.random() * 700);
    await killAll();
    await Promise.all(working);
    program = await start();
    const database = openDatabase<PortalSchema>({ url: `sqlite:${join(dataDir, 'portal.sqlite')}`, readOnly: true });
    expect(await findHalfChanges(database)).toEqual([]);
    await database.close();
  }
  expect(told.revoked.length).toBeGreaterThan(KILLS);
  const revoked = new Set(told.revoked);
  for (const token of told.issued) {
    const code = await refusalOf(token);
    // A revocation that was not answered may have happened all the same.
    expect(code).toMatch(revoked.has(token) ? /^key_revoked$/ : /^(not_subscribed|key_revoked)$/);
  }
}, 120_000);
