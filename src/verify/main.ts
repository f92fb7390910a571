import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';

import { nodeVersionProblem } from '../platform/node-version.ts';

/**
 * Entry point of the verifier process: `--mode demo|development|production`; all settings and secrets come from the
 * environment. A parent process is told `{ type: 'ready', verifierPort, gatewayPort }`; whatever it sends is sent back, so
 * that it knows of a process that hangs.
 */
const problem = nodeVersionProblem(process.versions.node);
if (problem !== null) fail(problem);

// Calls that are under way when memory is collected survive it. V8 may take that for a sign that all calls live long, and
// then puts what they are made of where it is collected last: after some starts each call took half as much time again.
setFlagsFromString('--no-allocation-site-pretenuring');

// Imported only now: on an older Node the database driver ends the process without a word.
const { composeVerifier } = await import('../composition/compose-verifier.ts');
const { readConfig } = await import('../settings/config.ts');
const { createLog } = await import('../platform/log.ts');
const { standInForReadOnly } = await import('../database/stand-in-folder.ts');

const { mode } = parseArgs({ options: { mode: { type: 'string', default: 'production' } } }).values;
if (mode !== 'demo' && mode !== 'development' && mode !== 'production') fail(`--mode cannot be "${mode}"`);
try {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const standIn = standInForReadOnly(process.env, root);
  process.once('exit', () => standIn?.remove());
  const read = readConfig(standIn?.environment ?? process.env, mode, {}, root);
  if (!read.ok) fail(read.errors.join('\n'));
  const verifier = await composeVerifier(read.config, createLog('verifier', read.config.logLevel));
  onEnd(() => verifier.stop());
  const ports = await verifier.start();
  process.on('message', (pulse) => process.send?.(pulse));
  process.send?.({ type: 'ready', ...ports });
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

/** Ends cleanly, once, on a signal or when the parent is gone. */
function onEnd(stop: () => Promise<void>): void {
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => fail(String(error)),
    );
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, end);
}

function fail(message: string): never {
  process.stderr.write(`The verifier cannot run: ${message}\n`);
  process.exit(1);
}
