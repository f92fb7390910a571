import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { afterEach, expect, it } from 'vitest';

import { startWebhookDelivery } from '../../src/jobs/deliver-webhooks.ts';
import { addActor } from '../applications/cast.ts';
import { forEachDialect } from '../support/databases.ts';
import { NOW_MS, type PostOffice, openPostOffice, resumedEvent, revokedEvent } from './post-office.ts';
import { type Receiver, startHostile, startReceiver } from './receivers.ts';

const ENDPOINTS_OF_A_TEAM = 10;
const worker = join(import.meta.dirname, 'delivery-worker.ts');

forEachDialect((dialect) => {
  let office: PostOffice;
  let open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open) await one.close();
    open = [];
  });
  async function opened<Server extends { close(): Promise<void> }>(server: Promise<Server>): Promise<Server> {
    const started = await server;
    open.unshift(started);
    return started;
  }

  it(
    'a good endpoint is delivered to while fifty hang, in other teams and in its own (yardstick F9)',
    { timeout: 60_000 },
    async () => {
      office = await opened(openPostOffice(dialect));
      const hanging = await opened(startHostile('hang'));
      const good = await opened(startReceiver());
      const teams = [office.nora];
      while (teams.length < 5) teams.push(await addActor(office.test.database, `team-${teams.length}`));
      for (const actor of teams) {
        const count = actor === office.nora ? ENDPOINTS_OF_A_TEAM - 1 : ENDPOINTS_OF_A_TEAM;
        for (let at = 0; at < count; at += 1) await office.add(`${hanging.url}/${at}`, { actor });
      }
      const owners = await office.add(`${hanging.url}/owner`, { actor: office.olga, audience: 'owner' });
      expect(owners.endpoint.teamId).toBeNull();
      const added = await office.add(good.url, { eventTypes: ['key.resumed'] });
      // It has worked before.
      await office.test.database.kysely
        .updateTable('webhook_endpoint')
        .set({ succeeded_at_ms: NOW_MS })
        .where('id', '=', added.endpoint.id)
        .execute();
      for (const actor of teams) for (let count = 0; count < 20; count += 1) await office.emit(revokedEvent(actor));
      await office.fanOut();
      const delivery = startWebhookDelivery(office.delivery);
      open.unshift({ close: () => delivery.stop() });
      // Eight places of each team and the owners' endpoint are taken before there is anything for the good one.
      await expect.poll(() => hanging.connections, { interval: 20 }).toBeGreaterThanOrEqual(teams.length * 8 + 1);
      for (let count = 0; count < 20; count += 1) await office.emit(resumedEvent(office.nora));
      await office.fanOut();
      delivery.poke();
      await expect.poll(() => good.received.length, { interval: 20 }).toBe(20);
    },
  );

  it('what a killed process was sending is sent again by the next, with the same id', async () => {
    office = await opened(openPostOffice(dialect));
    let isHanging = true;
    const receiver: Receiver = await opened(
      startReceiver((response) => (isHanging ? undefined : response.writeHead(204).end())),
    );
    const added = await office.add(receiver.url);
    await office.emit(revokedEvent(office.nora));
    await office.fanOut();
    const first = run(NOW_MS);
    await expect.poll(() => receiver.received.length).toBe(1);
    first.kill('SIGKILL');
    await once(first, 'exit');
    isHanging = false;
    expect(await office.deliveries(added)).toMatchObject([{ state: 'waiting', attempts: 1, last: null }]);
    const second = run(NOW_MS + 15_000);
    await expect.poll(() => receiver.received.length).toBe(2);
    await expect.poll(async () => (await office.deliveries(added))[0]?.state).toBe('delivered');
    second.kill('SIGKILL');
    await once(second, 'exit');
    const [before, after] = receiver.received;
    expect(after?.headers['webhook-id']).toBe(before?.headers['webhook-id']);
    expect(after?.body).toBe(before?.body);
  });

  const run = (nowMs: number) =>
    spawn(process.execPath, [worker, office.test.url, String(nowMs)], { stdio: ['ignore', 'ignore', 'inherit'] });
});
