import type { Clock } from '../platform/clock.ts';
import type { NoticeDeliveryStore } from './notice-delivery-store.ts';

export interface QueueNoticeMailsDeps {
  deliveries: Pick<NoticeDeliveryStore, 'queueImmediate' | 'queueDigests'>;
  clock: Clock;
}

const DAY_MS = 86_400_000;
/** Of the day, UTC. */
const DIGEST_AT_MS = 8 * 3_600_000;

/** Hands the outbox what goes at once and, once it is 8:00 UTC, the digests of the day; as much as it has room for. */
export async function queueNoticeMails({ deliveries, clock }: QueueNoticeMailsDeps): Promise<void> {
  const nowMs = clock.nowMs();
  await deliveries.queueImmediate(nowMs);
  await deliveries.queueDigests(lastDigestAtMs(nowMs), nowMs);
}

function lastDigestAtMs(nowMs: number): number {
  const todayAtMs = nowMs - (nowMs % DAY_MS) + DIGEST_AT_MS;
  return nowMs >= todayAtMs ? todayAtMs : todayAtMs - DAY_MS;
}
