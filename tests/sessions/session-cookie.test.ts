import { expect, test } from 'vitest';

import { blankSessionCookie, sessionCookie, sessionCookieName } from '../../src/sessions/session-cookie.ts';

const expiresAtMs = Date.parse('2026-03-02T00:00:00Z');

test('over https the cookie is bound to the host, unreadable for scripts and not sent by other sites', () => {
  expect(sessionCookie('https://developers.example.com', 'TOKEN', expiresAtMs)).toBe(
    '__Host-gatehouse=TOKEN; Expires=Mon, 02 Mar 2026 00:00:00 GMT; Path=/; HttpOnly; SameSite=Lax; Secure',
  );
  expect(sessionCookieName('https://developers.example.com')).toBe('__Host-gatehouse');
});

test('over http, on one machine, it has neither the prefix nor Secure, which browsers would refuse', () => {
  expect(sessionCookie('http://127.0.0.1:4321', 'TOKEN', expiresAtMs)).toBe(
    'gatehouse=TOKEN; Expires=Mon, 02 Mar 2026 00:00:00 GMT; Path=/; HttpOnly; SameSite=Lax',
  );
});

test('the blank cookie removes the very same one', () => {
  expect(blankSessionCookie('https://developers.example.com')).toBe(
    '__Host-gatehouse=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
  );
});
