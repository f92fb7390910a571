import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { everyStatus } from '../pages/every-status.ts';
import { type Cast, makeCast } from '../pages/people.ts';
import { routes } from '../pages/route-matrix.ts';
import { objectsFor } from '../pages/route-objects.ts';
import { type WatchedPortal, startWatchedPortal } from '../pages/watched-portal.ts';
import type { HttpResponse } from '../support/http-request.ts';

/** What browsers keep of a cookie, name included (RFC 6265, 6.1). */
const LONGEST_COOKIE = 4096;

let portal: WatchedPortal;
let cast: Cast;
/** What every route answers to the owner, to a developer and to nobody. */
const answers: { path: string; session: string | null; answer: HttpResponse }[] = [];

beforeAll(async () => {
  portal = await startWatchedPortal();
  cast = await makeCast(portal);
  for (const person of [cast.anonymous, cast.developer, cast.owner])
    for (const route of routes.filter(({ read }) => read !== 'nobody')) {
      const { path = '' } = objectsFor(route, person, cast)[0] ?? {};
      const { session } = person;
      answers.push({ path, session, answer: await portal.send({ path, session }) });
    }
});
afterAll(() => portal.stop());

const header = ({ headers }: HttpResponse, name: string): string => headers.get(name)?.join(', ') ?? '';

describe('a field for a password', () => {
  test('hides what is typed, and says to password managers what it is for', async () => {
    const forms = [
      ...answers,
      { path: '/first-owner', session: null, answer: await portal.send({ path: '/sign-in' }) },
    ];
    const fields = forms.flatMap(({ path, answer }) =>
      [...parseHTML(answer.body || '<html></html>').document.querySelectorAll('input')]
        .filter((input) => /password/i.test(input.getAttribute('name') ?? ''))
        .map((input) => ({ path, input })),
    );
    expect(fields.length).toBeGreaterThan(4);
    for (const { path, input } of fields) {
      expect([path, input.getAttribute('type')]).toEqual([path, 'password']);
      expect([path, input.getAttribute('autocomplete')]).toEqual([
        path,
        expect.stringMatching(/^(current|new)-password$/),
      ]);
      expect([path, input.getAttribute('onpaste'), input.getAttribute('readonly')]).toEqual([path, null, null]);
    }
  });
});

test('every page for people who are signed in has a button to sign out', () => {
  const pages = answers.filter(
    ({ session, answer }) =>
      session !== null && answer.status === 200 && header(answer, 'content-type').includes('text/html'),
  );
  expect(pages.length).toBeGreaterThan(40);
  expect(pages.filter(({ answer }) => !answer.body.includes('action="/sign-out"')).map(({ path }) => path)).toEqual([]);
});

test('csp_evaluator finds nothing of weight in any policy', () => {
  const policies = new Set(
    answers.map(({ answer }) =>
      // A demo has no https; an installation has.
      header(answer, 'content-security-policy').replace(portal.process.gatewayUrl, 'https://gateway.example'),
    ),
  );
  expect(policies.size).toBeGreaterThan(1);
  const findings = [...policies].flatMap((policy) =>
    new CspEvaluator(new CspParser(policy).csp)
      .evaluate()
      .filter(({ severity }) => severity <= Severity.HIGH_MAYBE)
      .map(({ description, severity }) => `${severity}: ${description} (${policy})`),
  );
  expect(findings).toEqual([]);
  const loose = new CspEvaluator(new CspParser(`script-src 'unsafe-inline' *`).csp).evaluate();
  expect(loose.some(({ severity }) => severity <= Severity.HIGH_MAYBE)).toBe(true);
});

test('no page makes a request to anybody else', () => {
  const { portalUrl, gatewayUrl } = portal.process;
  const asking =
    'script[src], img, source, video, audio, iframe, embed, object, link:not([rel=canonical]), form, use, input[src]';
  const elsewhere = answers.flatMap(({ path, answer }) =>
    [...parseHTML(answer.body || '<html></html>').document.querySelectorAll(asking)].flatMap((element) =>
      ['src', 'srcset', 'href', 'action', 'data', 'poster', 'ping']
        .map((name) => element.getAttribute(name))
        .filter((value): value is string => value !== null && !value.startsWith('data:'))
        .filter((value) => new URL(value, portalUrl).origin !== portalUrl)
        .map((value) => `${path}: ${value}`),
    ),
  );
  expect(elsewhere).toEqual([]);
  const sources = answers.flatMap(
    ({ answer }) => header(answer, 'content-security-policy').match(/\bhttps?:[^ ;]+/g) ?? [],
  );
  expect(new Set(sources)).toEqual(new Set([gatewayUrl]));
});

test('no cookie is longer than a browser keeps', async () => {
  const set = answers.flatMap(({ answer }) => answer.headers.get('set-cookie') ?? []);
  const theme = await portal.send({ path: '/theme', form: { theme: 'dark', next: '/' } });
  const cookies = [...set, ...(theme.headers.get('set-cookie') ?? [])];
  expect(cookies.length).toBeGreaterThan(0);
  expect(cookies.filter((cookie) => (cookie.split(';', 1)[0] ?? '').length > LONGEST_COOKIE)).toEqual([]);
});

