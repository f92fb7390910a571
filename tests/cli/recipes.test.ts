import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { findProgram } from '../support/programs.ts';
import { type CommandHouse, openCommandHouse } from './house.ts';

const folder = 'content/guides/command-line';
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

let house: CommandHouse;
beforeAll(async () => {
  house = await openCommandHouse();
  for (const name of ['Shop', 'CI']) {
    const issued = await house.gatehouse(['keys', 'issue', '--name', name, '--file', join(house.folder, name)]);
    if (issued.code !== 0) throw new Error(issued.error);
  }
});
afterAll(() => house.stop());

/** Puts a program on the PATH that writes its arguments and its standard input into a log, then does `more`. */
function stub(name: string, more = ''): { log(): string; calls(): string[] } {
  const log = join(house.folder, `${name}.log`);
  const input = `if [ ! -t 0 ]; then sed 's/^/input: /' >> '${log}'; echo >> '${log}'; fi\n`;
  const script = `#!/bin/sh\necho "called: $*" >> '${log}'\n${more === '' ? input : more}`;
  writeFileSync(join(house.folder, 'bin', name), script, { mode: 0o755 });
  return {
    log: () => readFileSync(log, 'utf8'),
    calls: () => [...readFileSync(log, 'utf8').matchAll(/^called: (.*)$/gm)].map(([, words = '']) => words),
  };
}

const tokenIn = (text: string): string => /gth_test_[0-9A-Za-z]{36}/.exec(text)?.[0] ?? '';
const statusWith = async (token: string): Promise<number> => {
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch(`${house.portal.gatewayUrl}/parcels/v2/services`, { headers })).status;
};

describe('the recipe for GitHub Actions', () => {
  interface Step {
    name: string;
    run: string;
    env: Record<string, string>;
  }
  const workflow = parse(read('rotate-key.yml')) as {
    jobs: { rotate: { steps: Step[]; env: Record<string, string> } };
  };
  const [install, rotate] = workflow.jobs.rotate.steps;

  test('its step rotates, stores and tries the key, and ends the old one', async () => {
    const old = readFileSync(join(house.folder, 'CI'), 'utf8');
    const gh = stub('gh');
    const environment = {
      GATEHOUSE_TOKEN: house.token,
      GATEHOUSE_TOKEN_FILE: undefined,
      CHECK_URL: `${house.portal.gatewayUrl}/parcels/v2/services`,
    };
    // As the runner does it.
    writeFileSync(join(house.folder, 'step.sh'), rotate?.run ?? '');
    const ended = await house.shell('bash --noprofile --norc -eo pipefail step.sh', { environment });
    expect([ended.code, ended.error]).toEqual([0, '']);
    expect(gh.calls()).toEqual(['secret set PARCELS_API_KEY']);
    expect(await statusWith(tokenIn(gh.log()))).toBe(200);
    expect(await statusWith(old)).toBe(401);
    expect(ended.out).not.toContain(tokenIn(gh.log()));
  });

  test('has secrets in the environment of the one step that needs them, and in no command', () => {
    expect(rotate?.env.GATEHOUSE_TOKEN).toBe('${{ secrets.GATEHOUSE_TOKEN }}');
    for (const { run } of [install, rotate].filter((step) => step !== undefined)) expect(run).not.toContain('${{');
    expect(JSON.stringify([install?.env, workflow.jobs.rotate.env])).not.toContain('secrets.');
  });
});

describe('the recipe for Kubernetes', () => {
  test('puts the new key into the secret and restarts what uses it; the key is in no argument', async () => {
    const manifest = 'printf "kind: Secret\\nstringData: { key: %s }\\n" "$(cat)"';
    const log = join(house.folder, 'kubectl.log');
    const kubectl = stub(
      'kubectl',
      `case "$*" in *create*) ${manifest} ;; *apply*) sed 's/^/input: /' >> '${log}' ;; esac\n`,
    );
    copyFileSync(join(folder, 'store-in-kubernetes.sh'), join(house.folder, 'store-in-kubernetes.sh'));
    const command = 'gatehouse keys rotate Shop --exec "sh ./store-in-kubernetes.sh"';
    const ended = await house.shell(command, { environment: { NAMESPACE: 'shop' } });
    expect([ended.code, ended.error]).toEqual([0, '']);
    const token = tokenIn(kubectl.log());
    expect(kubectl.log()).toContain(`input: stringData: { key: ${token} }`);
    expect(await statusWith(token)).toBe(200);
    expect(kubectl.calls()).toHaveLength(4);
    expect(kubectl.calls().filter((words) => words.includes(token))).toEqual([]);
    expect(kubectl.calls().every((words) => words.startsWith('--namespace shop '))).toBe(true);
  });

  test('when the cluster refuses, the rotation ends with 10 and the old key stays', async () => {
    stub('kubectl', 'cat > /dev/null\nexit 1\n');
    const ended = await house.shell('gatehouse keys rotate Shop --exec "sh ./store-in-kubernetes.sh"');
    expect(ended.code).toBe(10);
    const { keys } = (await house.gatehouse(['keys', 'list', '--json'])).json() as {
      keys: { name: string; state: string }[];
    };
    expect(keys.filter(({ name, state }) => name === 'Shop' && state === 'active').length).toBeGreaterThan(1);
  });
});

describe('the recipe for systemd', () => {
  const service = read('gatehouse-rotate.service');
  const settings = (name: string): string[] =>
    [...service.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

  test('the command of the service, with the environment that systemd gives it, rotates the key', async () => {
    const state = join(house.folder, 'state');
    mkdirSync(state, { mode: 0o700 });
    const credentials = join(house.folder, 'credentials');
    mkdirSync(credentials);
    writeFileSync(join(credentials, 'gatehouse-token'), house.token, { mode: 0o400 });
    const expanded = settings('Environment').map((value) =>
      value.replaceAll('%d', credentials).replaceAll('%S/gatehouse-rotate', state),
    );
    const variables = Object.fromEntries(
      expanded.map((value) => value.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    expect(Object.keys(variables)).toEqual(['GATEHOUSE_URL', 'GATEHOUSE_TOKEN_FILE', 'XDG_STATE_HOME']);
    const command = (settings('ExecStart')[0] ?? '').replace('/usr/local/bin/', '').replace('--older-than 25d ', '');
    const ended = await house.shell(command.replace('keys rotate Shop', 'keys rotate CI'), {
      environment: { ...variables, GATEHOUSE_URL: house.portal.portalUrl, STATE_DIRECTORY: state },
    });
    expect([ended.code, ended.error]).toEqual([0, '']);
    expect(await statusWith(readFileSync(join(state, 'api-key'), 'utf8'))).toBe(200);
    expect(readdirSync(state)).toContain('gatehouse');
  });

  test('systemd finds nothing wrong with the units', () => {
    const analyze = findProgram('systemd-analyze');
    if (analyze === null) return;
    for (const name of ['gatehouse-rotate.service', 'gatehouse-rotate.timer']) {
      const unit = read(name).replace('/usr/local/bin/gatehouse', join(house.folder, 'bin/gatehouse'));
      writeFileSync(join(house.folder, name), unit);
    }
    const paths = ['gatehouse-rotate.service', 'gatehouse-rotate.timer'].map((name) => join(house.folder, name));
    const { stderr } = spawnSync(analyze, ['verify', ...paths], { encoding: 'utf8' });
    expect(stderr.split('\n').filter((line) => line.includes('gatehouse-rotate'))).toEqual([]);
  });
});
