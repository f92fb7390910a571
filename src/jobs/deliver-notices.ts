import { type AnnounceNoticesDeps, announceNotices } from '../notices/announce-notices.ts';
import { type QueueNoticeMailsDeps, queueNoticeMails } from '../notices/queue-notice-mails.ts';
import type { Log } from '../platform/log.ts';

export type NoticeDeliveryDeps = AnnounceNoticesDeps &
  QueueNoticeMailsDeps & {
    /** Publishes what is due, and brings what readers see in line with it. */
    keepReadersCurrent?: () => Promise<void>;
    log: Log;
  };

const EVERY_MS = 5000;

/** Looks every few seconds for what has been published, and queues the mails about it. */
export function startNoticeDelivery(deps: NoticeDeliveryDeps): { stop(): Promise<void> } {
  let running = Promise.resolve();
  let isRunning = false;
  const look = (): void => {
    if (isRunning) return;
    isRunning = true;
    running = deliverNotices(deps)
      .catch((error: unknown) => deps.log.error({ err: error }, 'notices could not be announced'))
      .finally(() => {
        isRunning = false;
      });
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** One look; what has been queued once is not queued again, however often this runs. */
export async function deliverNotices(deps: Omit<NoticeDeliveryDeps, 'log'>): Promise<void> {
  await deps.keepReadersCurrent?.();
  await announceNotices(deps);
  await queueNoticeMails(deps);
}
