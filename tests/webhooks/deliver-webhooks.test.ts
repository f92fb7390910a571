import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { deliverOne } from '../../src/jobs/deliver-webhooks.ts';
import { changeWebhook } from '../../src/webhooks/change-webhook.ts';
import { endPreviousWebhookSecret, rotateWebhookSecret } from '../../src/webhooks/rotate-webhook-secret.ts';
import { redeliverEvent, sendTestEvent } from '../../src/webhooks/send-webhook.ts';
import { turnWebhook } from '../../src/webhooks/turn-webhook.ts';
import { OFF_AFTER_MS, SECRET_OVERLAP_MS } from '../../src/webhooks/webhook.ts';
import { webhookOffMail } from '../../src/webhooks/webhook-mail.ts';
import { forEachDialect } from '../support/databases.ts';
import { type Added, NOW_MS, PUBLIC_URL, type PostOffice, openPostOffice, revokedEvent } from './post-office.ts';
import { type Received, type Receiver, startReceiver } from './receivers.ts';

const HOUR_MS = 3_600_000;

forEachDialect((dialect) => {
  let office: PostOffice;
  let receiver: Receiver;
  let status: number;
  let headers: Record<string, string>;
  beforeEach(async () => {
    [status, headers] = [204, {}];
    office = await openPostOffice(dialect);
    receiver = await startReceiver((response) => response.writeHead(status, headers).end());
  });
  afterEach(async () => {
    await receiver.close();
    await office.close();
  });

  async function happens(): Promise<void> {
    await office.emit(revokedEvent(office.nora, office.time.nowMs));
    await office.fanOut();
  }
  const only = async (added: Added) => {
    const [delivery] = await office.deliveries(added);
    if (!delivery) throw new Error('nothing was queued');
    return delivery;
  };
  const verify = (secret: string, { body, headers }: Received) =>
    new Webhook(secret).verify(body, headers as Record<string, string>);
  const passes = (secret: string, message: Received | undefined): boolean => {
    try {
      // The library compares with the real clock.
      const { now } = Date;
      Date.now = () => office.time.nowMs;
      try {
        return message !== undefined && verify(secret, message) !== undefined;
      } finally {
        Date.now = now;
      }
    } catch {
      return false;
    }
  };

  describe('a delivery', () => {
    it('is posted once, signed as Standard Webhooks says, and written down', async () => {
      const added = await office.add(receiver.url);
      await happens();
      expect(await office.deliverDue()).toBe(1);
      expect(await office.deliverDue()).toBe(0);
      const [message] = receiver.received;
      expect(passes(added.secret, message)).toBe(true);
      expect(passes('whsec_b3RoZXIgc2VjcmV0IG9mIDI0IGJ5dGVzIQ==', message)).toBe(false);
      expect(message?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Gatehouse/test' });
      const delivery = await only(added);
      expect(message?.headers['webhook-id']).toBe(delivery.eventId);
      expect(delivery).toMatchObject({ state: 'delivered', attempts: 1, last: { status: 204, failure: null } });
      expect(await office.stored(added)).toMatchObject({ failingSinceMs: null, succeededAtMs: NOW_MS });
    });

    it('that is refused is tried again with the same id and body, until it is taken', async () => {
      const added = await office.add(receiver.url);
      await happens();
      status = 503;
      await office.deliverDue();
      expect(await office.stored(added)).toMatchObject({ failingSinceMs: NOW_MS });
      const waiting = await only(added);
      expect(waiting).toMatchObject({ state: 'waiting', last: { status: 503, failure: 'refused_status' } });
      expect((waiting.nextAttemptAtMs ?? 0) - NOW_MS).toBeGreaterThanOrEqual(5000);
      expect(await office.deliverDue()).toBe(0);
      office.time.nowMs = waiting.nextAttemptAtMs ?? 0;
      status = 200;
      expect(await office.deliverDue()).toBe(1);
      const [first, second] = receiver.received;
      expect(second?.body).toBe(first?.body);
      expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
      expect(passes(added.secret, second)).toBe(true);
      expect(await only(added)).toMatchObject({ state: 'delivered', attempts: 2 });
      expect(await office.stored(added)).toMatchObject({ failingSinceMs: null });
    });

    it('waits as long as the receiver asks', async () => {
      const added = await office.add(receiver.url);
      await happens();
      [status, headers] = [429, { 'Retry-After': '7200' }];
      await office.deliverDue();
      expect((await only(added)).nextAttemptAtMs).toBe(NOW_MS + 2 * HOUR_MS);
    });

    it('whose worker dies comes back, and is made again with the same id', async () => {
      const added = await office.add(receiver.url);
      await happens();
      const claim = { endpointId: added.endpoint.id, limit: 1, nowMs: NOW_MS, leaseMs: 30_000 };
      expect(await office.dispatch.claim(claim)).toHaveLength(1);
      expect(await office.dispatch.claim(claim)).toEqual([]);
      expect(await office.deliverDue()).toBe(0);
      office.time.nowMs += 30_000;
      expect(await office.deliverDue()).toBe(1);
      expect(await only(added)).toMatchObject({ state: 'delivered', attempts: 2 });
    });

    it('that is stopped in the middle is due at once', async () => {
      const added = await office.add(receiver.url);
      await happens();
      const claim = { endpointId: added.endpoint.id, limit: 1, nowMs: NOW_MS, leaseMs: 30_000 };
      const [claimed] = await office.dispatch.claim(claim);
      if (!claimed) throw new Error('nothing to claim');
      await deliverOne(office.delivery, claimed, AbortSignal.abort());
      expect(receiver.received).toEqual([]);
      expect(await office.deliverDue()).toBe(1);
    });

    it('of two that claim at once goes to one', async () => {
      const added = await office.add(receiver.url);
      for (let count = 0; count < 6; count += 1) await happens();
      const claim = { endpointId: added.endpoint.id, limit: 4, nowMs: NOW_MS, leaseMs: 30_000 };
      const claims = await Promise.all([1, 2, 3].map(() => office.dispatch.claim(claim)));
      const ids = claims.flat().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('is made again by hand, with the id it had', async () => {
      const added = await office.add(receiver.url);
      await happens();
      await office.deliverDue();
      const ids = { endpointId: added.endpoint.id, deliveryId: (await only(added)).id };
      expect(await redeliverEvent(office.deps, office.nora, 'team', ids)).toEqual({
        ok: true,
        deliveryId: ids.deliveryId,
      });
      office.time.nowMs += 1000;
      expect(await office.deliverDue()).toBe(1);
      const [first, second] = receiver.received.map((message) => message.headers['webhook-id']);
      expect(second).toBe(first);
      expect(await office.deps.log.find(ids.endpointId, ids.deliveryId)).toMatchObject({
        attempts: [{ number: 2 }, { number: 1 }],
      });
    });

    it('goes where the endpoint is now', async () => {
      const added = await office.add('http://127.0.0.1:9/wrong');
      await happens();
      const change = { endpointId: added.endpoint.id, url: receiver.url, description: '', eventTypes: [] };
      await changeWebhook(office.deps, office.nora, 'team', change);
      await office.deliverDue();
      expect(receiver.received).toHaveLength(1);
    });

    it('fails, and says why, when the secret does not open under this SESSION_SECRET', async () => {
      const added = await office.add(receiver.url);
      await happens();
      const [claimed] = await office.dispatch.claim({
        ...{ endpointId: added.endpoint.id, limit: 1, nowMs: NOW_MS, leaseMs: 30_000 },
      });
      if (!claimed) throw new Error('nothing to claim');
      const sessionSecret = new TextEncoder().encode('another secret of 32 characters!');
      await deliverOne({ ...office.delivery, sessionSecret }, claimed, new AbortController().signal);
      expect(receiver.received).toEqual([]);
      expect(await only(added)).toMatchObject({ state: 'waiting', last: { failure: 'secret_unreadable' } });
    });
  });

  it('a rotated secret signs beside the old one for a day, or until the overlap is ended', async () => {
    const added = await office.add(receiver.url);
    const { id } = added.endpoint;
    const rotated = await rotateWebhookSecret(office.deps, office.nora, 'team', id);
    const secret = rotated.ok ? rotated.secret : '';
    const send = async () => {
      await sendTestEvent(office.deps, office.nora, 'team', id);
      await office.deliverDue();
      const message = receiver.received.at(-1);
      return [passes(added.secret, message), passes(secret, message)];
    };
    expect(await send()).toEqual([true, true]);
    office.time.nowMs += SECRET_OVERLAP_MS - 1;
    expect(await send()).toEqual([true, true]);
    office.time.nowMs += 1;
    expect(await send()).toEqual([false, true]);
    await rotateWebhookSecret(office.deps, office.nora, 'team', id);
    await endPreviousWebhookSecret(office.deps, office.nora, 'team', id);
    expect(await send()).toEqual([false, false]);
  });

  describe('an endpoint', () => {
    it('that answers 410 is turned off at once, what waits is given up, and its team is told', async () => {
      const added = await office.add(receiver.url);
      await happens();
      await office.deliverDue();
      await happens();
      await happens();
      status = 410;
      const [endpoint] = await office.dispatch.dueEndpoints(NOW_MS);
      const claim = { endpointId: endpoint?.id ?? '', limit: 1, nowMs: NOW_MS, leaseMs: 30_000 };
      const [claimed] = await office.dispatch.claim(claim);
      if (!claimed) throw new Error('nothing to claim');
      await deliverOne(office.delivery, claimed, new AbortController().signal);
      expect(await office.stored(added)).toMatchObject({ off: { atMs: NOW_MS, reason: 'gone' } });
      const states = (await office.deliveries(added)).map(({ state }) => state);
      expect(states.sort()).toEqual(['delivered', 'failed', 'failed']);
      const payload = { accountId: office.nora.accountId, endpointId: added.endpoint.id };
      expect(await office.mails()).toEqual([{ kind: 'mail.webhook_off', ...payload }]);
      const deps = { accounts: office.accounts, endpoints: office.deps.endpoints, publicUrl: PUBLIC_URL };
      const mail = await webhookOffMail(deps, payload);
      expect(mail).toMatchObject({ to: office.nora.email });
      expect(mail?.text).toContain(`${PUBLIC_URL}/webhooks/${added.endpoint.id}`);
      await turnWebhook(office.deps, office.nora, 'team', { endpointId: added.endpoint.id, isOn: true });
      expect(await webhookOffMail(deps, payload)).toBeNull();
    });

    it('at which nothing succeeds for three days is turned off, and nothing is queued for it until it is on', async () => {
      const owners = await office.add(receiver.url, { actor: office.olga, audience: 'owner' });
      status = 500;
      await happens();
      while ((await office.stored(owners))?.off === null) {
        const next = (await only(owners)).nextAttemptAtMs;
        office.time.nowMs = Math.max(office.time.nowMs, next ?? office.time.nowMs);
        await office.deliverDue();
      }
      expect(await office.stored(owners)).toMatchObject({ off: { reason: 'failing' } });
      expect(office.time.nowMs - NOW_MS).toBeGreaterThanOrEqual(OFF_AFTER_MS);
      expect(office.time.nowMs - NOW_MS).toBeLessThan(2 * OFF_AFTER_MS);
      expect(await office.mails()).toMatchObject([{ kind: 'mail.webhook_off', accountId: office.olga.accountId }]);
      await happens();
      expect(await office.deliveries(owners)).toHaveLength(1);
      await turnWebhook(office.deps, office.olga, 'owner', { endpointId: owners.endpoint.id, isOn: true });
      await happens();
      status = 200;
      expect(await office.deliverDue()).toBe(1);
      expect(await office.stored(owners)).toMatchObject({ off: null, failingSinceMs: null });
    });
  });
});
