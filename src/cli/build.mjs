import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { compressFiles } from './compress.mjs';
import { ROOT, say, seconds } from './terminal.mjs';

/** Stands in dist/, so that it goes with it. */
const STAMP = join(ROOT, 'dist/.build-stamp');

/** Everything that the pages are made of; `src` also for the rules and forms that they import. */
const SOURCES = ['src', 'public', 'astro.config.mjs', 'package-lock.json', 'tsconfig.json'];

/** Parts of `src` that no page imports. */
const NOT_IN_PAGES = /^src\/(main\.ts|(cli|gateway|jobs|demo|composition)\/|.*-store\.ts$)/;

/**
 * Builds the pages when their sources have changed since the last build.
 * @returns {Promise<void>} rejects with what the build said when it fails
 */
export async function ensureBuilt() {
  const stamp = hashOfSources();
  if (readStamp() === stamp) return;
  const startedAt = performance.now();
  say('Building the pages ...');
  rmSync(STAMP, { force: true });
  await runAstroBuild();
  await compressFiles(join(ROOT, 'dist/client'));
  writeFileSync(STAMP, stamp);
  say(`Built in ${seconds(startedAt)}.`);
}

function readStamp() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return null;
  }
}

function hashOfSources() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(filesUnder).sort()) {
    if (NOT_IN_PAGES.test(file)) continue;
    hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  const stats = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (!stats) return [];
  if (stats.isFile()) return [path];
  return readdirSync(join(ROOT, path)).flatMap((name) => filesUnder(`${path}/${name}`));
}

/** @returns {Promise<void>} */
function runAstroBuild() {
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), [join(ROOT, 'node_modules/astro/bin/astro.mjs'), 'build'], {
    cwd: ROOT,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${output}\nThe pages could not be built; the lines above say why.`));
    });
  });
}
