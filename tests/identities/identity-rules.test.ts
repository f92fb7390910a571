import { describe, expect, test } from 'vitest';

import { decideUnknown, readableLabel } from '../../src/identities/identity.ts';
import { newErrand, openErrand } from '../../src/identities/errand-ticket.ts';
import { type Environment, readConfig } from '../../src/settings/config.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { secretNames } from '../../src/settings/settings.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const SECRET = new TextEncoder().encode('a session secret of tests, 32 characters');

const proven = (email: string | null, isEmailVerified: boolean) =>
  ({ provider: 'oidc', issuer: 'https://id.example', subject: '1', label: 'x', email, isEmailVerified }) as const;
const account = { isVerified: true, isSuspended: false, hasSecondFactor: false };

test.each([
  [proven('ada@example.com', true), null, 'create'],
  [proven('ada@example.com', true), account, 'link'],
  [proven('ada@example.com', true), { ...account, isVerified: false }, 'sign_in_first'],
  [proven('ada@example.com', true), { ...account, isSuspended: true }, 'sign_in_first'],
  [proven('ada@example.com', true), { ...account, hasSecondFactor: true }, 'sign_in_first'],
  [proven('ada@example.com', false), null, 'email_not_verified'],
  [proven('ada@example.com', false), account, 'email_not_verified'],
  [proven(null, true), null, 'email_not_verified'],
  [proven('a@example.com\r\nBcc: b@example.com', true), null, 'email_not_verified'],
  [proven('a@example.com, b@example.com', true), account, 'email_not_verified'],
] as const)('an unknown identity, %j, with %j: %s', (identity, known, decision) => {
  expect(decideUnknown(identity, { account: known })).toBe(decision);
});

test('names from elsewhere are shown without what cannot be seen', () => {
  expect(readableLabel('ada\r\n\u202eexample')).toBe('adaexample');
  expect(readableLabel('\u200b')).toBe('unnamed');
  expect(readableLabel('a'.repeat(900))).toHaveLength(254);
});

describe('tickets', () => {
  const given = { provider: 'oidc', errand: 'sign_in', next: '/docs', sessionId: '' } as const;
  const errand = newErrand(SECRET, given, systemRandom, NOW);

  test('lead back to what they were made for, and to the values that were sent', () => {
    const opened = openErrand(SECRET, errand.ticket, given, NOW);
    expect(opened).toMatchObject({ errand: 'sign_in', next: '/docs', state: errand.state, nonce: errand.nonce });
    expect(errand.codeVerifier).toMatch(/^[\w-]{43}$/);
    expect(new Set([errand.state, errand.nonce, errand.codeVerifier]).size).toBe(3);
  });

  test('a changed ticket has other values, or is none', () => {
    for (let place = 0; place < errand.ticket.length; place += 1) {
      const other = errand.ticket[place] === '1' ? '2' : '1';
      const changed = errand.ticket.slice(0, place) + other + errand.ticket.slice(place + 1);
      expect(openErrand(SECRET, changed, given, NOW)?.state).not.toBe(errand.state);
    }
  });
});

describe('settings', () => {
  const secrets = Object.fromEntries(secretNames.map((name) => [name, 'only-for-tests-only-for-tests-only-for-tests']));
  const read = (environment: Environment) =>
    readConfig({ PUBLIC_URL: 'https://portal.test', ...secrets, ...environment }, 'production');
  const github = { GITHUB_CLIENT_ID: 'Iv1', GITHUB_CLIENT_SECRET: 's' };
  const oidc = { OIDC_ISSUER: 'https://id.example.com/realms/staff', OIDC_CLIENT_ID: 'g', OIDC_CLIENT_SECRET: 's' };

  test('without them there is no provider', () => {
    expect(read({})).toMatchObject({ ok: true, config: { signIn: { oidc: null, github: null } } });
  });

  test('with them there is one of each', () => {
    expect(read({ ...github, ...oidc, OIDC_NAME: 'Example ID' })).toMatchObject({
      config: {
        signIn: {
          oidc: { url: 'https://id.example.com/realms/staff', clientId: 'g', name: 'Example ID' },
          github: { url: 'https://github.com', clientId: 'Iv1', name: 'GitHub' },
        },
      },
    });
  });

  test.each([
    [{ OIDC_ISSUER: oidc.OIDC_ISSUER }, /OIDC_CLIENT_ID is required.*OIDC_CLIENT_SECRET is required/s],
    [{ GITHUB_CLIENT_ID: 'Iv1' }, /GITHUB_CLIENT_SECRET is required/],
    [{ ...oidc, OIDC_ISSUER: 'http://id.example.com' }, /OIDC_ISSUER must be an https URL/],
    [{ ...oidc, OIDC_ISSUER: 'https://a:b@id.example.com' }, /OIDC_ISSUER must be/],
    [{ ...github, GITHUB_URL: 'https://github.example.com/path' }, /GITHUB_URL must be/],
    [{ ...oidc, OIDC_NAME: '<b>' }, /OIDC_NAME must be/],
  ])('%j is refused', (environment, pattern) => {
    const result = read(environment);
    expect(result.ok ? '' : result.errors.join('\n')).toMatch(pattern);
  });
});
