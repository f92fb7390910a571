import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { DELIVERY_KEPT_MS } from '../webhooks/webhook.ts';
import type { WebhookEventStore } from '../webhooks/webhook-event-store.ts';

export interface OldEventRemovalDeps {
  events: Pick<WebhookEventStore, 'removeOld'>;
  clock: Clock;
  log: Log;
}

const EVERY_MS = 60 * 60 * 1000;

/** Forgets every hour the events, deliveries and attempts of more than 30 days ago. */
export function startOldEventRemoval({ events, clock, log }: OldEventRemovalDeps): { stop(): void } {
  const timer = setInterval(() => {
    events
      .removeOld(clock.nowMs() - DELIVERY_KEPT_MS)
      .catch((error: unknown) => log.error({ err: error }, 'old events could not be removed'));
  }, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
