import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type PortalEvent, portalEventData } from '../../src/platform/portal-event.ts';
import { turnWebhook } from '../../src/webhooks/turn-webhook.ts';
import { DELIVERY_KEPT_MS } from '../../src/webhooks/webhook.ts';
import { fanOutDue } from '../../src/jobs/fan-out-events.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import { reportLeakedKey } from '../../src/leaked-keys/report-leaked-key.ts';
import { resumeKey } from '../../src/key-revocation/resume-key.ts';
import { revokeApplicationKeys } from '../../src/key-revocation/revoke-application-keys.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { rotateKey } from '../../src/key-rotation/rotate-key.ts';
import { suspendKey } from '../../src/keys/suspend-key.ts';
import { createApplication } from '../../src/applications/create-application.ts';
import { depsOn, keyRequest } from '../keys/house.ts';
import { forEachDialect } from '../support/databases.ts';
import { NOW_MS, PUBLIC_URL, type PostOffice, openPostOffice, revokedEvent } from './post-office.ts';

interface Message {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

forEachDialect((dialect) => {
  let office: PostOffice;
  beforeEach(async () => {
    office = await openPostOffice(dialect);
  });
  afterEach(() => office.close());

  const messages = async (): Promise<Message[]> => {
    const rows = await office.test.database.kysely.selectFrom('webhook_event').select('body').execute();
    return rows.map(({ body }) => JSON.parse(body) as Message);
  };
  const queued = async () =>
    (await office.test.database.kysely.selectFrom('webhook_delivery').selectAll().execute()).map(
      (row) => row.endpoint_id,
    );
  const emitted = async (): Promise<PortalEvent[]> => {
    const events = office.test.database.kysely.selectFrom('outbox').select('payload').where('kind', '=', 'event');
    return (await events.execute()).map(({ payload }) => JSON.parse(payload) as PortalEvent);
  };
  const noticeEvent = (teamIds: readonly string[]): PortalEvent => ({
    type: 'notice.published',
    teamId: null,
    applicationId: null,
    atMs: NOW_MS,
    data: {
      slug: 'leak',
      revisionAtMs: NOW_MS,
      kind: 'advisory',
      title: 'Leak',
      severity: 'high',
      apiSlugs: ['parcels'],
    },
    teamIds,
    onceKey: `notice.published leak ${NOW_MS}`,
  });

  describe('an event', () => {
    it('is told to the endpoints of its team that have chosen its type, and to those of the owners', async () => {
      const all = await office.add('http://127.0.0.1:9/all');
      const chosen = await office.add('http://127.0.0.1:9/chosen', { eventTypes: ['key.issued', 'key.revoked'] });
      await office.add('http://127.0.0.1:9/other-type', { eventTypes: ['key.issued'] });
      await office.add('http://127.0.0.1:9/other-team', { actor: office.mallory });
      const owners = await office.add('http://127.0.0.1:9/owners', { actor: office.olga, audience: 'owner' });
      const off = await office.add('http://127.0.0.1:9/off');
      await turnWebhook(office.deps, office.nora, 'team', { endpointId: off.endpoint.id, isOn: false });
      await office.emit(revokedEvent(office.nora));
      await office.fanOut();
      const told = [all, chosen, owners].map(({ endpoint }) => endpoint.id);
      expect((await queued()).sort()).toEqual(told.sort());
      expect(await messages()).toHaveLength(1);
    });

    it('leaves nothing behind when nobody wants it', async () => {
      await office.emit(revokedEvent(office.nora));
      expect(await office.fanOut()).toBe(1);
      expect(await office.fanOut()).toBe(0);
      expect(await messages()).toEqual([]);
    });

    it('is told once, though the process dies after queueing and it is taken again', async () => {
      await office.add('http://127.0.0.1:9/a');
      await office.emit(revokedEvent(office.nora));
      const forgetful = { ...office.outbox, finish: () => Promise.reject(new Error('power cut')) };
      const deps = { clock: office.deps.clock, onQueued: () => undefined, events: office.events };
      const log = office.delivery.log;
      await fanOutDue({ ...deps, outbox: forgetful, log });
      office.time.nowMs += 120_000;
      expect(await office.fanOut()).toBe(1);
      expect(await queued()).toHaveLength(1);
    });

    it('that concerns many is one, in however many portions and how often it is queued', async () => {
      const ours = await office.add('http://127.0.0.1:9/a');
      const theirs = await office.add('http://127.0.0.1:9/b', { actor: office.mallory });
      const owners = await office.add('http://127.0.0.1:9/c', { actor: office.olga, audience: 'owner' });
      for (const teamIds of [office.nora.teamIds, office.mallory.teamIds, [], office.nora.teamIds]) {
        await office.emit(noticeEvent(teamIds));
      }
      await office.fanOut();
      expect((await queued()).sort()).toEqual([ours, theirs, owners].map(({ endpoint }) => endpoint.id).sort());
      expect(await messages()).toMatchObject([
        { type: 'notice.published', data: { teamId: null, url: `${PUBLIC_URL}/notices/leak` } },
      ]);
    });

    it('is forgotten after thirty days, with its deliveries', async () => {
      await office.add('http://127.0.0.1:9/a');
      await office.emit(revokedEvent(office.nora));
      await office.fanOut();
      await office.events.removeOld(NOW_MS + DELIVERY_KEPT_MS - DELIVERY_KEPT_MS);
      expect(await queued()).toHaveLength(1);
      await office.events.removeOld(NOW_MS + 1);
      expect([await queued(), await messages()]).toEqual([[], []]);
    });
  });

  it('what happens to a key is told: issued, rotated, suspended, resumed, revoked, exposed', async () => {
    await office.add('http://127.0.0.1:9/a');
    const deps = depsOn(office.test.database, office.deps.clock);
    const created = await createApplication(deps, office.nora, { name: 'Depot', description: '' });
    const applicationId = created.ok ? created.application.id : '';
    const issue = async () => {
      const issued = await issueKey(deps, office.nora, { ...keyRequest(), applicationId });
      if (!issued.ok) throw new Error(issued.reason);
      return issued;
    };
    const first = await issue();
    const overlap = { overlapMs: 3_600_000, requestId: keyRequest().requestId };
    const rotated = await rotateKey(deps, office.nora, { applicationId, keyId: first.key.id, ...overlap });
    const second = rotated.ok ? rotated.key.id : '';
    await suspendKey(deps, office.olga, { keyId: second, message: 'A loop.' });
    await resumeKey(deps, office.olga, { keyId: second, message: 'Found.' });
    await revokeKey(deps, office.nora, { applicationId, keyId: second, reason: '' });
    await reportLeakedKey(deps, { token: (await issue()).token, place: 'https://git.example/a' });
    await issue();
    await revokeApplicationKeys(deps, office.nora, { applicationId, reason: 'laptop lost' });
    const events = await emitted();
    expect(events.length).toBeGreaterThan(8);
    for (const { type, data } of events) expect(portalEventData[type].parse(data)).toEqual(data);
    for (let taken = 1; taken > 0;) taken = await office.fanOut();
    const told = await messages();
    const seen = told.filter(({ data }) => data.keyId === second).map(({ type }) => type);
    expect(seen.sort()).toEqual(['key.issued', 'key.resumed', 'key.revoked', 'key.suspended']);
    expect(told.filter(({ type }) => type === 'key.exposed')).toMatchObject([
      { data: { action: 'revoked', place: 'https://git.example/a' } },
    ]);
    expect(told.find(({ type }) => type === 'key.rotated')).toEqual({
      type: 'key.rotated',
      timestamp: new Date(NOW_MS).toISOString(),
      data: {
        teamId: office.nora.teamIds[0],
        teamName: 'nora',
        applicationId,
        applicationName: 'Depot',
        keyId: first.key.id,
        keyName: 'CI',
        environment: 'live',
        successorKeyId: second,
        endsAt: new Date(NOW_MS + 3_600_000).toISOString(),
        url: `${PUBLIC_URL}/applications/${applicationId}/keys/${first.key.id}`,
      },
    });
    expect(JSON.stringify(told)).not.toMatch(/gth_(live|test)_/);
  });
});
