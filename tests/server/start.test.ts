import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Started {
  child: ChildProcess;
  /** Everything written so far to standard output and standard error. */
  output: () => string;
  environment: Record<string, string>;
}

let dataDir: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  // At once when the pages are built, as they are under `npm test`.
  execFileSync(process.execPath, ['src/cli/start.mjs', 'build'], { cwd: ROOT, stdio: 'ignore' });
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-start-'));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 }));

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return String(port);
}

/** Only what is given here: a setting of the machine must not decide a test. */
async function start(mode: string, settings: Record<string, string> = {}): Promise<Started> {
  const [PORT, VERIFIER_PORT, GATEWAY_PORT] = [await freePort(), await freePort(), await freePort()];
  const environment = { PORT, VERIFIER_PORT, GATEWAY_PORT, DATA_DIR: dataDir, ...settings };
  const child = spawn(process.execPath, ['src/main.ts', '--mode', mode], { cwd: ROOT, env: environment });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data.toString()));
  return { child, output: () => text, environment };
}

async function untilReady({ child, output }: Started): Promise<void> {
  await expect
    .poll(() => output().includes('Ctrl-C ends it.') || child.exitCode !== null, { timeout: 60_000 })
    .toBe(true);
  expect(output()).toContain('is ready');
}

async function exitCode({ child }: Started): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
}

/** Processes that were given this folder, found by their environment. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && environmentOf(name).includes(`DATA_DIR=${folder}\0`),
  );
}

function environmentOf(processId: string): string {
  try {
    return readFileSync(`/proc/${processId}/environ`, 'utf8');
  } catch {
    return '';
  }
}

test(
  'a demo starts from an empty folder, says where to go, serves, and ends cleanly',
  { timeout: 120_000 },
  async () => {
    const demo = await start('demo');
    await untilReady(demo);
    const { PORT = '', VERIFIER_PORT = '', GATEWAY_PORT = '' } = demo.environment;
    expect(demo.output()).toContain(`http://127.0.0.1:${PORT}\n`);
    expect(demo.output()).toContain(`http://127.0.0.1:${GATEWAY_PORT}\n`);
    expect(demo.output()).toContain(`http://127.0.0.1:${PORT}/dev/mail\n`);
    expect(demo.output()).toMatch(/First owner +http:\/\/127\.0\.0\.1:\d+\/\S+ {2}\(works once\)/);
    const version = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
    for (const port of [PORT, VERIFIER_PORT]) {
      const health = await fetch(`http://127.0.0.1:${port}/healthz`);
      expect(await health.json()).toMatchObject({ status: 'ok', version });
    }
    const home = await fetch(`http://127.0.0.1:${PORT}/`);
    expect(home.status).toBe(200);
    expect(home.headers.get('content-security-policy')).toContain(`default-src 'none'`);
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);

    expect(processesOf(dataDir)).toHaveLength(2);
    demo.child.kill('SIGTERM');
    expect(await exitCode(demo)).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  },
);

test('a second start keeps the secrets, and Ctrl-C ends it', { timeout: 120_000 }, async () => {
  const before = readFileSync(join(dataDir, 'secrets.json'), 'utf8');
  const demo = await start('demo');
  await untilReady(demo);
  expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toBe(before);
  demo.child.kill('SIGINT');
  expect(await exitCode(demo)).toBe(0);
});

test('when the portal is killed its verifier ends as well', { timeout: 120_000 }, async () => {
  const demo = await start('demo');
  await untilReady(demo);
  demo.child.kill('SIGKILL');
  await expect.poll(() => processesOf(dataDir)).toEqual([]);
});

test.each(['PORT', 'VERIFIER_PORT', 'GATEWAY_PORT'])(
  'a busy %s is told with the port, exit code 1, and nothing is left running',
  { timeout: 120_000 },
  async (setting) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = String((other.address() as AddressInfo).port);
    const failed = await start('demo', { [setting]: port });
    expect(await exitCode(failed)).toBe(1);
    other.close();
    expect(failed.output()).toContain(port);
    expect(failed.output()).not.toContain('    at ');
    expect(processesOf(dataDir)).toEqual([]);
  },
);

test('production without its settings tells all of them at once and does not start', async () => {
  const failed = await start('production', { LOG_LEVEL: 'loud' });
  expect(await exitCode(failed)).toBe(1);
  for (const name of ['PUBLIC_URL', 'KEY_PEPPER', 'SESSION_SECRET', 'GATEWAY_SECRET', 'LOG_LEVEL']) {
    expect(failed.output()).toContain(`\n  ${name} `);
  }
});

test.each([
  [
    'a folder that is a file',
    { DATA_DIR: join(ROOT, 'package.json') },
    /^Gatehouse cannot start: .*package\.json.*\n$/,
  ],
  [
    'a database server that does not answer',
    { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' },
    /^Gatehouse cannot start: .*ECONNREFUSED.*\n$/,
  ],
])('%s is one clear line and exit code 1', { timeout: 60_000 }, async (_what, settings, line) => {
  const failed = await start('demo', settings);
  expect(await exitCode(failed)).toBe(1);
  expect(failed.output()).toMatch(line);
});
