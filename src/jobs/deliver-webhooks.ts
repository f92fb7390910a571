import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import { type PostWebhookDeps, type Posted, postWebhook } from '../webhooks/post-webhook.ts';
import type { ClaimedDelivery, DueEndpoint, WebhookDispatchStore } from '../webhooks/webhook-dispatch-store.ts';
import { decryptWebhookSecret, signatureHeaders } from '../webhooks/webhook-secret.ts';
import { type Lanes, createLanes } from './webhook-lanes.ts';

export interface WebhookDeliveryDeps extends PostWebhookDeps {
  dispatch: WebhookDispatchStore;
  sessionSecret: Uint8Array;
  /** Such as `Gatehouse/0.1.0`. */
  userAgent: string;
  clock: Clock;
  random: Random;
  log: Log;
}

export interface WebhookDelivery {
  /** Ends attempts under way; they are made again after the next start. */
  stop(): Promise<void>;
  /** Looks now instead of in a moment. */
  poke: () => void;
}

const POLL_MS = 300;
/** Between two looks: many that end together are one reason to look. */
const PAUSE_MS = 50;
/** Longer than an attempt can take. */
const LEASE_MS = 15_000;

/**
 * Delivers what is due until it is stopped: at least once, each endpoint by itself. Attempts run beside each other
 * within `webhook-lanes.ts`; one that hangs holds its own place and no other.
 */
export function startWebhookDelivery(deps: WebhookDeliveryDeps): WebhookDelivery {
  const stopping = new AbortController();
  const lanes = createLanes();
  const running = new Set<Promise<void>>();
  let poked = Promise.withResolvers<undefined>();
  const poke = (): void => poked.resolve(undefined);
  const start = (endpoint: DueEndpoint, delivery: ClaimedDelivery): void => {
    const leave = lanes.enter(endpoint);
    const attempt = deliverOne(deps, delivery, stopping.signal)
      .catch((error: unknown) => deps.log.error({ err: error, deliveryId: delivery.id }, 'a webhook was not delivered'))
      .finally(() => {
        leave();
        running.delete(attempt);
        poke();
      });
    running.add(attempt);
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      poked = Promise.withResolvers();
      await takeDue(deps, lanes, start).catch((error: unknown) =>
        deps.log.error({ err: error }, 'webhooks could not be read'),
      );
      await wait(PAUSE_MS);
      const timer = setTimeout(poke, POLL_MS);
      await poked.promise;
      clearTimeout(timer);
    }
  };
  const loop = run();
  return {
    poke,
    async stop() {
      stopping.abort();
      poke();
      await loop;
      await Promise.all(running);
    },
  };
}

async function takeDue(
  { dispatch, clock }: WebhookDeliveryDeps,
  lanes: Lanes,
  start: (endpoint: DueEndpoint, delivery: ClaimedDelivery) => void,
): Promise<void> {
  const nowMs = clock.nowMs();
  for (const endpoint of await dispatch.dueEndpoints(nowMs)) {
    const limit = lanes.room(endpoint);
    if (limit === 0) continue;
    const claimed = await dispatch.claim({ endpointId: endpoint.id, limit, nowMs, leaseMs: LEASE_MS });
    for (const delivery of claimed) start(endpoint, delivery);
  }
}

/** One attempt, and what it came to. */
export async function deliverOne(
  deps: WebhookDeliveryDeps,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<void> {
  const atMs = deps.clock.nowMs();
  let posted: Posted;
  try {
    posted = await post(deps, delivery, atMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return deps.dispatch.release(delivery.id, deps.clock.nowMs());
  }
  const nowMs = deps.clock.nowMs();
  const attempt = { ...posted, atMs, latencyMs: Math.max(0, nowMs - atMs), nowMs };
  await deps.dispatch.finish(delivery, attempt, deps.random);
}

async function post(
  deps: WebhookDeliveryDeps,
  { endpointId, eventId, url, body, encryptedSecret, previousEncryptedSecret }: ClaimedDelivery,
  sentAtMs: number,
  signal: AbortSignal,
): Promise<Posted> {
  const open = (encrypted: Uint8Array) => decryptWebhookSecret(deps.sessionSecret, endpointId, encrypted);
  const secret = open(encryptedSecret);
  if (secret === null) return { status: null, failure: 'secret_unreadable', answer: '', retryAfterMs: 0 };
  const previous = previousEncryptedSecret && open(previousEncryptedSecret);
  const secrets = previous === null ? [secret] : [secret, previous];
  const headers = {
    'content-type': 'application/json',
    'user-agent': deps.userAgent,
    ...signatureHeaders(secrets, { eventId, sentAtMs, body }),
  };
  return postWebhook(deps, { url, headers, body }, signal);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
