import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { signIn, signUp } from './people.ts';
import { type WatchedPortal, startWatchedPortal } from './watched-portal.ts';

const EMAIL = 'tokens@consumer.example';
const TOKEN = /gth_pat_[0-9A-Za-z]{36}/;

let portal: WatchedPortal;
let session: string;
beforeAll(async () => {
  portal = await startWatchedPortal();
  await signUp(portal, EMAIL);
  session = await signIn(portal, EMAIL);
});
afterAll(() => portal.stop());

let count = 0;
const form = (changes: Record<string, string> = {}) => {
  count += 1;
  const requestId = `request-${String(count).padStart(16, '0')}`;
  return { name: 'Nightly', applications: 'read', expiry: '30', requestId, ...changes };
};
const create = (changes: Record<string, string> = {}) =>
  portal.send({ path: '/account/tokens', session, form: form(changes) });
const list = () => portal.send({ path: '/account/tokens', session });
const whoAmI = (token: string) =>
  portal.send({ path: '/api/v1/account', headers: { Accept: 'application/json', Authorization: `Bearer ${token}` } });

async function newToken(): Promise<string> {
  const token = TOKEN.exec((await create()).body)?.[0];
  if (token === undefined) throw new Error('no token');
  return token;
}

describe('access tokens', () => {
  test('an account without one is told what they are for', async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body).toContain('No access tokens yet');
    expect(body).toContain('/account/tokens/new');
  });

  test('a token is shown once, works at once, and stands on no page after that', async () => {
    const answer = await create({ name: 'Shown once' });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, ['private, no-store']]);
    const token = TOKEN.exec(answer.body)?.[0] ?? '';
    expect(JSON.parse((await whoAmI(token)).body)).toMatchObject({ email: EMAIL, token: { name: 'Shown once' } });
    const { body } = await list();
    expect(body).toContain('Shown once');
    expect(body).not.toContain(token);
    expect(body).toContain(`${token.slice(0, 12)}…${token.slice(-4)}`);
  });

  test('a form that is sent twice makes one token', async () => {
    const sent = form();
    const [first, second] = [
      await portal.send({ path: '/account/tokens', session, form: sent }),
      await portal.send({ path: '/account/tokens', session, form: sent }),
    ];
    expect([first.status, second.status]).toEqual([200, 409]);
    expect(second.body).not.toMatch(TOKEN);
    expect(second.body).toContain('shown once already');
  });

  test('a form that is not right is shown again with what was typed', async () => {
    const answer = await create({ applications: 'none', name: 'Kept' });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('Choose something that the token may do.');
    expect(answer.body).toContain('value="Kept"');
  });

  test('the rights of owners are neither offered nor given to others', async () => {
    expect((await portal.send({ path: '/account/tokens/new', session })).body).not.toContain('name="owner"');
    const answer = await create({ owner: 'read' });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('Only owners can give a token the rights of owners.');
  });

  test('creating one asks for the password again when the sign-in is old', async () => {
    const old = await signIn(portal, EMAIL);
    const database = openDatabase<PortalSchema>({ url: `sqlite:${portal.process.dataDir}/portal.sqlite` });
    const { created_at_ms: newest } = await database.kysely
      .selectFrom('session')
      .select(({ fn }) => fn.max('created_at_ms').as('created_at_ms'))
      .executeTakeFirstOrThrow();
    const earlier = { created_at_ms: newest - 11 * 60_000 };
    await database.kysely.updateTable('session').set(earlier).where('created_at_ms', '=', newest).execute();
    await database.close();
    const read = await portal.send({ path: '/account/tokens/new', session: old });
    const sent = await portal.send({ path: '/account/tokens', session: old, form: form() });
    for (const answer of [read, sent]) {
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toEqual(['/sign-in/again?next=%2Faccount%2Ftokens%2Fnew']);
    }
  });

  test('a token is revoked by its owner alone, after being asked', async () => {
    const token = await newToken();
    const id = (JSON.parse((await whoAmI(token)).body) as { token: { id: string } }).token.id;
    const path = `/account/tokens/${id}/revocation`;
    await signUp(portal, 'other@consumer.example');
    const other = await signIn(portal, 'other@consumer.example');
    expect((await portal.send({ path, session: other })).status).toBe(404);
    expect((await portal.send({ path, session: other, form: {} })).status).toBe(404);
    expect((await whoAmI(token)).status).toBe(200);
    expect((await portal.send({ path, session })).body).toContain('Revoke the token');
    const revoked = await portal.send({ path, session, form: {} });
    expect([revoked.status, revoked.headers.get('location')]).toEqual([303, ['/account/tokens?done=revoked']]);
    expect((await whoAmI(token)).status).toBe(401);
  });

  test('somebody who finds one ends it with the form for leaked keys', async () => {
    const token = await newToken();
    const answer = await portal.send({ path: '/report-leaked-key', form: { text: `found: ${token}` } });
    expect(answer.status).toBe(200);
    expect((await whoAmI(token)).status).toBe(401);
  });

  test('a session opens no operation of the API', async () => {
    const answer = await portal.send({ path: '/api/v1/account', session, headers: { Accept: 'application/json' } });
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([401, { code: 'missing_access_token' }]);
  });

  test('pages of other sites cannot call the API, even with a token', async () => {
    const token = await newToken();
    const headers = {
      Authorization: `Bearer ${token}`,
      Origin: 'https://evil.example',
      'Content-Type': 'application/json',
    };
    const body = JSON.stringify({ name: 'x' });
    const answer = await portal.send({ method: 'POST', path: '/api/v1/applications', headers, body });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeUndefined();
  });

  test('unknown paths and methods are problems for programs, whatever they accept', async () => {
    for (const [method, path, status] of [
      ['GET', '/api/v1/nothing', 404],
      ['PUT', '/api/v1/nothing/at/all', 404],
      ['GET', '/api/v1', 404],
      ['DELETE', '/api/v1/apis', 405],
      ['OPTIONS', '/api/v1/apis', 405],
    ] as const) {
      const answer = await portal.send({ method, path, headers: { Accept: 'text/html' } });
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        status,
        ['application/problem+json'],
      ]);
    }
  });

  test('every answer had the headers that every answer must have', () => {
    expect(portal.seen.headerFaults).toEqual(new Set());
  });
});
