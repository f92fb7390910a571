import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
const program = fileURLToPath(new URL('./gatehouse.mjs', import.meta.url));

/**
 * Runs the program once more, with the Node of its packages.
 * @param {readonly string[]} words
 */
export async function handOver(words) {
  if (!existsSync(node)) {
    process.stderr.write(`gatehouse: run "npm ci" in its folder first, or use Node 22.18 or later.\n`);
    process.exitCode = 2;
    return;
  }
  const child = spawn(node, [program, ...words], { stdio: 'inherit' });
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
