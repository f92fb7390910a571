import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { findProgram } from '../support/programs.ts';
import { call } from '../gateway/call.ts';
import { GATEWAY_SECRET } from '../verify/world.ts';

const guides = join(import.meta.dirname, '../../content/guides/gateways');

export interface GatewayPorts {
  verifierPort: number;
  upstreamPort: number;
  /** Where to write events for the verifier, as the guide about access logs shows; undefined: nowhere. */
  eventsLog?: string;
}

export interface GatewayProgram {
  port: number;
  stop(): Promise<void>;
}

/** The real nginx with the files that the guide shows; only ports, the secret and a log file differ. */
export async function startNginx(
  folder: string,
  { verifierPort, upstreamPort, eventsLog }: GatewayPorts,
): Promise<GatewayProgram> {
  const port = await freePort();
  const place = join(folder, 'nginx');
  cpSync(join(guides, 'nginx'), place, { recursive: true });
  mkdirSync(join(place, 'temp'));
  edit(place, 'gatehouse.conf', [['127.0.0.1:4322', `127.0.0.1:${verifierPort}`]]);
  edit(place, 'gatehouse-secret.conf', [['replace-with-the-value-of-GATEWAY_SECRET', GATEWAY_SECRET]]);
  edit(place, 'api.conf', [
    ['listen 8081;', `listen 127.0.0.1:${port};`],
    ['/var/log/nginx/api.log', join(place, 'api.log')],
    ['http://127.0.0.1:4330/', `http://127.0.0.1:${upstreamPort}/`],
  ]);
  if (eventsLog !== undefined) logNginxEvents(place, eventsLog);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const main = `
    daemon off;
    worker_processes 1;
    pid ${place}/nginx.pid;
    error_log stderr crit;
    events { worker_connections 128; }
    http {
      ${temporary.map((name) => `${name}_temp_path ${place}/temp/${name};`).join('\n')}
      include gatehouse.conf;
      ${eventsLog === undefined ? '' : 'include gatehouse-log.conf;'}
      include api.conf;
    }`;
  writeFileSync(join(place, 'nginx.conf'), main);
  return start('nginx', ['-p', place, '-c', join(place, 'nginx.conf'), '-e', 'stderr'], {}, port, 'SIGQUIT');
}

function logNginxEvents(place: string, eventsLog: string): void {
  for (const file of ['gatehouse-log.conf', 'gatehouse-log-location.conf'])
    cpSync(join(guides, 'access-logs', file), join(place, file));
  edit(place, 'gatehouse-log-location.conf', [['/var/log/nginx/gatehouse-events.log', eventsLog]]);
  const protect = 'include gatehouse-protect.conf;';
  edit(place, 'api.conf', [[protect, `${protect}\n        include gatehouse-log-location.conf;`]]);
}

/** Puts the lines of the guide where it says they belong. */
function withCaddyEvents(site: string): string {
  const lines = (file: string): string => readFileSync(join(guides, 'access-logs', file), 'utf8');
  const behindQuestion = '\t\t# What is left of the limits is for the caller';
  if (!site.includes(behindQuestion)) throw new Error('the Caddyfile has changed');
  return site
    .replace(behindQuestion, `${lines('route.caddyfile')}\n${behindQuestion}`)
    .replace(/^(\{\$GATEHOUSE_LISTEN.*\{\n)/m, (opening) => `${opening}${lines('site.caddyfile')}\n`);
}

/** The real Caddy with the file that the guide shows; its placeholders take the ports and the secret. */
export async function startCaddy(
  folder: string,
  { verifierPort, upstreamPort, eventsLog }: GatewayPorts,
): Promise<GatewayProgram> {
  const port = await freePort();
  const place = join(folder, 'caddy');
  mkdirSync(place);
  const shown = readFileSync(join(guides, 'caddy/Caddyfile'), 'utf8');
  const site = eventsLog === undefined ? shown : withCaddyEvents(shown);
  writeFileSync(join(place, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n\n${site}`);
  const environment = {
    HOME: place,
    XDG_DATA_HOME: place,
    XDG_CONFIG_HOME: place,
    GATEWAY_SECRET,
    GATEHOUSE_LISTEN: `http://:${port}`,
    GATEHOUSE_VERIFIER: `127.0.0.1:${verifierPort}`,
    GATEHOUSE_UPSTREAM: `127.0.0.1:${upstreamPort}`,
    GATEHOUSE_EVENTS_LOG: eventsLog ?? '',
  };
  const words = ['run', '--config', join(place, 'Caddyfile'), '--adapter', 'caddyfile'];
  return start('caddy', words, environment, port, 'SIGTERM');
}

/** The real HAProxy with the files that the guide shows; only ports differ. */
export async function startHaproxy(
  folder: string,
  { verifierPort, upstreamPort }: GatewayPorts,
): Promise<GatewayProgram> {
  const port = await freePort();
  const place = join(folder, 'haproxy');
  cpSync(join(guides, 'haproxy'), place, { recursive: true });
  edit(place, 'haproxy.cfg', [
    ['lua-load-per-thread gatehouse.lua', `lua-load-per-thread ${join(place, 'gatehouse.lua')}`],
    ['bind 127.0.0.1:8082', `bind 127.0.0.1:${port}`],
    ['server service 127.0.0.1:4330', `server service 127.0.0.1:${upstreamPort}`],
  ]);
  const environment = { GATEWAY_SECRET, GATEHOUSE_VERIFIER: `127.0.0.1:${verifierPort}` };
  return start('haproxy', ['-db', '-f', join(place, 'haproxy.cfg')], environment, port, 'SIGTERM');
}

/** Starts a program and waits until it listens. */
export async function start(
  name: string,
  words: string[],
  environment: Record<string, string>,
  port: number,
  signal: NodeJS.Signals,
): Promise<GatewayProgram> {
  const program = findProgram(name);
  if (program === null) throw new Error(`${name} is not installed`);
  const child = spawn(program, words, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  await untilListening(child, port, () => said);
  return {
    port,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

async function untilListening(child: ChildProcess, port: number, said: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`it ended: ${said()}`);
    const answered = await call(port, { path: '/' }).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await pause(50);
  }
  throw new Error(`it does not listen: ${said()}`);
}

function edit(folder: string, file: string, replacements: [from: string, to: string][]): void {
  const path = join(folder, file);
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(path, text);
}

/** Programs that cannot be told to take any free port get one that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
