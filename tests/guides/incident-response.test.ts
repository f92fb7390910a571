import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';

const guide = readFileSync(join(import.meta.dirname, '../../content/guides/incident-response.md'), 'utf8');
let portal: PortalProcess;

beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

test('the command of the playbook shows with which status a key is refused', async () => {
  const commands = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, command = '']) => command);
  expect(commands).toHaveLength(1);
  const env = { PATH: process.env.PATH, KEY: 'gth_live_none', GATEWAY: portal.gatewayUrl };
  const { stdout } = await promisify(execFile)('sh', ['-c', commands[0] ?? ''], { env });
  expect(stdout).toBe('401\n');
});
