import { createInterface } from 'node:readline';

import { createLog } from '../../src/platform/log.ts';

/** A process that logs what it is told on standard input, and says on standard output that it has. */
const log = createLog('writer', 'info');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'leave') {
    log.info('the last line');
    process.exit(0);
  }
  log.info(line);
  process.stdout.write(`${line}\n`);
}