test('no answer names the software or its version', async () => {
  const all = [...answers.map(({ answer }) => answer)];
  for (const [, , request] of everyStatus(portal)) all.push(await portal.send(request));
  const telling = all.flatMap(({ headers, body }) => {
    const named = ['server', 'x-powered-by', 'via', 'x-generator'].filter((name) => headers.has(name));
    return /<meta name="generator"/i.test(body) || /node_modules|\bat \S+ \(file:/.test(body)
      ? [...named, 'body']
      : named;
  });
  expect(telling).toEqual([]);
});

test('the name of every download is plain', () => {
  const names = answers.map(({ answer }) => header(answer, 'content-disposition')).filter((value) => value !== '');
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(name).toMatch(/^(attachment|inline); filename="[\w.-]{1,100}"$/);
});

test.each([
  '/.git/config',
  '/.git/',
  '/.env',
  '/package.json',
  '/package-lock.json',
  '/src/main.ts',
  '/db/',
  '/portal.sqlite',
  '/secrets.json',
  '/assets/',
  '/assets',
  '/swagger-ui/',
  '/content/guides/keys.md',
  '/dist/server/entry.mjs',
  '/node_modules/astro/package.json',
  '/favicon.svg.br',
  '/server-status',
  '/debug',
])('neither sources, nor settings, nor folders can be fetched: %s', async (path) => {
  expect((await portal.send({ path })).status).toBe(404);
});

test('a condition that does not hold makes no answer that anybody keeps', async () => {
  const { body } = await portal.send({ path: '/' });
  const style = /href="(\/assets\/[^"]+\.css)"/.exec(body)?.[1] ?? '/favicon.svg';
  for (const path of ['/', style]) {
    const answer = await portal.send({
      path,
      headers: { 'If-Match': '"x"', 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
    });
    const isKept = /max-age=[1-9]/.test(header(answer, 'cache-control'));
    expect([path, answer.status >= 400 && isKept]).toEqual([path, false]);
  }
});

describe('a refused request', () => {
  test('is a line of the log, with address and id, without what was sent', async () => {
    const forged = '/sign-up?x=secret-words%0a{"level":60}';
    const answer = await portal.send({
      method: 'POST',
      path: forged,
      headers: { Origin: 'https://evil.example', Cookie: 'gatehouse=cookie-words' },
    });
    expect(answer.status).toBe(403);
    const id = header(answer, 'x-request-id');
    await expect.poll(() => portal.process.output().includes(id)).toBe(true);
    const line =
      portal.process
        .output()
        .split('\n')
        .find((one) => one.includes(id)) ?? '';
    expect(JSON.parse(line)).toMatchObject({
      ...{ level: 40, msg: 'refused', method: 'POST', path: '/sign-up', status: 403, address: '127.0.0.1' },
    });
    expect(portal.process.output()).not.toMatch(/secret-words|cookie-words/);
  });
});

test('ending sessions asks for the password when the sign-in is old', async () => {
  const { session } = cast.neighbour;
  const database = openDatabase<PortalSchema>({ url: `sqlite:${portal.process.dataDir}/portal.sqlite` });
  const count = async (): Promise<number> =>
    (await database.kysely.selectFrom('session').select('id').execute()).length;
  await database.kysely
    .updateTable('session')
    .set((row) => ({ created_at_ms: row('created_at_ms', '-', 11 * 60_000) }))
    .execute();
  const before = await count();
  const answer = await portal.send({ path: '/account/sessions', session, form: { session: 'others' } });
  expect([answer.status, header(answer, 'location')]).toEqual([303, '/sign-in/again?next=%2Faccount']);
  expect(await count()).toBe(before);
  await database.close();
});

test('the session of an owner that is a day old is asked for the password before pages of owners', async () => {
  const { session } = cast.owner;
  const database = openDatabase<PortalSchema>({ url: `sqlite:${portal.process.dataDir}/portal.sqlite` });
  await database.kysely
    .updateTable('session')
    .set((row) => ({ created_at_ms: row('created_at_ms', '-', 25 * 60 * 60_000) }))
    .execute();
  await database.close();
  const read = await portal.send({ path: '/owner/audit', session });
  const sent = await portal.send({ path: '/owner/keys', session, form: { keyId: `key_${'0'.repeat(20)}` } });
  expect([read.status, header(read, 'location')]).toEqual([303, '/sign-in/again?next=%2Fowner%2Faudit']);
  expect([sent.status, header(sent, 'location')]).toEqual([303, '/sign-in/again?next=%2Fowner%2Fkeys']);
  const home = await portal.send({ path: '/home', session });
  expect([home.status, home.body.includes('href="/owner"')]).toEqual([200, true]);
});
