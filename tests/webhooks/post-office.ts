import type { Actor } from '../../src/accounts/account.ts';
import { createAccountStore } from '../../src/accounts/account-store.ts';
import { createAllowanceStore } from '../../src/accounts/allowance-store.ts';
import { deliverOne } from '../../src/jobs/deliver-webhooks.ts';
import { fanOutDue } from '../../src/jobs/fan-out-events.ts';
import type { DialectName } from '../../src/database/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { createOutboxStore, enqueue } from '../../src/database/outbox.ts';
import type { PortalEvent } from '../../src/platform/portal-event.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { createWebhook } from '../../src/webhooks/create-webhook.ts';
import type { WebhookDeps } from '../../src/webhooks/endpoint-desk.ts';
import type { TargetPolicy } from '../../src/webhooks/target-url.ts';
import type { SubscribableType, WebhookAudience, WebhookEndpoint } from '../../src/webhooks/webhook.ts';
import { createWebhookDispatchStore } from '../../src/webhooks/webhook-dispatch-store.ts';
import { createWebhookEndpointStore } from '../../src/webhooks/webhook-endpoint-store.ts';
import { createWebhookEventStore } from '../../src/webhooks/webhook-event-store.ts';
import { createWebhookLogStore } from '../../src/webhooks/webhook-log-store.ts';
import { addActor } from '../applications/cast.ts';
import { openTestDatabase } from '../support/databases.ts';

export const NOW_MS = Date.UTC(2026, 10, 24, 10);
export const PUBLIC_URL = 'https://portal.example';

export interface Added {
  endpoint: WebhookEndpoint;
  secret: string;
}

/** Everything about webhooks on a real database, with a clock that the test turns. Receivers are on this machine. */
export async function openPostOffice(dialect: DialectName) {
  const test = await openTestDatabase(dialect);
  const { database } = test;
  const time = { nowMs: NOW_MS };
  const clock = { nowMs: () => time.nowMs };
  const policy: TargetPolicy = { allowPrivate: true, ports: [] };
  const log = createLog('test', 'silent');
  const outbox = createOutboxStore(database);
  const sessionSecret = new TextEncoder().encode('a secret of thirty-two characters');
  const deps: WebhookDeps = {
    endpoints: createWebhookEndpointStore(database),
    log: createWebhookLogStore(database),
    allowances: createAllowanceStore(database),
    resolveName: () => Promise.resolve(['127.0.0.1']),
    policy,
    clock,
    random: systemRandom,
    sessionSecret,
    publicUrl: PUBLIC_URL,
  };
  const dispatch = createWebhookDispatchStore(database);
  const events = createWebhookEventStore(database, { publicUrl: PUBLIC_URL, random: systemRandom });
  const delivery = { ...deps, dispatch, userAgent: 'Gatehouse/test', log };
  const [nora, mallory] = [await addActor(database, 'nora'), await addActor(database, 'mallory')];
  const olga = await addActor(database, 'olga', { role: 'owner' });
  await database.kysely.updateTable('account').set({ role: 'owner' }).where('id', '=', olga.accountId).execute();

  async function add(
    url: string,
    { actor = nora, audience = 'team', eventTypes = [] }: AddOptions = {},
  ): Promise<Added> {
    const result = await createWebhook(deps, actor, audience, { url, description: '', eventTypes });
    if (!result.ok) throw new Error(result.reason);
    return result;
  }

  /** As a store does it. */
  const emit = (event: PortalEvent): Promise<void> =>
    database.kysely
      .transaction()
      .execute((transaction) =>
        enqueue(transaction, { kind: 'event', payload: event, random: systemRandom, nowMs: event.atMs }),
      );

  const fanOut = (onQueued = () => undefined): Promise<number> => fanOutDue({ outbox, events, onQueued, clock, log });

  /** One attempt for everything that is due; returns how many there were. */
  async function deliverDue(): Promise<number> {
    let count = 0;
    for (const endpoint of await dispatch.dueEndpoints(time.nowMs)) {
      const claim = { endpointId: endpoint.id, limit: 100, nowMs: time.nowMs, leaseMs: 30_000 };
      const claimed = await dispatch.claim(claim);
      await Promise.all(claimed.map((one) => deliverOne(delivery, one, new AbortController().signal)));
      count += claimed.length;
    }
    return count;
  }

  const deliveries = async ({ endpoint }: Added) => (await deps.log.list(endpoint.id, null, 100)).deliveries;
  const stored = async ({ endpoint }: Added) => {
    const scope =
      endpoint.teamId === null
        ? ({ kind: 'owner' } as const)
        : ({ kind: 'teams', teamIds: [endpoint.teamId] } as const);
    return deps.endpoints.find(scope, endpoint.id);
  };
  const mails = async () => {
    const rows = await database.kysely.selectFrom('outbox').selectAll().where('kind', 'like', 'mail.%').execute();
    return rows.map(({ kind, payload }) => ({ kind, ...(JSON.parse(payload) as { accountId: string }) }));
  };
  const accounts = createAccountStore(database, systemRandom);
  return {
    ...{ test, time, deps, delivery, dispatch, events, outbox, accounts, nora, mallory, olga },
    ...{ add, emit, fanOut, deliverDue, deliveries, stored, mails, close: test.close },
  };
}

interface AddOptions {
  actor?: Actor;
  audience?: WebhookAudience;
  eventTypes?: readonly SubscribableType[];
}

export type PostOffice = Awaited<ReturnType<typeof openPostOffice>>;

/** Something that happened to a key of this actor's team. */
export function revokedEvent({ teamIds }: Actor, atMs = NOW_MS): PortalEvent {
  const data = { keyId: newId(systemRandom, 'key'), keyName: 'ci-prod', environment: 'live' as const, reason: 'lost' };
  return { type: 'key.revoked', teamId: teamIds[0] ?? null, applicationId: null, atMs, data };
}

export function resumedEvent(actor: Actor): PortalEvent {
  const { data, ...event } = revokedEvent(actor);
  return { ...event, type: 'key.resumed', data: { ...data, reason: 'found' } } as PortalEvent;
}
