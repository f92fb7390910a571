import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { refusals } from '../../src/management/refusals.ts';
import { signIn, signUp } from '../pages/people.ts';
import { type WatchedPortal, startWatchedPortal } from '../pages/watched-portal.ts';

const guide = readFileSync('content/guides/management-api.md', 'utf8');
const commands = [...guide.matchAll(/<!-- run -->\n\n```sh\n([^`]+)```/g)].map(([, command = '']) => command);

let portal: WatchedPortal;
let folder: string;
const variables: Record<string, string> = {};
beforeAll(async () => {
  portal = await startWatchedPortal();
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-guide-'));
  await signUp(portal, 'reader@consumer.example');
  const session = await signIn(portal, 'reader@consumer.example');
  const created = await portal.send({ path: '/applications', session, form: { name: 'Tea shop', description: '' } });
  const form = {
    name: 'Guide',
    applications: 'write',
    keys: 'write',
    expiry: '7',
    requestId: 'request-0000000000000001',
  };
  const { body } = await portal.send({ path: '/account/tokens', session, form });
  variables.TOKEN = /gth_pat_\w{36}/.exec(body)?.[0] ?? '';
  variables.APPLICATION = (created.headers.get('location')?.[0] ?? '').replace('/applications/', '');
  variables.PORTAL = portal.process.portalUrl;
});
afterAll(async () => {
  await portal.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const shell = spawn('sh', ['-ec', command], { cwd: folder, env: { ...process.env, ...variables } });
    let output = '';
    shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    shell.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    shell.on('error', reject).on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(output))));
  });
}

test('the commands of the guide do what it says, one after the other', async () => {
  expect(commands).toHaveLength(4);
  const [whoAmI = '', list = '', issue = '', rotate = ''] = commands;
  expect(JSON.parse(await run(whoAmI))).toMatchObject({ email: 'reader@consumer.example' });
  expect(JSON.parse(await run(list))).toMatchObject({ applications: [{ name: 'Tea shop' }], nextCursor: null });
  const issued = JSON.parse(await run(issue)) as { key: { id: string }; token: string };
  expect(issued.token).toMatch(/^gth_test_/);
  variables.KEY = issued.key.id;
  const rotated = JSON.parse(await run(rotate)) as { key: { id: string }; token: string };
  expect(rotated).toMatchObject({ replacedKeyId: issued.key.id });
  // The same commands once more change nothing, and answer the same.
  expect(JSON.parse(await run(issue))).toEqual(issued);
  expect(JSON.parse(await run(rotate))).toEqual(rotated);
});

test('no command of the guide has the token where other people of the machine can read it', () => {
  for (const command of commands) expect(command).not.toMatch(/curl[^|]*\$TOKEN/);
});

test('the codes that the guide names have the status that it says', () => {
  const rows = [...guide.matchAll(/^\| `([a-z_]+)` +\| (\d{3}) /gm)].map(([, code = '', status]) => [
    code,
    Number(status),
  ]);
  expect(rows.length).toBeGreaterThan(5);
  const known = Object.fromEntries(Object.entries(refusals).map(([code, { status }]) => [code, status]));
  expect(rows.filter(([code, status]) => code !== 'not_found' && known[String(code)] !== status)).toEqual([]);
});
