import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { changedTables } from '../support/portal-state.ts';
import { parseResponse, sendRaw } from '../support/raw-http.ts';
import { tryFromElsewhere } from './cross-origin-attempts.ts';
import { bodyOf, bodyWriters } from './form-bodies.ts';
import { everyStatus, issueTwice, staticPaths } from './every-status.ts';
import { findKept } from './kept-secrets.ts';
import { headerFaults } from './header-faults.ts';
import { hostilePaths } from './hostile-paths.ts';
import { TRAP_NAMES, hostileForms, rightsGained } from './hostile-forms.ts';
import { malformedRequests } from './malformed-requests.ts';
import { type Cast, PASSWORD, emailOf, issueKey, makeCast } from './people.ts';
import { type Posting, type Route, routes } from './route-matrix.ts';
import { objectsFor } from './route-objects.ts';
import { routesOnDisk, walkMatrix } from './walk-matrix.ts';
import { type WatchedPortal, startWatchedPortal } from './watched-portal.ts';
import { addWebhook } from './webhook-objects.ts';

/** Of each form. */
const HOSTILE_FORMS = 200;
/** Thousands of requests, perhaps beside other suites. */
const LONG = { timeout: 900_000 };

let portal: WatchedPortal;
let cast: Cast;
beforeAll(async () => {
  portal = await startWatchedPortal();
  cast = await makeCast(portal);
});
afterAll(() => portal.stop());

type Form = Route & { post: Posting };
const forms = routes.filter((route): route is Form => route.post !== null);
const ownForms = forms.filter(({ post }) => post.by === 'team' || post.by === 'signed-in');
const STRICT_OPEN_FORMS = new Set(['/feedback', '/security/report']);
const openForms = forms.filter(({ post }) => post.by === 'everyone');

/** The developer's own address for a route, and the session for it; forms for everybody come from nobody. */
function ownTarget(route: Route): { path: string; session: string | null } {
  const path = objectsFor(route, cast.developer, cast)[0]?.path ?? '';
  return { path, session: route.post?.by === 'everyone' ? null : cast.developer.session };
}

function report(count: number, what: string): void {
  process.stdout.write(`${count} ${what}\n`);
}

describe('who may do what', () => {
  test('every route that exists is declared, and every declared route exists', () => {
    expect(routes.map(({ path }) => path).sort()).toEqual([...routesOnDisk().keys()].sort());
  });

  test(
    'every route answers every method, person and object as declared, and nothing changes when it refuses',
    LONG,
    async () => {
      const walk = await walkMatrix(portal, cast);
      report(walk.cells, 'cells of route, method, person and object');
      expect(walk.deviations).toEqual([]);
    },
  );

  test('a request from elsewhere changes nothing, by no method, no content type and no override', LONG, async () => {
    const walk = await tryFromElsewhere(portal, cast);
    report(walk.cells, 'requests from elsewhere');
    expect(walk.deviations).toEqual([]);
  });
});

describe('a form takes its own fields and no others', () => {
  beforeAll(async () => {
    // The matrix has revoked the first key.
    const { developer } = cast;
    if (!developer.owns || developer.session === null) throw new Error('the developer has nothing');
    const applicationId = developer.owns.otherApplicationId;
    const { keyId } = await issueKey(portal, developer.session, applicationId);
    const webhook = await addWebhook(portal, developer.session, '/webhooks');
    cast = { ...cast, developer: { ...developer, owns: { ...developer.owns, applicationId, keyId, webhook } } };
  });

  test.each(ownForms.filter(({ path }) => path !== '/sign-up/check-mail'))(
    '$path refuses every column of the database and every trap as a field, and changes nothing',
    async (route) => {
      const { path, session } = ownTarget(route);
      const right = route.post.form();
      const before = await portal.state.read();
      const names = [...portal.state.columnNames, ...TRAP_NAMES].filter((name) => !Object.keys(right).includes(name));
      for (const name of names) {
        const fields = [...Object.entries(right), [name, 'owner'] as const];
        const headers = { Origin: portal.process.portalUrl };
        const { body, ...written } = bodyOf(bodyWriters.urlencoded, fields);
        const answer = await portal.send({
          method: 'POST',
          path,
          session,
          body,
          headers: { ...headers, ...written.headers },
        });
        expect(answer.status, name).toBe(422);
      }
      expect(changedTables(before, await portal.state.read())).toEqual([]);
    },
  );

  test.each(openForms)('$path gives no rights to who adds the columns of the database', async (route) => {
    const before = await portal.state.rights();
    const columns = portal.state.columnNames.map((name) => [name, name === 'role' ? 'owner' : '1'] as const);
    const form = { ...Object.fromEntries(columns), ...route.post.form() };
    const { status } = await portal.send({ ...ownTarget(route), form });
    expect(status).toBe(STRICT_OPEN_FORMS.has(route.path) ? 422 : route.post.status);
    expect(rightsGained(before, await portal.state.rights())).toEqual([]);
  });

  test.each(forms)('$path survives hostile forms and gives no rights for them', LONG, async (route) => {
    const { path, session } = ownTarget(route);
    // Failed sign-ins are counted by address.
    const from = portal.from(`127.0.1.${forms.indexOf(route) + 1}`);
    const before = await portal.state.rights();
    const hostile = hostileForms(route.post.form(), portal.state.columnNames);
    await fc.assert(
      fc.asyncProperty(hostile, async ({ fields, writer }) => {
        const { headers, body } = bodyOf(writer, fields);
        const origin = { Origin: portal.process.portalUrl };
        const answer = await from.send({ method: 'POST', path, session, body, headers: { ...origin, ...headers } });
        expect(answer.status).toBeLessThan(500);
        expect(rightsGained(before, await portal.state.rights())).toEqual([]);
      }),
      { numRuns: HOSTILE_FORMS, seed: 20261124 },
    );
  });
});

