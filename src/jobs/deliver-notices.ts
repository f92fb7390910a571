import { type AnnounceNoticesDeps, announceNotices } from '../notices/announce-notices.ts';
import { type QueueNoticeMailsDeps, queueNoticeMails } from '../notices/queue-notice-mails.ts';
import type { Log } from '../platform/log.ts';
import { type Job, repeat } from './repeat.ts';

export type NoticeDeliveryDeps = AnnounceNoticesDeps &
  QueueNoticeMailsDeps & {
    /** Publishes what is due, and brings what readers see in line with it. */
    keepReadersCurrent?: () => Promise<void>;
    log: Log;
  };

const EVERY_MS = 5000;

/** Looks every few seconds for what has been published, and queues the mails about it. */
export function startNoticeDelivery(deps: NoticeDeliveryDeps): Job {
  return repeat({
    everyMs: EVERY_MS,
    work: () => deliverNotices(deps),
    log: deps.log,
    failure: 'notices could not be announced',
  });
}

/** One look; what has been queued once is not queued again, however often this runs. */
export async function deliverNotices(deps: Omit<NoticeDeliveryDeps, 'log'>): Promise<void> {
  await deps.keepReadersCurrent?.();
  await announceNotices(deps);
  await queueNoticeMails(deps);
}
