import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type ApiAnswer, type Desk, openDesk } from './desk.ts';
import { type Scene, keyPath } from './operation-case.ts';
import { openScene } from './scene.ts';

let desk: Desk;
let scene: Scene;
beforeAll(async () => {
  desk = await openDesk();
});
beforeEach(async () => {
  scene = await openScene(desk);
});
afterAll(() => desk.close());

describe('a list', () => {
  const page = (query = '') => desk.call({ path: `/applications?limit=2${query}`, token: scene.noraToken });
  const names = ({ body }: ApiAnswer): string[] => (body.applications as { name: string }[]).map(({ name }) => name);
  const cursor = ({ body }: ApiAnswer): string => `&cursor=${String(body.nextCursor)}`;

  beforeEach(async () => {
    await desk.kysely.updateTable('application').set({ created_at_ms: 1 }).execute();
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) await add(name, 10 + index);
  });

  async function add(name: string, createdAtMs: number): Promise<void> {
    const id = await desk.addApplication(scene.nora, name);
    await desk.kysely.updateTable('application').set({ created_at_ms: createdAtMs }).where('id', '=', id).execute();
  }

  it('comes in pages, newest first, to its end', async () => {
    const first = await page();
    const second = await page(cursor(first));
    const third = await page(cursor(second));
    expect([names(first), names(second), names(third)]).toEqual([['d', 'c'], ['b', 'a'], ['Depot']]);
    expect(third.body.nextCursor).toBeNull();
    expect(third.headers.get('link')).toBeNull();
  });

  it('links to the next page with all that was asked for', async () => {
    const first = await page();
    const link = /^<https:\/\/developers\.example\/api\/v1(\/applications\?[^>]+)>; rel="next"$/.exec(
      first.headers.get('link') ?? '',
    )?.[1];
    const next = await desk.call({ path: link ?? '', token: scene.noraToken });
    expect(names(next)).toEqual(['b', 'a']);
  });

  it('neither repeats nor skips anything when something comes in between', async () => {
    const first = await page();
    await add('e', 20);
    await add('of the same moment as c', 12);
    const second = await page(cursor(first));
    const third = await page(cursor(second));
    const all = [...names(first), ...names(second), ...names(third)];
    expect(all.filter((name) => name.length === 1 && name !== 'e')).toEqual(['d', 'c', 'b', 'a']);
    expect(new Set(all).size).toBe(all.length);
  });

  it('of keys of the same moment is complete', async () => {
    for (let count = 0; count < 4; count += 1) await desk.addKey(scene.nora, scene.applicationId);
    await desk.kysely.updateTable('api_key').set({ created_at_ms: 5 }).execute();
    const seen = new Set<string>();
    let rest = '';
    do {
      const path = `/applications/${scene.applicationId}/keys?limit=1${rest}`;
      const answer = await desk.call({ path, token: scene.noraToken });
      for (const { id } of answer.body.keys as { id: string }[]) seen.add(id);
      rest = answer.body.nextCursor === null ? '' : cursor(answer);
    } while (rest !== '');
    expect(seen.size).toBe(5);
  });

  it.each(['limit=0', 'limit=101', 'limit=1.5', 'limit=', 'cursor=', 'cursor=abc', 'cursor=W10', 'limit=1&limit=2'])(
    'refuses ?%s',
    async (query) => {
      const answer = await desk.call({ path: `/applications?${query}`, token: scene.noraToken });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
    },
  );

  it('shows nobody else anything, whatever the cursor says', async () => {
    const first = await page();
    const answer = await desk.call({ path: `/applications?limit=2${cursor(first)}`, token: scene.malloryToken });
    expect(names(answer)).toEqual([]);
  });
});

describe('an ETag', () => {
  const read = (headers = {}) => desk.call({ path: keyPath(scene), token: scene.noraToken, headers });
  const rename = (name: string, headers = {}) =>
    desk.call({ method: 'PATCH', path: keyPath(scene), body: { name }, token: scene.noraToken, headers });
  const tagOf = ({ headers }: ApiAnswer): string => headers.get('etag') ?? '';

  it('is the same until something changes, and that of a change is that of the next reading', async () => {
    const tag = tagOf(await read());
    expect(tag).toMatch(/^"[\w-]{27}"$/);
    expect(tagOf(await read())).toBe(tag);
    const renamed = await rename('Worker');
    expect(tagOf(renamed)).not.toBe(tag);
    expect(tagOf(await read())).toBe(tagOf(renamed));
  });

  it('lets a change through that knows the present state, and refuses the others', async () => {
    const tag = tagOf(await read());
    expect((await rename('One', { 'If-Match': tag })).status).toBe(200);
    expect(await rename('Two', { 'If-Match': tag })).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed' },
    });
    expect((await read()).body).toMatchObject({ name: 'One' });
    expect((await rename('Three', { 'If-Match': '*' })).status).toBe(200);
    expect((await rename('Four', { 'If-Match': `"other", ${tagOf(await read())}` })).status).toBe(200);
  });

  it('never matches weakly', async () => {
    const tag = tagOf(await read());
    expect((await rename('One', { 'If-Match': `W/${tag}` })).status).toBe(412);
  });

  it('lets one of twenty changes at once through that saw the same state', async () => {
    const tag = tagOf(await read());
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => rename(`N${index}`, { 'If-Match': tag })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
  });

  it('guards rotation and restriction as well', async () => {
    const tag = tagOf(await read());
    await rename('Other');
    const stale = { 'If-Match': tag };
    const send = (method: string, rest: string, body: unknown) =>
      desk.call({ method, path: keyPath(scene, rest), body, token: scene.noraToken, headers: stale });
    expect((await send('POST', '/rotation', {})).status).toBe(412);
    expect((await send('PUT', '/allowlist', { allowlist: [] })).status).toBe(412);
    expect((await send('POST', '/revocation', { reason: '' })).status).toBe(412);
  });

  it('tells a reader that has it that nothing changed', async () => {
    const tag = tagOf(await read());
    const answer = await read({ 'If-None-Match': `W/${tag}` });
    expect([answer.status, answer.text, tagOf(answer)]).toEqual([304, '', tag]);
    expect((await read({ 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it.each(['abc', '"a" "b"', '"a'])('that reads %s is refused', async (header) => {
    expect((await rename('One', { 'If-Match': header })).body).toMatchObject({ code: 'invalid_header' });
  });

  it('is no way to find out whether somebody else has a key', async () => {
    const headers = { 'If-Match': '"a"' };
    const request = { method: 'PATCH', body: { name: 'x' }, token: scene.malloryToken, headers };
    const foreign = await desk.call({ ...request, path: keyPath(scene) });
    const absent = await desk.call({ ...request, path: keyPath({ ...scene, keyId: `key_${'0'.repeat(20)}` }) });
    expect([foreign.status, foreign.text]).toEqual([404, absent.text]);
  });
});

describe('the rate limit', () => {
  it('lets 300 calls of a token through at once, says what is left, and refuses the next one with a time', async () => {
    const { token } = await desk.addToken(scene.nora, ['usage:read']);
    const call = () => desk.call({ path: '/account', token });
    const first = await call();
    expect(first.headers.get('ratelimit-policy')).toBe('"token";q=300;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"token";r=299;t=\d+$/);
    const answers = await Promise.all(Array.from({ length: 420 }, call));
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: 'management_rate_limited' });
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(refused?.headers.get('ratelimit')).toMatch(/^"token";r=0;t=1$/);
    // Another token has a limit of its own.
    expect((await desk.call({ path: '/account', token: scene.noraToken })).status).toBe(200);
  });
});
