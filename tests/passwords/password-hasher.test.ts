import { expect, test } from 'vitest';

import { NO_PASSWORD_HASH, createPasswordHasher } from '../../src/passwords/password-hasher.ts';
import { systemRandom } from '../../src/platform/random.ts';

const hasher = createPasswordHasher(systemRandom);

test('a password is stored as argon2id with 19 MiB, two passes and a salt of its own', async () => {
  const hashes = await Promise.all([hasher.hash('eleven purple bicycles'), hasher.hash('eleven purple bicycles')]);
  expect(hashes[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(hashes[0]).not.toBe(hashes[1]);
});

test('the same password in another Unicode form is the same password', async () => {
  const hash = await hasher.hash('Ångström über alles'.normalize('NFD'));
  expect(await hasher.verify(hash ?? '', 'Ångström über alles'.normalize('NFC'))).toBe(true);
  expect(await hasher.verify(hash ?? '', 'Angström über alles')).toBe(false);
});

test('no password fits the hash that stands in for unknown accounts', async () => {
  expect(await hasher.verify(NO_PASSWORD_HASH, '')).toBe(false);
  expect(NO_PASSWORD_HASH).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('of forty at once two run, 32 wait and six are turned away; afterwards all are served again', async () => {
  const crowd = createPasswordHasher(systemRandom);
  const answers = await Promise.all(Array.from({ length: 40 }, () => crowd.verify(NO_PASSWORD_HASH, 'x')));
  expect(answers.filter((answer) => answer === null)).toHaveLength(6);
  expect(answers.filter((answer) => answer === false)).toHaveLength(34);
  expect(await crowd.verify(NO_PASSWORD_HASH, 'x')).toBe(false);
});

test('a failed piece of work gives its place back', async () => {
  const crowd = createPasswordHasher(systemRandom);
  const broken = Array.from({ length: 4 }, () => crowd.verify('not a hash', 'x'));
  expect((await Promise.allSettled(broken)).map((result) => result.status)).toEqual(Array(4).fill('rejected'));
  expect(await crowd.verify(NO_PASSWORD_HASH, 'x')).toBe(false);
});
