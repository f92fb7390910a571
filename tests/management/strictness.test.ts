import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';

import { operations } from '../../src/management/operations.ts';
import { type Desk, openDesk } from './desk.ts';
import type { Scene } from './operation-case.ts';
import { cases } from './operation-cases.ts';
import { openScene } from './scene.ts';

let desk: Desk;
let scene: Scene;
beforeAll(async () => {
  desk = await openDesk();
  scene = await openScene(desk);
});
afterAll(() => desk.close());

const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  desk.call({ method: 'POST', path: '/applications', body, token: scene.noraToken, headers });

describe('a body', () => {
  it.each([
    ['{"name":"a","name":"b"}', 'names #/name twice'],
    ['{"name":"a"', 'is not JSON'],
    ["{'name':'a'}", 'is not JSON'],
    ['{"name":"a"} {}', 'is not JSON'],
    ['[{"name":"a"}]', 'must be one JSON object'],
    ['"name"', 'must be one JSON object'],
    ['null', 'must be one JSON object'],
    [`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`, 'nested too deep'],
    ['{"name":NaN}', 'is not JSON'],
  ])('%s cannot be read: it %s', async (body, why) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_body' } });
    expect(answer.body.detail).toContain(why);
  });

  it.each([
    [{}, '#/name', 'This member is required.'],
    [{ name: null }, '#/name', 'This must be a string.'],
    [{ name: 7 }, '#/name', 'This must be a string.'],
    [{ name: 'a', Name: 'b' }, '#/Name', 'There is no such member.'],
    [{ name: 'a', 'x/y~z': 1 }, '#/x~1y~0z', 'There is no such member.'],
    [{ name: 'a'.repeat(61) }, '#/name', 'Use 60 characters or fewer.'],
    [
      { name: 'a\u202eb' },
      '#/name',
      'There is a character here that cannot be seen (U+202E). Type the text again without it.',
    ],
  ])('%j is not right, and the answer names the member', async (body, pointer, detail) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body', errors: [{ pointer, detail }] } });
  });

  it('may hold a member called __proto__ as little as any other unknown one', async () => {
    const answer = await post('{"name":"a","__proto__":{"role":"owner"}}');
    expect(answer.status).toBe(422);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', 'text/json', ''])(
    'of the type %j is refused',
    async (type) => {
      expect((await post('{"name":"a"}', { 'Content-Type': type })).body).toMatchObject({
        status: 415,
        code: 'unsupported_media_type',
      });
    },
  );

  it('of the type application/json; charset=utf-8 is fine', async () => {
    expect((await post('{"name":"a"}', { 'Content-Type': 'application/json; charset=utf-8' })).status).toBe(201);
  });

  it('has 64 KiB at most', async () => {
    expect((await post({ name: 'a', description: 'x'.repeat(64 * 1024) })).body).toMatchObject({
      code: 'body_too_large',
    });
  });

  it('is refused where none is taken', async () => {
    const request = { method: 'DELETE', path: '/account/token', token: scene.noraToken, body: {} };
    expect((await desk.call(request)).body).toMatchObject({ code: 'malformed_body' });
  });

  it('does not repeat a token that was pasted into it', async () => {
    const answer = await post({ name: `my ${scene.keyToken}`, [scene.keyToken]: 1 });
    expect(answer.status).toBe(422);
    expect(answer.text).not.toContain(scene.keyToken);
  });
});

/** Yardstick API3: nobody sets what is not theirs to set. */
describe('no column of the database can be set by naming it', () => {
  const withBody = operations.filter(({ body }) => body !== null);
  it.each(withBody.map((operation) => [operation.operationId, operation] as const))('%s', async (name, operation) => {
    const one = cases[name];
    if (!one) throw new Error(name);
    const request = one.ok(scene);
    const token = one.by === 'olga' ? scene.olgaToken : scene.noraToken;
    const tables = await desk.kysely.introspection.getTables();
    const columns = [...new Set(tables.flatMap(({ columns: list }) => list.map((column) => column.name)))];
    const allowed = new Set(Object.keys(request.body as object));
    const names = [...columns, ...columns.map(camelCase), 'role', 'isOwner', 'actor'].filter(
      (each) => !allowed.has(each),
    );
    const extra = Object.fromEntries(names.map((each) => [each, 1]));
    const answer = await desk.call({ ...request, token, body: { ...extra, ...(request.body as object) } });
    expect(answer.status).toBe(422);
    const refused = (answer.body.errors as { pointer: string }[]).map(({ pointer }) => pointer.slice(2));
    const known = documentedMembers(operation);
    expect(names.filter((each) => !refused.includes(each) && !known.has(each))).toEqual([]);
  });
});

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase());
}

function documentedMembers({ body }: (typeof operations)[number]): Set<string> {
  const shape = (body as unknown as { shape?: object } | null)?.shape ?? {};
  return new Set(Object.keys(shape));
}

describe('a path', () => {
  it.each([
    '',
    '/',
    '/nothing',
    '/apis/',
    '/applications//keys',
    '/apis/%2e%2e/x',
    '/key/x',
    '/apis/%ZZ',
    '/constructor',
  ])('%s that is none of ours is a problem with status 404, for every method', async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await desk.call({ method, path, token: scene.noraToken });
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it.each([
    ['POST', '/apis', 'GET, HEAD'],
    ['DELETE', '/applications', 'GET, HEAD, POST'],
    ['PUT', '/applications/x/keys/y', 'GET, HEAD, PATCH'],
    ['GET', '/applications/x/keys/y/rotation', 'POST'],
    ['POST', '/key', 'GET, HEAD'],
  ])('%s %s is refused, and Allow says %s', async (method, path, allow) => {
    const answer = await desk.call({ method, path });
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('answers HEAD as GET, without the body', async () => {
    const head = await desk.call({ method: 'HEAD', path: '/account', token: scene.noraToken });
    expect([head.status, head.text, head.headers.get('content-type')]).toEqual([
      200,
      '',
      'application/json; charset=utf-8',
    ]);
  });
});

describe('a credential', () => {
  it.each(['Basic abc', 'Bearer', 'Bearer a b', 'bearer  ', 'Token x', 'Bearer x, Bearer y'])(
    'that reads %j is none',
    async (authorization) => {
      const answer = await desk.call({ path: '/account', headers: { Authorization: authorization } });
      expect(answer).toMatchObject({ status: 401, body: { code: 'access_token_not_active' } });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Gatehouse", error="invalid_token"');
    },
  );

  it('that is missing is asked for, without an error', async () => {
    const answer = await desk.call({ path: '/account' });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Gatehouse"');
  });
});

test('an error that nobody expected is a problem with a Request-Id, and tells nothing of its cause', async () => {
  const { notices } = desk.portal;
  const list = notices.list.bind(notices);
  notices.list = () => {
    throw new Error('secret detail');
  };
  const failing = desk.call({ path: '/notices' }).catch((error: unknown) => String(error));
  const text = JSON.stringify(await failing);
  notices.list = list;
  expect(text).toContain('internal_error');
  expect(text).not.toContain('secret detail');
});
