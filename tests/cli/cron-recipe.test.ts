import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startCaller } from './caller.ts';
import { type CommandHouse, openCommandHouse } from './house.ts';

const crontab = readFileSync('content/guides/command-line/crontab', 'utf8');
const DAY_MS = 86_400_000;

let clockFolder: string;
let house: CommandHouse;
let keyFile: string;
beforeAll(async () => {
  clockFolder = mkdtempSync(join(tmpdir(), 'gatehouse-clock-'));
  moveClock(0);
  const preload = pathToFileURL(join(import.meta.dirname, '../support/moved-clock.mjs')).href;
  house = await openCommandHouse({
    NODE_OPTIONS: `--import ${preload}`,
    CLOCK_AHEAD_FILE: join(clockFolder, 'ahead'),
  });
  keyFile = join(house.folder, 'api-key');
});
afterAll(async () => {
  await house.stop();
  rmSync(clockFolder, { recursive: true, force: true });
});

function moveClock(days: number): void {
  // Renaming is one step, so that nobody reads half of a number; so is writing one short line.
  writeFileSync(join(clockFolder, 'ahead'), String(days * DAY_MS));
}

/** The line as cron gives it to the shell: without the schedule; the paths are those of the test. */
function cronCommand(): string {
  const line = crontab.split('\n').find((one) => /^\d/.test(one)) ?? '';
  const [, command = ''] = /^(?:\S+\s+){5}(.*)$/.exec(line) ?? [];
  return command.replaceAll('/etc/shop/api-key', keyFile);
}

test('run on nights of twelve weeks, the line of the crontab rotates the key three times, and no call is refused', async () => {
  const issued = await house.gatehouse(['keys', 'issue', '--name', 'Shop', '--expires', 'never', '--file', keyFile]);
  expect([issued.code, issued.error]).toEqual([0, '']);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const caller = startCaller(house.portal.gatewayUrl, keyFile, 20);
  const keys = new Set([readFileSync(keyFile, 'utf8')]);
  const rotatedOn: number[] = [];
  for (const day of [24, 25, 26, 50, 76, 84]) {
    await caller.answered(5);
    moveClock(day);
    await caller.answered(5);
    const night = await house.shell(cronCommand());
    expect([night.code, night.out, night.error]).toEqual([0, '', '']);
    const key = readFileSync(keyFile, 'utf8');
    if (!keys.has(key)) rotatedOn.push(day);
    keys.add(key);
  }
  await caller.answered(20);
  await caller.stop();
  expect(rotatedOn).toEqual([25, 50, 76]);
  expect([...caller.answers.keys()]).toEqual(['200']);
  expect(caller.answers.get('200')).toBeGreaterThan(100);
  // The first keys have ended by themselves, and nothing is left to carry on with.
  const { keys: listed } = (await house.gatehouse(['keys', 'list', '--json'])).json() as { keys: { state: string }[] };
  expect(listed.map(({ state }) => state).sort()).toEqual(['active', 'expired', 'expired', 'expired']);
  expect(existsSync(join(house.home, '.local/state/gatehouse'))).toBe(true);
}, 120_000);

test('a night on which the file cannot be written is made good by a later one, before the old key has ended', async () => {
  const command = cronCommand();
  const before = readFileSync(keyFile, 'utf8');
  moveClock(110);
  const failed = await house.shell(command.replaceAll(`--file ${keyFile}`, '--exec "exit 3"'));
  expect(failed.code).toBe(10);
  expect(failed.error).toContain('ended with 3');
  expect(readFileSync(keyFile, 'utf8')).toBe(before);
  // The new key is a day old by now, and its answer is forgotten: it is replaced all the same.
  moveClock(111.5);
  const repaired = await house.shell(command);
  expect([repaired.code, repaired.error]).toEqual([0, '']);
  expect(readFileSync(keyFile, 'utf8')).not.toBe(before);
  for (const key of [before, readFileSync(keyFile, 'utf8')]) {
    const headers = { Authorization: `Bearer ${key}` };
    const { status } = await fetch(`${house.portal.gatewayUrl}/parcels/v2/services`, { headers });
    expect(status).toBe(200);
  }
}, 120_000);
