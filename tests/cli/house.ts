import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openTerminal, runShell } from '../../src/cli/gatehouse/open-terminal.ts';
import { runGatehouse } from '../../src/cli/gatehouse/program.ts';
import { type Visitor, newApplication, signedInVisitor } from '../pages/visitor.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';

const root = join(import.meta.dirname, '../..');
const LAUNCHER = join(root, 'src/cli/gatehouse.mjs');

export interface Ended {
  code: number;
  out: string;
  error: string;
  /** What was written to standard output, parsed. */
  json(): unknown;
}

export interface RunOptions {
  input?: string;
  environment?: Readonly<Record<string, string | undefined>>;
  /** Sees what is written to standard error while the command runs in this process. */
  onError?: (text: string) => void;
}

/** The running product, a person with an application, and the program on a computer with a home of its own. */
export interface CommandHouse {
  portal: PortalProcess;
  person: Visitor & { email: string };
  applicationId: string;
  /** An access token for everything that is not for owners. */
  token: string;
  /** A folder that is removed at the end. */
  folder: string;
  home: string;
  /** A command line with an access token in a file, run in this process. */
  gatehouse(words: readonly string[], options?: RunOptions): Promise<Ended>;
  /** The same as a process of its own, started by the launcher. */
  program(words: readonly string[], options?: RunOptions): Promise<Ended>;
  /** A shell in which `gatehouse` is on the PATH, before the programs of `folder`/bin. */
  shell(command: string, options?: RunOptions): Promise<Ended>;
  stop(): Promise<void>;
}

let count = 0;

/** @param environment more settings of the portal */
export async function openCommandHouse(environment: Readonly<Record<string, string>> = {}): Promise<CommandHouse> {
  const portal = await startPortalProcess({ WEBHOOK_ALLOW_PRIVATE: 'yes', ...environment });
  const person = await signedInVisitor(portal.portalUrl);
  const applicationPath = await newApplication(person, 'Tea shop');
  await person.post(`${applicationPath}/subscriptions`, { apiSlug: 'parcels', planSlug: 'pro' });
  const token = await newAccessToken(person);
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'));
  const home = join(folder, 'home');
  const bin = join(folder, 'bin');
  for (const path of [home, bin]) mkdirSync(path);
  writeFileSync(join(folder, 'token'), `${token}\n`, { mode: 0o600 });
  writeFileSync(join(bin, 'gatehouse'), `#!/bin/sh\nexec '${process.execPath}' '${LAUNCHER}' "$@"\n`, { mode: 0o755 });
  const base = {
    PATH: `${bin}:${process.env.PATH ?? ''}`,
    HOME: home,
    GATEHOUSE_URL: portal.portalUrl,
    GATEHOUSE_TOKEN_FILE: join(folder, 'token'),
    ...environment,
  };
  return {
    portal,
    person,
    applicationId: applicationPath.split('/').at(-1) ?? '',
    token,
    folder,
    home,
    gatehouse: (words, options) => runHere(words, base, folder, options),
    program: (words, options) => run(process.execPath, [LAUNCHER, ...words], base, folder, options),
    shell: (command, options) => run('/bin/sh', ['-c', command], base, folder, options),
    async stop() {
      await portal.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** For everything that a developer may do, for a year; `fields` replace what the form has. */
export async function newAccessToken(person: Visitor, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const page = await person.post('/account/tokens', {
    name: 'Command line',
    applications: 'write',
    keys: 'widen',
    usage: 'read',
    notices: 'write',
    webhooks: 'write',
    audit: 'read',
    expiry: '365',
    ...fields,
    requestId: `cli-request-${String((count += 1)).padStart(16, '0')}`,
  });
  return page.text('#token') ?? '';
}

async function runHere(
  words: readonly string[],
  base: Readonly<Record<string, string | undefined>>,
  folder: string,
  { input = '', environment = {}, onError }: RunOptions = {},
): Promise<Ended> {
  const written = { out: '', error: '' };
  const env = { ...base, ...environment };
  const writeError = (text: string): void => {
    written.error += text;
    onError?.(text);
  };
  const code = await runGatehouse(words, {
    ...openTerminal(),
    env,
    home: env.HOME ?? '',
    hostName: 'build-7',
    readInput: () => Promise.resolve(input),
    writeOut: (text) => (written.out += text),
    writeError,
    run: (command, key, variables) => runShell(command, key, { env: { ...env, ...variables }, folder, writeError }),
  });
  return { code, ...written, json: () => JSON.parse(written.out) as unknown };
}

function run(
  program: string,
  words: readonly string[],
  base: NodeJS.ProcessEnv,
  folder: string,
  { input = '', environment = {} }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: folder, env: { ...base, ...environment } });
    const written = { out: '', error: '' };
    child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (written.error += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code: code ?? -1, ...written, json: () => JSON.parse(written.out) as unknown });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