describe('an address', () => {
  test.each(routes)(
    'of $path with a suffix or a parameter of paths is another one, and there is nothing',
    async (route) => {
      const { path } = ownTarget(route);
      const { session } = cast.developer;
      for (const suffix of ['/x.css', '.css', '.json', '/style.js', ';x.css', '%3bx.css']) {
        if (routes.some((other) => other.path === `${route.path}${suffix}`)) continue;
        const answer = await portal.send({ path: `${path}${suffix}`.replace('//', '/'), session });
        expect(answer.status, suffix).toBe(404);
      }
    },
  );

  test('to go on to never leads to another site, after signing in and after choosing colours', LONG, async () => {
    const { portalUrl } = portal.process;
    const { session } = cast.developer;
    const paths = hostilePaths();
    const leads = new Set<string>();
    const check = async (request: Parameters<WatchedPortal['send']>[0]): Promise<void> => {
      const answer = await portal.send(request);
      const location = answer.headers.get('location')?.[0] ?? '';
      expect(answer.status).toBe(303);
      leads.add(location);
    };
    for (const next of paths) {
      const query = new URLSearchParams({ next }).toString();
      await Promise.all([
        check({ path: `/sign-in?${query}`, session }),
        check({ path: '/theme', form: { theme: 'light', next } }),
      ]);
    }
    const credentials = { email: emailOf('neighbour'), password: PASSWORD };
    for (const next of paths.filter((_, index) => index % 100 === 0))
      await check({ path: `/sign-in?${new URLSearchParams({ next }).toString()}`, form: credentials });
    report(2 * paths.length, 'hostile addresses to go on to');
    expect([...leads].filter((location) => !/^\/(?![/\\])/.test(location))).toEqual([]);
    expect([...leads].filter((location) => new URL(location, portalUrl).origin !== portalUrl)).toEqual([]);
  });
});

describe('an API key', () => {
  test('is shown in one answer, and then never again: in no page, mail, file, log or error', async () => {
    const { session, owns } = cast.neighbour;
    if (session === null || !owns) throw new Error('the neighbour has nothing');
    const { keyId, token } = await issueKey(portal, session, owns.applicationId);
    const person = { ...cast.neighbour, owns: { ...owns, keyId } };
    for (const route of routes)
      for (const { path } of objectsFor(route, person, cast)) await portal.send({ path, session });
    const gateway = `${portal.process.gatewayUrl}/parcels/v2/parcels`;
    expect((await fetch(gateway, { headers: { Authorization: `Bearer ${token}` } })).status).not.toBe(401);
    expect((await fetch(`${gateway}?api_key=${token}`)).status).toBe(400);
    expect(portal.seen.tokens.get(token)).toEqual([`POST /applications/${owns.applicationId}/keys`]);
  });

  test('none of those issued so far was shown twice', async () => {
    const { session, owns } = cast.owner;
    expect(await issueTwice(portal, session ?? '', owns?.applicationId ?? '')).toEqual([200, 409]);
    // The guides show the shape of a key with one that was never issued.
    const shown = [...portal.seen.tokens.values()].filter(([first]) => first?.startsWith('POST /applications/'));
    report(shown.length, 'API keys issued');
    expect(shown.filter((answers) => answers.length > 1)).toEqual([]);
  });

  test('its token is kept nowhere, nor are sessions and passwords', () => {
    // A page of the documentation shows one that was never issued.
    const issued = [...portal.seen.tokens].filter(([, [first = '']]) => first.startsWith('POST '));
    const tokens = issued.map(([token]) => token);
    expect(tokens.length).toBeGreaterThan(10);
    const people = Object.values(cast);
    const sessions = people
      .flatMap(({ session, spareSession }) => [session, spareSession])
      .filter((one) => one !== null);
    const secrets = [
      ...tokens.map((token) => ['a token', token.slice('gth_test_'.length)] as const),
      ...sessions.map((session) => ['a session', session] as const),
      ['a password', PASSWORD] as const,
      ['the first owner’s link', new URL(portal.process.firstOwnerUrl).searchParams.get('token') ?? ''] as const,
    ];
    expect(findKept(portal, secrets)).toEqual([]);
  });
});

describe('the security headers', () => {
  test('are on every kind of answer', async () => {
    for (const [status, what, request] of everyStatus(portal))
      for (const session of [null, cast.developer.session])
        expect([what, (await portal.send({ ...request, session })).status]).toEqual([what, status]);
  });

  test('are on what is refused before a page sees it, and the portal serves on', async () => {
    const { portalPort, portalUrl } = portal.process;
    const { host } = new URL(portalUrl);
    for (const [status, what, bytes] of malformedRequests(host)) {
      const answer = parseResponse(await sendRaw(portalPort, bytes));
      expect([what, answer.status, headerFaults(answer, { path: '' })]).toEqual([what, status, []]);
    }
    expect((await portal.send({ path: '/healthz' })).status).toBe(200);
  });

  test('are on every file of the build, also when it is unchanged', async () => {
    const paths = staticPaths();
    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths) {
      const answer = await portal.send({ path });
      expect([path, answer.status]).toEqual([path, 200]);
      const again = { 'If-None-Match': answer.headers.get('etag')?.[0] ?? '' };
      expect((await portal.send({ path, headers: again })).status).toBe(304);
    }
  });

  test('are whole, each once, on every answer that any of these tests has had; private ones are never kept', () => {
    report(portal.seen.answers, 'answers with the whole set of security headers');
    expect([...portal.seen.headerFaults]).toEqual([]);
  });
});
