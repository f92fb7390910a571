import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

// `node launch.mjs <script> ...`: runs a script of the tests with the Node that the project brings along, installing
// it first where needed. This file itself runs on whatever Node the machine has.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `Gatehouse needs Node 20 or later and this is ${process.versions.node}: https://nodejs.org/en/download`,
  );
  process.exit(1);
}
const { ensureInstalled } = await import('../../src/cli/install.mjs');
const { ROOT } = await import('../../src/cli/terminal.mjs');
await ensureInstalled();

const binaries = join(ROOT, 'node_modules/.bin');
const child = spawn(join(binaries, 'node'), process.argv.slice(2), {
  cwd: ROOT,
  env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}`, ASTRO_TELEMETRY_DISABLED: '1' },
  stdio: 'inherit',
});
// Ctrl-C reaches the script too, which cleans up; this process waits for it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 1));
