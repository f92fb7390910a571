import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { ANSWER_KEPT_MS, INTERRUPTED_AFTER_MS } from '../../src/management/idempotency.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { forEachDialect } from '../support/databases.ts';
import { type ApiAnswer, type Desk, openDesk } from './desk.ts';
import { type Scene, keyPath } from './operation-case.ts';
import { openScene } from './scene.ts';

const NEW_KEY = { name: 'Build server', environment: 'test', expiresAt: null };

forEachDialect((dialect) => {
  let desk: Desk;
  let scene: Scene;
  let key: string;
  beforeAll(async () => {
    desk = await openDesk(dialect);
  });
  beforeEach(async () => {
    scene = await openScene(desk);
    key = newId(systemRandom, 'req');
  });
  afterAll(() => desk.close());

  const send = (path: string, body: unknown, token = scene.noraToken, idempotencyKey = key): Promise<ApiAnswer> =>
    desk.call({ method: 'POST', path, body, token, headers: { 'Idempotency-Key': idempotencyKey } });
  const issue = (body: unknown = NEW_KEY, token?: string, idempotencyKey?: string) =>
    send(`/applications/${scene.applicationId}/keys`, body, token, idempotencyKey);
  const rotate = () => send(keyPath(scene, '/rotation'), { overlapSeconds: 3600 });
  const keys = async () => (await desk.portal.keys.list(scene.nora, scene.applicationId)).length;
  const tokenIn = ({ body }: ApiAnswer): string => String(body.token);
  const works = async (token: string) => (await desk.portal.keys.describe(token)) !== null;
  /** As if the process had ended between the effect and its answer, a minute ago. */
  const interrupt = () =>
    desk.kysely
      .updateTable('idempotent_request')
      .set({ answer: null, started_at_ms: Date.now() - INTERRUPTED_AFTER_MS })
      .execute();

  describe('an Idempotency-Key', () => {
    it('answers a repeated request as the first, the new key included, and issues one key', async () => {
      const first = await issue();
      const again = await issue();
      expect(first.status).toBe(201);
      expect(again.status).toBe(201);
      expect(again.text).toBe(first.text);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.headers.get('request-id')).not.toBe(first.headers.get('request-id'));
      expect(await keys()).toBe(2);
      expect(await works(tokenIn(again))).toBe(true);
    });

    it('has one effect when twenty send the same at once; whoever is too early is told to wait', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => issue()));
      const made = answers.filter(({ status }) => status === 201);
      expect(made.length).toBeGreaterThan(0);
      expect(new Set(made.map(({ text }) => text)).size).toBe(1);
      for (const { status, body, headers } of answers.filter((answer) => answer.status !== 201)) {
        expect([status, body.code, headers.get('retry-after')]).toEqual([409, 'request_in_progress', '1']);
      }
      expect(await keys()).toBe(2);
      expect((await issue()).text).toBe(made[0]?.text);
    });

    it('is one with and without quotes, and blanks in the body make no other request', async () => {
      const first = await issue();
      expect((await issue(NEW_KEY, undefined, `"${key}"`)).text).toBe(first.text);
      expect((await issue(JSON.stringify(NEW_KEY, null, 4))).text).toBe(first.text);
    });

    it('is refused with another body or another path', async () => {
      await issue();
      const other = await issue({ ...NEW_KEY, name: 'Other' });
      expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
      expect(await rotate()).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
      expect(await keys()).toBe(2);
    });

    it('belongs to the token: with another token it is another request', async () => {
      const first = await issue();
      const { token } = await desk.addToken(scene.nora);
      const second = await issue(NEW_KEY, token);
      expect(second.status).toBe(201);
      expect(tokenIn(second)).not.toBe(tokenIn(first));
    });

    it('forgets what was refused, so that the same request can be sent again', async () => {
      const path = `/applications/${scene.applicationId}/subscriptions`;
      expect((await send(path, { api: 'parcels', plan: 'nothing' })).status).toBe(422);
      await desk.kysely.deleteFrom('subscription').execute();
      expect((await send(path, { api: 'parcels', plan: 'pro' })).status).toBe(201);
    });

    it('is good for a day', async () => {
      await issue();
      await desk.kysely.updateTable('idempotent_request').set({ expires_at_ms: Date.now() }).execute();
      const late = await issue();
      // The key of the first request is known longer than its answer: no second one is issued for it.
      expect(late).toMatchObject({ status: 409, body: { code: 'already_issued' } });
      expect(ANSWER_KEPT_MS).toBe(86_400_000);
    });

    it.each(['', '  ', 'a b', '"', '"\u0007"', 'x'.repeat(256), 'a,b'])('is refused when it is %j', async (wrong) => {
      expect((await issue(NEW_KEY, undefined, wrong)).body).toMatchObject({ code: 'invalid_header' });
    });
  });

  describe('after a crash between the effect and its answer', () => {
    it('a request that is sent too early is told to wait', async () => {
      await issue();
      await desk.kysely.updateTable('idempotent_request').set({ answer: null }).execute();
      expect(await issue()).toMatchObject({ status: 409, body: { code: 'request_in_progress' } });
    });

    it('issuing gives the same key with a token that works, and never a second key', async () => {
      const lost = await issue();
      await interrupt();
      await unconfirm();
      const again = await issue();
      expect(again).toMatchObject({ status: 201, body: { key: { id: idIn(lost) } } });
      expect([await works(tokenIn(lost)), await works(tokenIn(again))]).toEqual([false, true]);
      expect(await keys()).toBe(2);
      expect((await issue()).text).toBe(again.text);
    });

    it('rotating gives the same successor with a token that works, and the same end of the old key', async () => {
      const lost = await rotate();
      await interrupt();
      await unconfirm();
      const again = await rotate();
      expect(again).toMatchObject({
        status: 201,
        body: { key: { id: idIn(lost) }, replacedKeyId: scene.keyId, oldKeyEndsAt: lost.body.oldKeyEndsAt },
      });
      expect(await works(tokenIn(again))).toBe(true);
      expect(await keys()).toBe(2);
    });

    it('a token that somebody has is not replaced: the answer names the key instead', async () => {
      const lost = await issue();
      await interrupt();
      expect(await issue()).toMatchObject({ status: 409, body: { code: 'already_issued', keyId: idIn(lost) } });
      expect(await works(tokenIn(lost))).toBe(true);
    });

    it('what cannot be repeated without harm is not repeated', async () => {
      const create = () => send('/applications', { name: 'Tea shop' });
      await create();
      await interrupt();
      expect(await create()).toMatchObject({ status: 409, body: { code: 'outcome_unknown' } });
      expect(await desk.portal.applications.list(scene.nora)).toHaveLength(2);
    });

    const unconfirm = () => desk.kysely.updateTable('api_key').set({ unconfirmed_since_ms: Date.now() }).execute();
    const idIn = ({ body }: ApiAnswer): unknown => (body.key as { id: string }).id;
  });

  it('keeps no token that the database could give away', async () => {
    const made = [
      tokenIn(await issue()),
      tokenIn(await send(keyPath(scene, '/rotation'), {}, scene.noraToken, `${key}x`)),
    ];
    const rows = await desk.kysely.selectFrom('idempotent_request').selectAll().execute();
    const kept = rows.map((row) => Buffer.from(row.answer ?? []).toString('latin1') + JSON.stringify(row)).join('');
    for (const token of [...made, scene.noraToken]) {
      expect(token).toMatch(/^gth_/);
      expect(kept).not.toContain(token.slice(9, 30));
    }
    expect(kept).not.toContain(key);
  });
});
