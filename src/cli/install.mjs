import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runNpm } from './progress.mjs';

/** The project's folder, without a trailing slash. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The Node that the project brings along, whatever the machine has. */
export const nodePath = join(root, 'node_modules/.bin/node');

/** Runs `npm ci` unless exactly what the lock file names is installed already. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await runNpm('Installing packages', root, ['ci', '--no-audit', '--no-fund']);
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
    return JSON.parse(readFileSync(join(root, lockFile), 'utf8')).packages;
  } catch {
    return null;
  }
}
