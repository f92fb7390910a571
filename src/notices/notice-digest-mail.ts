import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { type Notice, hasWording, mannerFor } from './notice.ts';
import type { NoticeDeliveryStore } from './notice-delivery-store.ts';
import {
  type NoticeMailDeps,
  addressFor,
  concernOf,
  factsOf,
  finish,
  isOptional,
  noticeUrl,
  subjectWord,
} from './notice-mail.ts';

export interface NoticeDigestMailDeps extends NoticeMailDeps {
  deliveries: Pick<NoticeDeliveryStore, 'digest'>;
}

/** The day's notices in one mail; null when none is left that is published, present and wanted. */
export async function noticeDigestMail(
  deps: NoticeDigestMailDeps,
  { accountId, queuedAtMs }: OutboxPayloads['mail.notice_digest'],
): Promise<Mail | null> {
  const to = await addressFor(deps, accountId);
  const preference = await deps.responses.preference(accountId);
  const notices = (await deps.deliveries.digest(accountId, queuedAtMs)).flatMap(({ slug, revisionAtMs }) => {
    const notice = deps.library.find(slug);
    const isWanted = notice && hasWording(notice, revisionAtMs) && mannerFor(notice, preference) !== 'none';
    return isWanted ? [notice] : [];
  });
  const [first] = notices;
  if (to === null || !first) return null;
  const subject =
    notices.length === 1 ? `${subjectWord(first)}: ${first.title}` : `${notices.length} notices that concern you`;
  const parts = [];
  for (const notice of notices) parts.push(await partOf(deps, accountId, notice));
  return finish(deps, accountId, to, { subject, text: parts }, notices.some(isOptional));
}

async function partOf(deps: NoticeDigestMailDeps, accountId: string, notice: Notice): Promise<string> {
  const { sentences } = await concernOf(deps, accountId, notice);
  const heading = `${subjectWord(notice)}: ${notice.title}`;
  return [heading, notice.summary, ...factsOf(notice), ...sentences, noticeUrl(deps, notice)].join('\n');
}
