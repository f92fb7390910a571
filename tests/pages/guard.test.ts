import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  checkMailPath,
  enter,
  enterAsOwner,
  nextPath,
  notFound,
  requireRecentSignIn,
  signInPath,
  signUpPath,
} from '../../src/ui/guard.ts';
import { hostilePaths } from './hostile-paths.ts';

const SITE = 'https://portal.example';
const actor = {
  accountId: 'acc_1',
  email: 'ada@example.com',
  role: 'developer' as const,
  emailVerified: true,
  teamIds: ['team_1'],
  teamRoles: new Map([['team_1', 'admin' as const]]),
  signedInAtMs: 0,
};
const account = {
  id: 'acc_1',
  email: 'ada@example.com',
  role: 'developer' as const,
  emailVerifiedAtMs: 0,
  suspendedAtMs: null,
  createdAtMs: 0,
};

/** Where a browser on the sign-in page would go. */
const destination = (location: string): string => new URL(location, `${SITE}/sign-in`).origin;

describe('nextPath', () => {
  const hostile = hostilePaths();

  test('has a corpus worth the name', () => {
    expect(new Set(hostile).size).toBeGreaterThan(1000);
  });

  test('never leads to another site, nor to a path that it does not know', () => {
    const known = /^\/(home|account|applications|owner|docs|guides|notices|errors)(\/|\?|$)/;
    const wrong = hostile.filter((value) => destination(nextPath(value)) !== SITE || !known.test(nextPath(value)));
    expect(wrong).toEqual([]);
  });

  test('never leads to another site, whatever it is given', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      ':',
      '@',
      '%2f',
      '%5c',
      '\t',
      '\n',
      '?',
      '#',
      '//',
      'home',
      'evil.example',
      'https',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (value) => destination(nextPath(value)) === SITE && nextPath(value).startsWith('/')),
      { numRuns: 5000 },
    );
  });

  test.each([
    '/home',
    '/applications/app_4fTq8Zk2Lm9XcVbN1aSd',
    '/applications/app_4fTq8Zk2Lm9XcVbN1aSd/usage?days=90',
    '/docs/parcels/v2.1',
    '/notices?kind=advisory&api=parcels',
    '/owner',
    '/account/email',
    '/verify-email?token=Ab-_9',
  ])('keeps %s', (path) => {
    expect(nextPath(path)).toBe(path);
  });

  test.each([null, undefined, '', '/', '/unknown', 'home', `/home/${'a'.repeat(600)}`])('falls back for %j', (path) => {
    expect(nextPath(path)).toBe('/home');
    expect(nextPath(path, '/')).toBe('/');
  });

  test('gives what it gave when asked again', () => {
    for (const value of hostile) expect(nextPath(nextPath(value))).toBe(nextPath(value));
  });
});

describe('enter', () => {
  test('lets the signed-in actor in', () => {
    expect(enter({ actor }, new URL(`${SITE}/home`))).toEqual({ ok: true, actor });
  });

  test.each([null, undefined])('sends %j to sign in and back to the page that was asked for', (signedIn) => {
    const url = new URL(`${SITE}/applications/app_1/usage?days=7`);
    const signIn = '/sign-in?next=%2Fapplications%2Fapp_1%2Fusage%3Fdays%3D7';
    expect(enter(signedIn, url)).toEqual({ ok: false, signInPath: signIn });
    expect(new URL(signIn, SITE).searchParams.get('next')).toBe('/applications/app_1/usage?days=7');
  });

  test('does not name the page where signing in leads anyway', () => {
    expect(signInPath('/home')).toBe('/sign-in');
  });
});

describe('the way through a sign-up', () => {
  test('keeps where to come back, and nothing of another site', () => {
    const invitation = '/teams/invitation?token=Ab-_9';
    for (const pathOf of [signUpPath, checkMailPath, signInPath]) {
      expect(new URL(pathOf(invitation), SITE).searchParams.get('next')).toBe(invitation);
      expect(pathOf('https://evil.example/home')).toBe(pathOf('/home'));
    }
  });
});

describe('requireRecentSignIn', () => {
  const url = new URL(`${SITE}/account/two-step`);
  const signedIn = { actor: { ...actor, signedInAtMs: 1_000_000 } };

  test('lets in who signed in within the last ten minutes', () => {
    expect(requireRecentSignIn(signedIn, url, 1_000_000 + 600_000 - 1)).toEqual({ ok: true, actor: signedIn.actor });
  });

  test('A5: asks everybody else for the password, and comes back', () => {
    const again = '/sign-in/again?next=%2Faccount%2Ftwo-step';
    expect(requireRecentSignIn(signedIn, url, 1_000_000 + 600_000)).toEqual({ ok: false, signInPath: again });
    const signIn = '/sign-in?next=%2Faccount%2Ftwo-step';
    expect(requireRecentSignIn(null, url, 1_000_000)).toEqual({ ok: false, signInPath: signIn });
  });
});

describe('enterAsOwner', () => {
  const ownerActor = { ...actor, role: 'owner' as const };
  const ownerAccount = { ...account, role: 'owner' as const };

  test('lets an owner in', () => {
    expect(enterAsOwner({ actor: ownerActor, account: ownerAccount })).toBe(ownerActor);
  });

  test.each([
    ['nobody', null],
    ['a developer', { actor, account }],
    ['an actor whose account is no owner', { actor: ownerActor, account }],
    ['an owner whose session says developer', { actor, account: ownerAccount }],
  ])('keeps %s out', (_, signedIn) => {
    expect(enterAsOwner(signedIn)).toBeNull();
  });
});

test('an absent object is an empty 404, so that the one page for it is shown', () => {
  const response = notFound();
  expect([response.status, response.body]).toEqual([404, null]);
});
