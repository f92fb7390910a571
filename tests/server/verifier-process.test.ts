import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { createLog } from '../../src/platform/log.ts';
import { startVerifier } from '../../src/server/verifier-process.ts';

let folder: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-verifier-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A stand-in that writes down its process id and then does what `script` says. */
function start(script: string) {
  count += 1;
  const file = join(folder, `verifier-${count}.mjs`);
  const trace = `${file}.trace`;
  appendFileSync(trace, '');
  writeFileSync(
    file,
    `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(trace)}, process.pid + ' ');\n${script}`,
  );
  const started = startVerifier({
    command: [file, 'demo'],
    environment: { TOLD: 'yes' },
    clock: { nowMs: () => 0 },
    log: createLog('test', 'silent'),
    pulse: { everyMs: 20, mostMissed: 10 },
  });
  return {
    started,
    processIds: () =>
      readFileSync(trace, 'utf8')
        .split(' ')
        .filter((id) => id !== '')
        .map(Number),
  };
}

const ready = `process.send({ type: 'ready', verifierPort: process.env.TOLD === 'yes' ? 1 : 0, gatewayPort: 2 });`;
const answers = `process.on('message', (pulse) => process.send(pulse));`;
const staysUp = `${ready} ${answers} process.on('disconnect', () => process.exit()); process.on('SIGTERM', () => process.exit(0));`;

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

test('the ports it listens on are known once it is ready, and stopping it waits until it is gone', async () => {
  const { started, processIds } = start(staysUp);
  const verifier = await started;
  expect(verifier?.ready).toEqual({ type: 'ready', verifierPort: 1, gatewayPort: 2 });
  await verifier?.stop(5000);
  expect(processIds().map(isAlive)).toEqual([false]);
});

test('one that ends before it is ready is not started again', async () => {
  const { started, processIds } = start('process.exit(1);');
  expect(await started).toBeNull();
  expect(processIds()).toHaveLength(1);
});

test('one that is killed is started again, as often as needed, and not after it was told to stop', async () => {
  const { started, processIds } = start(staysUp);
  const verifier = await started;
  for (const times of [1, 2]) {
    const current = processIds().at(-1);
    if (current !== undefined) process.kill(current, 'SIGKILL');
    await expect.poll(() => processIds().length).toBe(times + 1);
  }
  await verifier?.stop(5000);
  expect(processIds().some(isAlive)).toBe(false);
  expect(processIds()).toHaveLength(3);
});

test('one that does not listen to being asked is killed', async () => {
  const { started, processIds } = start(`process.on('SIGTERM', () => {}); ${answers} ${ready}`);
  const verifier = await started;
  await verifier?.stop(100);
  expect(processIds().map(isAlive)).toEqual([false]);
});

test('one that hangs is killed and started again; one that is slow to become ready, or to answer, is not', async () => {
  const hangs = `if (isFirst) { ${ready} for (;;); }`;
  const slow = `setTimeout(() => {
    ${ready}
    process.on('message', (pulse) => setTimeout(() => process.send(pulse), 100));
  }, 500);`;
  const script = `import { readFileSync } from 'node:fs';
    const isFirst = readFileSync(process.argv[1] + '.trace', 'utf8').trim().split(' ').length === 1;
    process.on('SIGTERM', () => process.exit(0));
    ${hangs} else { ${slow} }`;
  const { started, processIds } = start(script);
  const verifier = await started;
  await expect.poll(() => processIds().length).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(processIds().map(isAlive)).toEqual([false, true]);
  await verifier?.stop(5000);
  expect(processIds().map(isAlive)).toEqual([false, false]);
});
