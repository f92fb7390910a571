import { describe, expect, test } from 'vitest';

import { parseSignUpForm } from '../../src/accounts/sign-up.form.ts';

const password = 'eleven purple bicycles';

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

describe('the e-mail address', () => {
  test.each(['a@example.com', "o'brien+tag@mail.example.co.uk", 'a@localhost', `${'a'.repeat(64)}@example.com`])(
    '%s is one plain address',
    (email) => {
      expect(parseSignUpForm(form({ email, password }))).toEqual({ ok: true, value: { email, password } });
    },
  );

  test.each([
    '',
    'ada',
    'ada@',
    '@example.com',
    'a@b@example.com',
    'a@a.test, evil@x.test',
    'a@a.test,evil@x.test',
    'a@a.test;evil@x.test',
    'a@a.test\r\nRCPT TO:<evil@x.test>',
    'a@a.test\nBcc: evil@x.test',
    'a\u0000@a.test',
    'a b@a.test',
    '"a b"@a.test',
    'Ada <a@a.test>',
    '<a@a.test>',
    'a(comment)@a.test',
    'a@[127.0.0.1]',
    'a@-a.test',
    'a@a..test',
    'a@a.test.',
    'ａda＠example.com',
    'a@exämple.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(20)}`,
  ])('%j is refused with a message at the field', (email) => {
    const parsed = parseSignUpForm(form({ email, password }));
    expect(parsed).toMatchObject({
      ok: false,
      errors: { email: expect.stringContaining('one plain e-mail address') as string },
    });
  });

  test('blanks around it are dropped', () => {
    expect(parseSignUpForm(form({ email: ' ada@example.com ', password }))).toMatchObject({
      value: { email: 'ada@example.com' },
    });
  });
});

describe('the password', () => {
  const parse = (given: string) => parseSignUpForm(form({ email: 'ada@example.com', password: given }));

  test.each([
    ['15 characters', 'a1!'.repeat(5)],
    ['blanks at both ends, kept as typed', '  seven   blanks  '],
    ['256 characters outside the first plane, each counted once', '😀'.repeat(256)],
  ])('may have %s', (_, given) => {
    expect(parse(given)).toMatchObject({ ok: true, value: { password: given } });
  });

  test.each([
    ['14 characters', 'a1!b2.c3?d4-e5', 'Use 15 characters or more'],
    ['14 characters outside the first plane', '😀'.repeat(14), 'Use 15 characters or more'],
    ['257 characters', 'ab'.repeat(128) + 'c', 'Use 256 characters or fewer'],
  ])('may not have %s', (_, given, message) => {
    expect(parse(given)).toMatchObject({ ok: false, errors: { password: expect.stringContaining(message) as string } });
  });

  test('never comes back with what was typed', () => {
    const parsed = parseSignUpForm(form({ email: 'no address', password: 'a secret that was typed' }));
    expect(JSON.stringify(parsed)).not.toContain('a secret');
    expect(parsed).toMatchObject({ ok: false, values: { email: 'no address' } });
  });
});

test('absent, repeated and file fields are refused, not thrown', () => {
  expect(parseSignUpForm(new FormData())).toMatchObject({
    ok: false,
    errors: { email: expect.any(String) as string, password: expect.any(String) as string },
  });
  const repeated = form({ email: 'ada@example.com', password });
  repeated.append('email', 'evil@example.com');
  expect(parseSignUpForm(repeated).ok).toBe(false);
  const file = form({ email: 'ada@example.com' });
  file.set('password', new File(['x'.repeat(20)], 'password.txt'));
  expect(parseSignUpForm(file).ok).toBe(false);
});

test('fields of the page and fields of the row never reach the request', () => {
  const parsed = parseSignUpForm(form({ email: 'ada@example.com', password, token: 't', role: 'owner' }));
  expect(parsed).toEqual({ ok: true, value: { email: 'ada@example.com', password } });
});
