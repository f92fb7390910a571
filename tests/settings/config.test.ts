import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { type Environment, type Mode, readConfig } from '../../src/settings/config.ts';
import { secretNames, settings } from '../../src/settings/settings.ts';

const secret = 'only-for-tests-only-for-tests-only-for-tests';
const secrets = Object.fromEntries(secretNames.map((name) => [name, secret]));

function configOf(environment: Environment, mode: Mode = 'demo') {
  const read = readConfig({ ...secrets, ...environment }, mode, {}, '/srv/portal');
  if (!read.ok) throw new Error(read.errors.join('\n'));
  return read.config;
}

function errorsOf(environment: Environment, mode: Mode = 'demo'): readonly string[] {
  const read = readConfig({ ...secrets, ...environment }, mode, {}, '/srv/portal');
  return read.ok ? [] : read.errors;
}

test('with nothing set, everything is on loopback and nobody is trusted', () => {
  expect(configOf({})).toMatchObject({
    publicUrl: 'http://127.0.0.1:4321',
    host: '127.0.0.1',
    verifierHost: '127.0.0.1',
    gatewayHost: '127.0.0.1',
    gatewayPublicUrl: 'http://127.0.0.1:8080',
    dataDir: '/srv/portal/db/data',
    databaseUrl: 'sqlite:/srv/portal/db/data/portal.sqlite',
    usageDatabaseUrl: 'sqlite:/srv/portal/db/data/usage.sqlite',
    trustedProxies: [],
    smtpUrl: null,
  });
});

test('production asks for its address and every secret, all in one go', () => {
  const read = readConfig({}, 'production');
  expect(read.ok ? [] : read.errors.map((error) => error.split(' ')[0])).toEqual(['PUBLIC_URL', ...secretNames]);
});

test('production does not use the secrets that a demo kept', () => {
  expect(readConfig({ PUBLIC_URL: 'https://portal.test' }, 'production', {}).ok).toBe(false);
  expect(readConfig({}, 'demo', secrets).ok).toBe(true);
});

test.each([
  ['PUBLIC_URL', 'portal.test'],
  ['PUBLIC_URL', 'https://portal.test/developers'],
  ['PUBLIC_URL', 'javascript:alert(1)'],
  ['PUBLIC_URL', 'https://name:password@portal.test'],
  ['PUBLIC_URL', 'https://portal.test/#x'],
  ['HOST', 'a b'],
  ['PORT', '65536'],
  ['PORT', '80.5'],
  ['PORT', 'http'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', '10.0.0.0/8, proxy.internal'],
  ['DATABASE_URL', 'mysql://localhost/portal'],
  ['SMTP_URL', 'http://mail.test'],
  ['MAIL_FROM', 'a@a.test, evil@x.test'],
  ['KEY_PREFIX', 'GTH_'],
  ['KEY_PEPPER', 'too short'],
  ['LOG_LEVEL', 'loud'],
])('%s does not take %j, and the error names it', (name, value) => {
  const errors = errorsOf({ [name]: value });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(new RegExp(`^${name} `));
});

test.each(['KEY_PEPPER', 'GATEWAY_SECRET'])('%s may have a previous one, which is another', (name) => {
  const previous = `${secret}-of-last-year`;
  expect(errorsOf({ [`${name}_PREVIOUS`]: previous })).toEqual([]);
  expect(errorsOf({ [`${name}_PREVIOUS`]: 'too short' })[0]).toContain(`${name}_PREVIOUS `);
  const [same = ''] = errorsOf({ [`${name}_PREVIOUS`]: secret });
  expect(same).toContain(`${name}_PREVIOUS is the same as ${name}`);
  expect(same).not.toContain(secret);
});

test.each([
  ['edge=short', /pairs of a name and a secret/],
  ['no name', /pairs of a name and a secret/],
  [`Edge=${'x'.repeat(32)}`, /pairs of a name and a secret/],
  [`edge=${'x'.repeat(32)}, edge=${'y'.repeat(32)}`, /a name twice/],
  [`shared=${'x'.repeat(32)}`, /a name twice/],
  [`edge=${'x'.repeat(32)}, berlin=${'x'.repeat(32)}`, /a secret twice/],
  [`edge=${secret}`, /a secret twice/],
])('GATEWAY_SECRETS does not take %j', (given, reason) => {
  const [error = ''] = errorsOf({ GATEWAY_SECRETS: given });
  expect(error).toMatch(reason);
  expect(error).not.toMatch(/x{32}/);
});

test('each gateway may have a secret of its own, also with signs of base64', () => {
  const [edge, berlin] = [`${'a/b+'.repeat(10)}==`, 'b'.repeat(32)];
  const { gatewaySecrets } = configOf({ GATEWAY_SECRETS: ` edge-1=${edge}, berlin=${berlin} ` });
  expect([...gatewaySecrets]).toEqual([
    ['edge-1', edge],
    ['berlin', berlin],
  ]);
});

test('all errors are told at once', () => {
  expect(errorsOf({ PORT: 'x', TRUSTED_PROXIES: 'x', LOG_LEVEL: 'x' })).toHaveLength(3);
});

test('an error about a secret does not repeat it', () => {
  expect(errorsOf({ SESSION_SECRET: 'hunter2' }).join()).not.toContain('hunter2');
});

test('the entry of TRUSTED_PROXIES that cannot be read is named', () => {
  expect(errorsOf({ TRUSTED_PROXIES: '10.0.0.0/8, proxy.internal' })[0]).toContain('proxy.internal');
  expect(configOf({ TRUSTED_PROXIES: '10.0.0.0/8 , ::1,' }).trustedProxies).toEqual(['10.0.0.0/8', '::1']);
});

test.each([
  ['0.0.0.0', 'http://localhost:4321'],
  ['::', 'http://localhost:4321'],
  ['::1', 'http://[::1]:4321'],
  ['portal.internal', 'http://portal.internal:4321'],
])('listening on %s, people are sent to %s unless PUBLIC_URL says otherwise', (HOST, publicUrl) => {
  expect(configOf({ HOST }).publicUrl).toBe(publicUrl);
  expect(configOf({ HOST, PUBLIC_URL: 'https://portal.test/' }).publicUrl).toBe('https://portal.test');
});

test('a secret may come from a file; a file that cannot be read is an error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
  const file = join(folder, 'pepper');
  writeFileSync(file, `${secret}-from-a-file\n`);
  const given = { ...secrets, KEY_PEPPER: undefined };
  const read = readConfig({ ...given, KEY_PEPPER_FILE: file }, 'demo');
  expect(read.ok && new TextDecoder().decode(read.config.keyPepper)).toBe(`${secret}-from-a-file`);
  const missing = readConfig({ ...given, KEY_PEPPER_FILE: join(folder, 'none') }, 'demo');
  rmSync(folder, { recursive: true });
  expect(missing.ok ? [] : missing.errors[0]).toContain('KEY_PEPPER_FILE names a file that cannot be read');
});

test('every setting says what it means', () => {
  for (const { meaning } of Object.values(settings)) expect(meaning).toMatch(/^[A-Z].{15,}\.$/);
});
