import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { busyPort } from './port-check.mjs';
import { ROOT } from './terminal.mjs';
import { watchSources } from './watch.mjs';

const TASKS = ['build', 'demo', 'development', 'production'];

/**
 * Installs and builds what is missing, then runs the portal with the Node that the project brings along.
 * @param {string} [task] a mode (`demo`, `development`, `production`), or `build` to stop after building
 */
export async function launch(task = 'demo') {
  try {
    if (!TASKS.includes(task)) throw new Error(`"${task}" is none of ${TASKS.join(', ')}.`);
    if (task !== 'build') await refuseBusyPort();
    await ensureInstalled();
    await ensureBuilt();
    if (task === 'build') return;
    if (task === 'development') await runAndReload();
    else process.exitCode = await run(task).ended;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Before the installation, so that nobody waits a minute to read this. */
async function refuseBusyPort() {
  const busy = await busyPort(process.env);
  if (!busy) return;
  throw new Error(
    `Port ${busy.port} is in use: stop the program that uses it, or set ${busy.setting} to another port.`,
  );
}

/** Builds and starts again after every change; what does not build or start waits for the next one. */
async function runAndReload() {
  const changes = watchSources();
  for (;;) {
    const portal = run('development');
    const isChanged = await Promise.race([portal.ended.then(() => false), changes.next().then(() => true)]);
    if (portal.isAsked()) break;
    if (!isChanged) await changes.next();
    portal.stop();
    await portal.ended;
    while (!(await isBuilt())) await changes.next();
  }
  changes.close();
}

async function isBuilt() {
  try {
    await ensureBuilt();
    return true;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return false;
  }
}

/** @param {string} mode */
function run(mode) {
  const node = join(ROOT, 'node_modules/.bin/node');
  const child = spawn(node, [join(ROOT, 'src/main.ts'), '--mode', mode], { cwd: ROOT, stdio: 'inherit' });
  let isAsked = false;
  // A terminal sends Ctrl-C to the portal as well; it ends once, however often it is asked.
  const pass = () => {
    isAsked = true;
    child.kill('SIGTERM');
  };
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve(code ?? 1);
    });
  });
  return { ended, stop: () => child.kill('SIGTERM'), isAsked: () => isAsked };
}
