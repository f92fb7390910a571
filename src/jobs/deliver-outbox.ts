import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { type Mail, MailError, type Mailer } from '../platform/mailer.ts';
import type { ClaimedItem, OutboxKind, OutboxPayloads, OutboxStore } from '../database/outbox.ts';

export type MailKind = Extract<OutboxKind, `mail.${string}`>;

/** Writes the mail of an item; null when it is no longer wanted. */
export type MailWriters = { readonly [Kind in MailKind]: (payload: OutboxPayloads[Kind]) => Promise<Mail | null> };

export interface OutboxDeliveryDeps {
  outbox: OutboxStore;
  mailer: Mailer;
  writers: MailWriters;
  clock: Clock;
  log: Log;
}

export interface OutboxDelivery {
  /** Ends attempts under way; what they left is delivered after the next start. */
  stop(): Promise<void>;
  /** Looks now instead of within a second. */
  poke(): void;
}

const POLL_MS = 1000;
const BATCH_SIZE = 10;
/** Longer than a mail server is waited for. */
const LEASE_MS = 2 * 60 * 1000;
const FIRST_RETRY_MS = 10 * 1000;
const GIVEN_UP_AFTER_MS = 24 * 60 * 60 * 1000;

/** Delivers what is queued until it is stopped: at least once, again after failures, for a day. */
export function startOutboxDelivery(deps: OutboxDeliveryDeps): OutboxDelivery {
  const stopping = new AbortController();
  let poked = Promise.withResolvers<undefined>();
  const poke = (): void => {
    poked.resolve(undefined);
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const claimed = await deliverDue(deps, stopping.signal).catch((error: unknown) => {
        deps.log.error({ err: error }, 'the outbox could not be read');
        return 0;
      });
      if (claimed === BATCH_SIZE) continue;
      const timer = setTimeout(poke, POLL_MS);
      await poked.promise;
      clearTimeout(timer);
      poked = Promise.withResolvers();
    }
  };
  const running = run();
  return {
    poke,
    async stop() {
      stopping.abort();
      poke();
      await running;
    },
  };
}

/** One look at the outbox; returns how many items it took. */
export async function deliverDue(deps: OutboxDeliveryDeps, signal: AbortSignal): Promise<number> {
  const due = { family: 'mail', nowMs: deps.clock.nowMs(), leaseMs: LEASE_MS, limit: BATCH_SIZE } as const;
  const items = await deps.outbox.claimDue(due);
  await Promise.all(items.map((item) => deliver(deps, item, signal)));
  return items.length;
}

async function deliver(deps: OutboxDeliveryDeps, item: ClaimedItem, signal: AbortSignal): Promise<void> {
  const error = await attempt(deps, item, signal);
  const nowMs = deps.clock.nowMs();
  if (error === null) return deps.outbox.finish(item.id, nowMs, null);
  const { id, kind, attempts } = item;
  const retryAtMs = nowMs + FIRST_RETRY_MS * 2 ** (attempts - 1);
  if (retryAtMs > item.createdAtMs + GIVEN_UP_AFTER_MS) {
    deps.log.error({ outboxId: id, kind, attempts, reason: error }, 'given up');
    return deps.outbox.finish(id, nowMs, error);
  }
  deps.log.warn({ outboxId: id, kind, attempts, reason: error }, 'not delivered, will be tried again');
  return deps.outbox.postpone(id, retryAtMs, error);
}

/** null when delivered or no longer wanted, else a short reason without any content of the mail. */
async function attempt(deps: OutboxDeliveryDeps, item: ClaimedItem, signal: AbortSignal): Promise<string | null> {
  try {
    const mail = await write(deps.writers, item);
    if (mail) await deps.mailer.send(mail, signal);
    return null;
  } catch (error) {
    if (error instanceof MailError) return error.message;
    deps.log.error({ err: error, outboxId: item.id }, 'delivery failed unexpectedly');
    return 'unexpected error';
  }
}

/** The row was written by `enqueue`, which ties payload to kind; a kind of a newer version has no writer here. */
async function write(writers: MailWriters, { kind, payload }: ClaimedItem): Promise<Mail | null> {
  const writer = (writers as Partial<Record<string, (payload: unknown) => Promise<Mail | null>>>)[kind];
  if (!writer) throw new MailError('unknown kind');
  return writer(JSON.parse(payload));
}
