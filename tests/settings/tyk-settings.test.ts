import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { type Environment, readConfig } from '../../src/settings/config.ts';
import { secretNames } from '../../src/settings/settings.ts';

const secrets = Object.fromEntries(secretNames.map((name) => [name, 'only-for-tests-only-for-tests-only-for-tests']));
const tyk = { TYK_URL: 'http://10.0.0.8:8080', TYK_SECRET: 's', TYK_ORG_ID: 'portal', TYK_APIS: 'parcels=api1' };

const read = (environment: Environment) =>
  readConfig({ PUBLIC_URL: 'https://portal.test', ...secrets, ...environment }, 'production');

function configOf(environment: Environment) {
  const result = read(environment);
  if (!result.ok) throw new Error(result.errors.join('\n'));
  return result.config.tyk;
}

function errorsOf(environment: Environment): readonly string[] {
  const result = read(environment);
  return result.ok ? [] : result.errors;
}

test('without TYK_URL there is no Tyk, and nothing about it is asked for', () => {
  expect(configOf({})).toBeNull();
  expect(configOf({ ...tyk, TYK_URL: '' })).toBeNull();
});

test('with it, all the rest is asked for at once', () => {
  expect(errorsOf({ TYK_URL: 'http://10.0.0.8:8080' }).map((error) => error.split(' ')[0])).toEqual([
    'TYK_SECRET',
    'TYK_ORG_ID',
    'TYK_APIS',
  ]);
});

test('APIs are pairs; addresses are not believed to be checked unless that is said', () => {
  expect(configOf({ ...tyk, TYK_APIS: 'parcels=api1, tariffs=9f-8_e' })).toEqual({
    url: 'http://10.0.0.8:8080',
    secret: 's',
    orgId: 'portal',
    apis: new Map([
      ['parcels', 'api1'],
      ['tariffs', '9f-8_e'],
    ]),
    enforcesAddresses: false,
  });
  expect(configOf({ ...tyk, TYK_ADDRESSES: 'enforced' })?.enforcesAddresses).toBe(true);
});

test('the secret may stand in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-tyk-'));
  const file = join(folder, 'secret');
  writeFileSync(file, 'from a file\n');
  expect(configOf({ ...tyk, TYK_SECRET: undefined, TYK_SECRET_FILE: file })?.secret).toBe('from a file');
  rmSync(folder, { recursive: true });
});

test.each([
  ['TYK_URL', 'http://10.0.0.8:8080/tyk'],
  ['TYK_URL', 'tyk:8080'],
  ['TYK_ORG_ID', 'my org'],
  ['TYK_APIS', 'parcels'],
  ['TYK_APIS', 'parcels=api1,=x'],
  ['TYK_APIS', ' , '],
  ['TYK_ADDRESSES', 'yes'],
  ['KEY_PREFIX', 'eyes'],
])('%s must not be %s', (name, value) => {
  expect(errorsOf({ ...tyk, [name]: value }).map((error) => error.split(' ')[0])).toContain(name);
});
