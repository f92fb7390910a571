import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { systemClock } from '../platform/clock.ts';
import { type Config, type Environment, type Mode, readConfig } from '../settings/config.ts';
import { type Log, createLog } from '../platform/log.ts';
import { systemRandom } from '../platform/random.ts';
import { keepSecrets } from '../settings/secret-file.ts';
import { secretNames, settings } from '../settings/settings.ts';
import { version } from '../platform/version.ts';
import { createFrontServer } from '../server/front-server.ts';
import type { AstroHandler } from '../server/page-request.ts';
import { standInForReadOnly } from '../database/stand-in-folder.ts';
import { StartFailure, startFailureText } from '../server/start-failure.ts';
import { startVerifier } from '../server/verifier-process.ts';
import { composePortal } from './compose-portal.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DEMO_SERVICE = 'http://127.0.0.1:4330';
const FINISH_REQUESTS_MS = 7_000;
const KILL_VERIFIER_MS = 8_000;
const GIVE_UP_MS = 9_500;

type Stop = () => Promise<unknown>;

/** What has been started and how to end it. */
interface Running {
  /** Take requests; they end first, all at once. */
  listeners: Stop[];
  /** Are used by the listeners; they end afterwards. */
  behind: Stop[];
}

interface Started {
  config: Config;
  gatewayPort: number;
  firstOwnerLink: string | null;
}

/** The portal process from start to end: `--mode demo|development|production`, settings from the environment. */
export async function runPortal(commandLine: readonly string[], environment: Environment): Promise<void> {
  const running: Running = { listeners: [], behind: [] };
  let isEnding = false;
  const end = async (exitCode: number): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), GIVE_UP_MS).unref();
    for (const stops of [running.listeners, running.behind]) await Promise.allSettled(stops.map((stop) => stop()));
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(0));
  try {
    const started = await start(commandLine, environment, running);
    process.stdout.write(announcement(started));
  } catch (error) {
    process.stderr.write(`Gatehouse cannot start: ${startFailureText(error)}\n`);
    await end(1);
  }
}

async function start(commandLine: readonly string[], given: Environment, running: Running): Promise<Started> {
  const mode = readMode(commandLine);
  const standIn = standInForReadOnly(given, ROOT);
  if (standIn) running.behind.push(() => Promise.resolve().then(standIn.remove));
  const environment = standIn?.environment ?? given;
  const { config, secrets } = configure(mode, environment);
  const log = createLog('portal', config.logLevel);
  if (config.readOnlyFolder !== null) log.error({ folder: config.readOnlyFolder }, 'the data folder cannot be written');
  const composed = await composePortal(config, log);
  running.behind.push(() => composed.close());
  const { portal, watch, edition } = composed;
  const front = createFrontServer({
    config,
    log,
    portal,
    edition,
    ...watch,
    astroHandler: await loadPages(),
    staticFolder: join(ROOT, 'dist/client'),
  });
  await front.listen();
  running.listeners.push(() => front.close(FINISH_REQUESTS_MS));
  if (mode !== 'production') {
    await startDemoService(config, running, log);
  }
  const verifier = await startVerifier({
    command: [join(ROOT, 'src/verify/main.ts'), '--mode', mode],
    environment: { ...environment, ...secrets },
    clock: systemClock,
    log,
  });
  if (!verifier) throw new StartFailure('the verifier did not start; the line above says why');
  running.listeners.push(() => verifier.stop(KILL_VERIFIER_MS));
  composed.startJobs();
  return { config, gatewayPort: verifier.ready.gatewayPort, firstOwnerLink: await composed.firstOwnerLink() };
}

function readMode(commandLine: readonly string[]): Mode {
  const { values } = parseArgs({
    args: [...commandLine],
    options: { mode: { type: 'string', default: 'production' } },
  });
  const { mode } = values;
  if (mode === 'demo' || mode === 'development' || mode === 'production') return mode;
  throw new StartFailure(`--mode is demo, development or production, not "${mode}"`);
}

/** Settings, and the secrets that the verifier must get because no setting names them. */
function configure(mode: Mode, environment: Environment): { config: Config; secrets: Environment } {
  const dataDir = resolve(ROOT, isSet(environment.DATA_DIR) ? environment.DATA_DIR : settings.DATA_DIR.defaultText);
  const secrets =
    mode === 'production' ? {} : keepSecrets(join(dataDir, 'secrets.json'), secretNames, environment, systemRandom);
  const read = readConfig(environment, mode, secrets, ROOT);
  if (!read.ok) throw new StartFailure(['these settings need attention:', ...read.errors].join('\n  '));
  mkdirSync(read.config.dataDir, { recursive: true });
  accessSync(read.config.dataDir, constants.W_OK);
  return { config: read.config, secrets };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

async function loadPages(): Promise<AstroHandler> {
  const entry = join(ROOT, 'dist/server/entry.mjs');
  try {
    accessSync(entry);
  } catch {
    throw new StartFailure('the pages are not built yet: run npm run build first, or npm start, which does it');
  }
  const pages = (await import(pathToFileURL(entry).href)) as { handler: AstroHandler };
  return pages.handler;
}

/** The parcel service behind the demo API. A second portal on the machine uses the first one's. */
async function startDemoService(config: Config, running: Running, log: Log): Promise<void> {
  const { startParcelService } = await import('../demo/parcel-service.ts');
  try {
    const { port } = new URL(config.upstreams.get('parcels') ?? DEMO_SERVICE);
    const service = await startParcelService({ port: Number(port) });
    running.behind.push(() => service.close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    log.warn({ reason: startFailureText(error) }, 'the demo parcel service is not started');
  }
}

function announcement({ config, gatewayPort, firstOwnerLink }: Started): string {
  const gateway =
    config.gatewayPort === gatewayPort ? config.gatewayPublicUrl : `http://${config.gatewayHost}:${gatewayPort}`;
  const lines = [
    ['Portal', config.publicUrl],
    ['Gateway', gateway],
    ...(config.mode === 'production' || config.smtpUrl !== null ? [] : [['Mails', `${config.publicUrl}/dev/mail`]]),
    ...(config.readOnlyFolder === null
      ? []
      : [['Read only', `${config.readOnlyFolder} cannot be written: people read, keys work, nothing is kept.`]]),
    ...(firstOwnerLink === null ? [] : [['First owner', `${firstOwnerLink}  (works once)`]]),
  ];
  const table = lines.map(([name = '', value = '']) => `  ${name.padEnd(12)} ${value}`).join('\n');
  return `\n  Gatehouse ${version} is ready (${config.mode} mode).\n\n${table}\n\n  Ctrl-C ends it.\n\n`;
}
