import { expect, test } from 'vitest';

import { relyingParty } from '../../src/passkeys/passkey.ts';
import { parsePasskeyRequestForm, parsePasskeySignInForm } from '../../src/passkeys/passkey-sign-in.form.ts';
import { parseRegisterPasskeyForm } from '../../src/passkeys/register-passkey.form.ts';

const form = (fields: Readonly<Record<string, string>>): FormData => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  return made;
};
const answer = {
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA', userHandle: null },
  clientExtensionResults: { credProps: { rk: true } },
  authenticatorAttachment: 'platform',
};

test('what browsers send is read, and what nobody asked for is dropped', () => {
  const parsed = parsePasskeySignInForm(form({ ceremony: 'sign_in', response: JSON.stringify(answer) }));
  expect(parsed).toEqual({
    ok: true,
    value: {
      ceremony: 'sign_in',
      response: {
        id: 'AAAA',
        rawId: 'AAAA',
        type: 'public-key',
        response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' },
        clientExtensionResults: {},
      },
    },
  });
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '{}',
  JSON.stringify({ ...answer, type: 'password' }),
  JSON.stringify({ ...answer, id: 'not base64url!' }),
  JSON.stringify({ ...answer, response: { ...answer.response, signature: 7 } }),
  JSON.stringify({ ...answer, response: { ...answer.response, signature: 'A'.repeat(2049) } }),
  `${JSON.stringify(answer)}${' '.repeat(17_000)}`,
  `${'['.repeat(8000)}${']'.repeat(8000)}`,
])('an answer that is none is refused with a word about it, and not shown again: %#', (response) => {
  const parsed = parsePasskeySignInForm(form({ ceremony: 'sign_in', response }));
  expect(parsed).toMatchObject({ ok: false, errors: { response: expect.stringContaining('passkey') as string } });
  expect(parsed).not.toHaveProperty('values.response');
  expect(parseRegisterPasskeyForm(form({ name: 'Laptop', response }))).toMatchObject({ ok: false });
});

test('unknown ceremonies and fields of an answer are refused; asking takes the ceremony alone', () => {
  const response = JSON.stringify(answer);
  for (const fields of [
    { ceremony: 'register', response },
    { response },
    { ceremony: 'sign_in', response, accountId: 'acc_1' },
  ])
    expect(parsePasskeySignInForm(form(fields)).ok).toBe(false);
  expect(parsePasskeyRequestForm(form({ ceremony: 'register' })).ok).toBe(false);
  const asked = parsePasskeyRequestForm(form({ ceremony: 'sign_in', email: 'a@example.com' }));
  expect(asked).toEqual({ ok: true, value: { ceremony: 'sign_in' } });
});

test.each([
  ['https://developers.example.com', { id: 'developers.example.com', origin: 'https://developers.example.com' }],
  [
    'https://developers.example.com:8443',
    { id: 'developers.example.com', origin: 'https://developers.example.com:8443' },
  ],
  ['http://localhost:4321', { id: 'localhost', origin: 'http://localhost:4321' }],
  ['http://developers.example.com', null],
  ['http://127.0.0.1:4321', null],
  ['https://192.0.2.7', null],
  ['https://[2001:db8::1]', null],
])('passkeys for %s', (publicUrl, expected) => {
  expect(relyingParty(publicUrl)).toEqual(expected);
});
