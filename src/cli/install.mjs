import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, say, seconds } from './terminal.mjs';

/** Runs `npm ci` unless exactly what the lock file names is installed already. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  const startedAt = performance.now();
  say('Installing the packages of the lock file; this happens once and takes about a minute ...');
  const code = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new Error('The installation failed; the lines above say why. Mend that and start again.');
  say(`Installed in ${seconds(startedAt)}.`);
}

/** npm writes the inner lock file last, so a broken-off installation has none or an old one. */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    // Packages for other machines are in the lock file, but not in the folder.
    if (!installed[path]) return entry.optional === true;
    return installed[path].integrity === entry.integrity;
  });
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { integrity?: string; optional?: boolean }> | null}
 */
function readPackages(lockFile) {
  try {
    return JSON.parse(readFileSync(join(ROOT, lockFile), 'utf8')).packages;
  } catch {
    return null;
  }
}

/**
 * @param {string[]} words
 * @returns {Promise<number>} the exit code
 */
function runNpm(words) {
  // Under `npm start` this is the npm that was called; it need not be on the PATH.
  const npm = process.env.npm_execpath;
  const [command, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  return new Promise((resolve, reject) => {
    spawn(command, [...before, ...words], { cwd: ROOT, stdio: 'inherit' })
      .once('error', reject)
      .once('exit', (code) => resolve(code ?? 1));
  });
}
