import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { systemRandom } from '../../src/platform/random.ts';
import { keepSecrets } from '../../src/settings/secret-file.ts';

const names = ['KEY_PEPPER', 'SESSION_SECRET'];
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-secrets-'));
  path = join(folder, 'data/secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const keep = (environment = {}, wanted = names) => keepSecrets(path, wanted, environment, systemRandom);

test('secrets are made once, 256 random bits each, and kept', () => {
  const made = keep();
  expect(Object.keys(made)).toEqual(names);
  for (const secret of Object.values(made)) expect(secret).toMatch(/^[0-9A-Za-z]{43}$/);
  expect(made.KEY_PEPPER).not.toBe(made.SESSION_SECRET);
  expect(keep()).toEqual(made);
});

test('only the owner may read the file, also when it was looser before', () => {
  keep();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o644);
  keep();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'data'))).toEqual(['secrets.json']);
});

test('a secret that a setting gives, directly or as a file, is neither made nor written down', () => {
  const made = keep({ KEY_PEPPER: 'given', SESSION_SECRET_FILE: '/run/secrets/session' });
  expect(made).toEqual({});
  const partly = keep({ KEY_PEPPER: 'given', SESSION_SECRET: '' });
  expect(Object.keys(partly)).toEqual(['SESSION_SECRET']);
  expect(readFileSync(path, 'utf8')).not.toContain('KEY_PEPPER');
});

test('a secret that is needed later is added, and the older ones stay', () => {
  const { KEY_PEPPER } = keep({}, ['KEY_PEPPER']);
  expect(keep()).toMatchObject({ KEY_PEPPER });
});

test.each(['', '{', '[]', '{"KEY_PEPPER": 1}'])('a damaged file %j stops the start; it is not replaced', (text) => {
  keep();
  writeFileSync(path, text);
  expect(() => keep()).toThrow(/is damaged/);
  expect(readFileSync(path, 'utf8')).toBe(text);
});
