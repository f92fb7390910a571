import { expect, test } from 'vitest';

import { parseSignInForm } from '../../src/sign-in/sign-in.form.ts';

function form(email: string, password: string): FormData {
  const data = new FormData();
  data.set('email', email);
  data.set('password', password);
  return data;
}

test('any password may be tried, also one that signing up would refuse', () => {
  expect(parseSignInForm(form('ada@example.com', 'short'))).toEqual({
    ok: true,
    value: { email: 'ada@example.com', password: 'short' },
  });
});

test.each([
  ['an empty password', 'ada@example.com', '', 'password'],
  [
    'a password no account can have, so that nobody makes us hash a megabyte',
    'ada@example.com',
    'a'.repeat(513),
    'password',
  ],
  ['two addresses', 'ada@example.com,grace@example.com', 'a password', 'email'],
])('%s is refused at the field', (_, email, password, field) => {
  expect(parseSignInForm(form(email, password))).toMatchObject({
    ok: false,
    errors: { [field]: expect.any(String) as string },
  });
});
