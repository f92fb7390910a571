import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { ClaimedItem, OutboxStore } from '../database/outbox.ts';
import type { PortalEvent } from '../platform/portal-event.ts';
import type { WebhookEventStore } from '../webhooks/webhook-event-store.ts';

export interface EventFanOutDeps {
  outbox: Pick<OutboxStore, 'claimDue' | 'finish' | 'postpone'>;
  events: Pick<WebhookEventStore, 'fanOut'>;
  /** Called when there is something to deliver. */
  onQueued: () => void;
  clock: Clock;
  log: Log;
}

const EVERY_MS = 500;
const BATCH_SIZE = 100;
const LEASE_MS = 60_000;
const RETRY_MS = 10_000;
const GIVEN_UP_AFTER_MS = 24 * 60 * 60 * 1000;

/** Looks twice a second for what has happened, and queues the deliveries to those who want to be told. */
export function startEventFanOut(deps: EventFanOutDeps): { stop(): Promise<void> } {
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const taken = await fanOutDue(deps).catch((error: unknown) => {
      deps.log.error({ err: error }, 'events could not be read');
      return 0;
    });
    if (isStopping) return;
    timer = setTimeout(begin, taken === BATCH_SIZE ? 0 : EVERY_MS);
  };
  let running = look();
  function begin(): void {
    running = look();
  }
  return {
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** One look; returns how many events it took. An event that is taken twice is told once. */
export async function fanOutDue(deps: EventFanOutDeps): Promise<number> {
  const due = { family: 'event', nowMs: deps.clock.nowMs(), leaseMs: LEASE_MS, limit: BATCH_SIZE } as const;
  const items = await deps.outbox.claimDue(due);
  let told = 0;
  for (const item of items) told += await fanOut(deps, item);
  if (told > 0) deps.onQueued();
  return items.length;
}

async function fanOut({ outbox, events, clock, log }: EventFanOutDeps, item: ClaimedItem): Promise<number> {
  const nowMs = clock.nowMs();
  try {
    // The row was written by `enqueue`, which ties payload to kind.
    const told = await events.fanOut(JSON.parse(item.payload) as PortalEvent, item.id, nowMs);
    await outbox.finish(item.id, nowMs, null);
    return told;
  } catch (error) {
    log.error({ err: error, outboxId: item.id }, 'an event was not passed on');
    const isGivenUp = nowMs > item.createdAtMs + GIVEN_UP_AFTER_MS;
    await (isGivenUp
      ? outbox.finish(item.id, nowMs, 'unexpected error')
      : outbox.postpone(item.id, nowMs + RETRY_MS, 'unexpected error'));
    return 0;
  }
}
