import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { changeWebhook } from '../../src/webhooks/change-webhook.ts';
import { createWebhook } from '../../src/webhooks/create-webhook.ts';
import { findWebhook, listWebhooks, readDeliveries, readDelivery } from '../../src/webhooks/read-webhooks.ts';
import { endPreviousWebhookSecret, rotateWebhookSecret } from '../../src/webhooks/rotate-webhook-secret.ts';
import { redeliverEvent, sendTestEvent } from '../../src/webhooks/send-webhook.ts';
import { removeWebhook, turnWebhook } from '../../src/webhooks/turn-webhook.ts';
import { ENDPOINTS_PER_TEAM, SECRET_OVERLAP_MS } from '../../src/webhooks/webhook.ts';
import { decryptWebhookSecret } from '../../src/webhooks/webhook-secret.ts';
import { forEachDialect } from '../support/databases.ts';
import { NOW_MS, type PostOffice, openPostOffice, revokedEvent } from './post-office.ts';

const notFound = { ok: false, reason: 'not_found' };
const form = { url: 'http://127.0.0.1:9/a', description: '', eventTypes: [] };

forEachDialect((dialect) => {
  let office: PostOffice;
  beforeEach(async () => {
    office = await openPostOffice(dialect);
  });
  afterEach(() => office.close());
  const { stringify } = JSON;
  const audit = () => office.test.database.kysely.selectFrom('audit_entry').selectAll().orderBy('sequence').execute();
  const row = () => office.test.database.kysely.selectFrom('webhook_endpoint').selectAll().executeTakeFirstOrThrow();

  describe('an endpoint', () => {
    it("is its team's alone: for others, and for owners, it is not there", async () => {
      const { endpoint } = await office.add(form.url);
      await office.emit(revokedEvent(office.nora));
      await office.fanOut();
      const [delivery] = await office.deliveries({ endpoint, secret: '' });
      const ids = { endpointId: endpoint.id, deliveryId: delivery?.id ?? '' };
      expect(await readDelivery(office.deps, office.nora, 'team', ids)).toMatchObject({
        delivery: { id: ids.deliveryId },
      });
      for (const [actor, audience] of [
        [office.mallory, 'team'],
        [office.olga, 'team'],
        [office.olga, 'owner'],
        [office.mallory, 'owner'],
        [office.nora, 'owner'],
      ] as const) {
        const deps = office.deps;
        expect(await listWebhooks(deps, actor, audience)).toEqual([]);
        expect(await findWebhook(deps, actor, audience, endpoint.id)).toBeNull();
        expect(await readDeliveries(deps, actor, audience, { ...ids, after: null })).toBeNull();
        expect(await readDelivery(deps, actor, audience, ids)).toBeNull();
        expect(await changeWebhook(deps, actor, audience, { ...form, ...ids })).toEqual(notFound);
        expect(await rotateWebhookSecret(deps, actor, audience, endpoint.id)).toEqual(notFound);
        expect(await endPreviousWebhookSecret(deps, actor, audience, endpoint.id)).toEqual(notFound);
        expect(await turnWebhook(deps, actor, audience, { ...ids, isOn: false })).toEqual(notFound);
        expect(await removeWebhook(deps, actor, audience, endpoint.id)).toEqual(notFound);
        expect(await sendTestEvent(deps, actor, audience, endpoint.id)).toEqual(notFound);
        expect(await redeliverEvent(deps, actor, audience, ids)).toEqual(notFound);
      }
      expect(await office.stored({ endpoint, secret: '' })).toEqual(endpoint);
    });

    it('of the owners is seen and made by owners alone', async () => {
      expect(await createWebhook(office.deps, office.nora, 'owner', form)).toEqual(notFound);
      const { endpoint } = await office.add(form.url, { actor: office.olga, audience: 'owner' });
      expect(endpoint.teamId).toBeNull();
      expect(await listWebhooks(office.deps, office.olga, 'owner')).toEqual([endpoint]);
      expect(await findWebhook(office.deps, office.olga, 'team', endpoint.id)).toBeNull();
      expect(await findWebhook(office.deps, office.nora, 'team', endpoint.id)).toBeNull();
    });

    it('is one for each URL of a team, and of the owners', async () => {
      const first = await office.add(form.url);
      const other = await office.add('http://127.0.0.1:9/b');
      expect(await createWebhook(office.deps, office.nora, 'team', form)).toEqual({ ok: false, reason: 'url_taken' });
      const change = { ...form, endpointId: other.endpoint.id };
      expect(await changeWebhook(office.deps, office.nora, 'team', change)).toEqual({ ok: false, reason: 'url_taken' });
      await office.add(form.url, { actor: office.mallory });
      await office.add(form.url, { actor: office.olga, audience: 'owner' });
      const again = await createWebhook(office.deps, office.olga, 'owner', form);
      expect(again).toEqual({ ok: false, reason: 'url_taken' });
      const listed = await listWebhooks(office.deps, office.nora, 'team');
      // Both were made in one millisecond: their order is any.
      expect(listed).toHaveLength(2);
      expect(listed).toEqual(expect.arrayContaining([first.endpoint, other.endpoint]));
    });

    it('is one of ten at most, however many are asked for at once', async () => {
      const asked = Array.from({ length: ENDPOINTS_PER_TEAM + 4 }, (_, at) =>
        createWebhook(office.deps, office.nora, 'team', { ...form, url: `http://127.0.0.1:9/${at}` }),
      );
      const results = await Promise.all(asked);
      expect(results.filter(({ ok }) => ok)).toHaveLength(ENDPOINTS_PER_TEAM);
      expect(results).toContainEqual({ ok: false, reason: 'too_many_endpoints', limit: ENDPOINTS_PER_TEAM });
    });

    it('is refused where it may not be, and says why', async () => {
      const strict = { ...office.deps, policy: { allowPrivate: false, ports: [] } };
      const create = (url: string) => createWebhook(strict, office.nora, 'team', { ...form, url });
      const refused = (refusal: string) => ({ ok: false, reason: 'url_refused', refusal });
      expect(await create('http://hooks.consumer.dev/')).toEqual(refused('not_https'));
      // The resolver of these tests leads every name to this machine.
      expect(await create('https://hooks.consumer.dev/')).toEqual(refused('no_public_address'));
      const { endpoint } = await office.add(form.url);
      const change = { ...form, endpointId: endpoint.id, url: 'https://10.0.0.1/' };
      expect(await changeWebhook(strict, office.nora, 'team', change)).toEqual(refused('no_public_address'));
    });

    it('changes with an entry of before and after, and keeps its secret', async () => {
      const { endpoint } = await office.add(form.url);
      const before = await row();
      const change = {
        url: 'http://127.0.0.1:9/new',
        description: 'Night shift',
        eventTypes: ['key.revoked'] as const,
      };
      const result = await changeWebhook(office.deps, office.nora, 'team', { ...change, endpointId: endpoint.id });
      expect(result).toMatchObject({ ok: true, endpoint: change });
      expect((await row()).encrypted_secret).toEqual(before.encrypted_secret);
      const [, entry] = await audit();
      expect(entry).toMatchObject({ action: 'webhook.changed', actor: office.nora.accountId, subject: endpoint.id });
      expect(JSON.parse(entry?.details ?? '')).toMatchObject({
        before: { url: form.url },
        after: { url: change.url },
      });
    });

    it('is removed with its log', async () => {
      const added = await office.add(form.url);
      await office.emit(revokedEvent(office.nora));
      await office.fanOut();
      expect(await removeWebhook(office.deps, office.nora, 'team', added.endpoint.id)).toEqual({ ok: true });
      expect(await office.stored(added)).toBeNull();
      expect(await office.test.database.kysely.selectFrom('webhook_delivery').selectAll().execute()).toEqual([]);
      expect(await audit()).toMatchObject([{ action: 'webhook.created' }, { action: 'webhook.removed' }]);
    });
  });

  describe('its secret', () => {
    it('stands nowhere in the database, and opens with SESSION_SECRET in its own row alone (yardstick A31)', async () => {
      const { endpoint, secret } = await office.add(form.url);
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      const kept = await row();
      const bytes = Buffer.from(kept.encrypted_secret);
      expect(bytes.includes(secret)).toBe(false);
      expect(bytes.includes(Buffer.from(secret.slice('whsec_'.length), 'base64'))).toBe(false);
      expect(stringify(await audit())).not.toContain(secret.slice('whsec_'.length));
      const { sessionSecret } = office.deps;
      expect(decryptWebhookSecret(sessionSecret, endpoint.id, kept.encrypted_secret)).toBe(secret);
      expect(decryptWebhookSecret(sessionSecret, 'hook_other', kept.encrypted_secret)).toBeNull();
      const other = new TextEncoder().encode('another secret of 32 characters!');
      expect(decryptWebhookSecret(other, endpoint.id, kept.encrypted_secret)).toBeNull();
    });

    it('is replaced with a day of overlap, which can be ended at once', async () => {
      const added = await office.add(form.url);
      const rotated = await rotateWebhookSecret(office.deps, office.nora, 'team', added.endpoint.id);
      const endsAtMs = NOW_MS + SECRET_OVERLAP_MS;
      expect(rotated).toMatchObject({ ok: true, previousSecretEndsAtMs: endsAtMs });
      expect(rotated.ok && rotated.secret).not.toBe(added.secret);
      expect(await office.stored(added)).toMatchObject({ previousSecretEndsAtMs: endsAtMs });
      await endPreviousWebhookSecret(office.deps, office.nora, 'team', added.endpoint.id);
      expect(await office.stored(added)).toMatchObject({ previousSecretEndsAtMs: null });
      expect((await row()).previous_encrypted_secret).toBeNull();
    });
  });

  describe('sending by hand', () => {
    it('tells one endpoint a test, whatever it has chosen, and twenty at once at most', async () => {
      const added = await office.add(form.url, { eventTypes: ['key.revoked'] });
      const other = await office.add('http://127.0.0.1:9/b');
      const test = () => sendTestEvent(office.deps, office.nora, 'team', added.endpoint.id);
      for (let count = 0; count < 20; count += 1) expect(await test()).toMatchObject({ ok: true });
      expect(await test()).toEqual({ ok: false, reason: 'too_many_requests', retryAfterSeconds: 60 });
      office.time.nowMs += 60_000;
      expect(await test()).toMatchObject({ ok: true });
      expect(await office.deliveries(added)).toHaveLength(21);
      expect(await office.deliveries(other)).toEqual([]);
    });

    it('is not done to an endpoint that is off', async () => {
      const { endpoint } = await office.add(form.url);
      await turnWebhook(office.deps, office.nora, 'team', { endpointId: endpoint.id, isOn: false });
      const off = { ok: false, reason: 'endpoint_off' };
      expect(await sendTestEvent(office.deps, office.nora, 'team', endpoint.id)).toEqual(off);
    });
  });

  it('the log is read page by page, newest first, without gaps or repetitions', async () => {
    const added = await office.add(form.url);
    for (let count = 0; count < 7; count += 1) {
      // Two in each millisecond: the order must hold all the same.
      office.time.nowMs = NOW_MS + Math.floor(count / 2);
      await office.emit(revokedEvent(office.nora, office.time.nowMs));
      await office.fanOut();
    }
    const read: string[] = [];
    for (let after: string | null | undefined = null; after !== undefined;) {
      const page = await office.deps.log.list(added.endpoint.id, after, 3);
      read.push(...page.deliveries.map(({ id }) => id));
      after = page.next ?? undefined;
    }
    const all = await office.deliveries(added);
    expect(read).toEqual(all.map(({ id }) => id));
    expect(new Set(read).size).toBe(7);
    expect(all.map(({ createdAtMs }) => createdAtMs)).toEqual(
      all.map(({ createdAtMs }) => createdAtMs).toSorted((a, b) => b - a),
    );
  });
});
