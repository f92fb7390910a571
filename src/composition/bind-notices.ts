import { createCatalogStore } from '../catalog/catalog-store.ts';
import { acknowledgeNotice, markNoticeRead } from '../notices/acknowledge-notice.ts';
import { changeMailPreference, unsubscribe } from '../notices/change-mail-preference.ts';
import { csafAdvisory } from '../notices/csaf-advisory.ts';
import type { NoticeFilter } from '../notices/notice.ts';
import { createNoticeAudienceStore } from '../notices/notice-audience-store.ts';
import { createNoticeDeliveryStore } from '../notices/notice-delivery-store.ts';
import { noticeDigestMail } from '../notices/notice-digest-mail.ts';
import { noticeFeed } from '../notices/notice-feed.ts';
import { createNoticeLibrary } from '../notices/notice-library.ts';
import { noticeMail, noticeReminderMail } from '../notices/notice-mail.ts';
import { createNoticePublicationStore } from '../notices/notice-publication-store.ts';
import { createNoticeResponseStore } from '../notices/notice-response-store.ts';
import { readNoticeImpact, readNoticeOverview } from '../notices/read-notice-impact.ts';
import { readOwnNotice, readOwnNotices } from '../notices/read-own-notices.ts';
import { sunsetCalendar } from '../notices/sunset-calendar.ts';
import { remindCallers } from '../notices/remind-callers.ts';
import type { MailWriters } from '../jobs/deliver-outbox.ts';
import { createPolicyStore } from '../policies/policy-store.ts';
import type { Mail } from '../platform/mailer.ts';
import { createApiUsageStore } from '../usage/api-usage-store.ts';
import type { AccountParts } from './bind-accounts.ts';
import { createImpactThread } from './impact-thread.ts';
import { createEditorParts } from './editor-parts.ts';
import type { Foundation } from './foundation.ts';
import { policyAnnouncements } from './policy-announcements.ts';
import type { Portal } from '../portal/portal.ts';

export type NoticeParts = ReturnType<typeof createNoticeParts>;

/** What pages and jobs share. */
export function createNoticeParts(foundation: Foundation, { accounts }: AccountParts) {
  const impact = createImpactThread(foundation.config);
  const { config, databases, clock, random } = foundation;
  const editor = createEditorParts(foundation);
  const { publicUrl, contentDir, sessionSecret } = config;
  return {
    library: createNoticeLibrary({ contentDir, clock, written: editor.written }),
    editor,
    policies: createPolicyStore(databases.portal),
    audience: createNoticeAudienceStore(databases.portal),
    publications: createNoticePublicationStore(databases.portal, random),
    deliveries: createNoticeDeliveryStore(databases.portal, random),
    responses: createNoticeResponseStore(databases.portal),
    usage: createApiUsageStore(databases.usage),
    readImpact: impact.read,
    close: () => impact.close(),
    catalog: createCatalogStore(databases.portal),
    accounts,
    clock,
    publicUrl,
    sessionSecret,
  };
}

export function bindNotices(parts: NoticeParts): Portal['notices'] {
  const { library } = parts;
  const announcements = async (filter: NoticeFilter = {}) =>
    policyAnnouncements(await parts.policies.list(), filter, parts.clock.nowMs());
  return {
    ...library,
    announcements,
    feed: async (format, filter = {}) =>
      noticeFeed(format, library.list(filter), filter, parts.publicUrl, await announcements(filter)),
    async calendar() {
      const apis = await parts.catalog.apis();
      return sunsetCalendar(
        library.list(),
        parts.publicUrl,
        apis.flatMap(({ versions }) => versions),
      );
    },
    async csaf(slug) {
      const notice = library.find(slug);
      if (notice?.kind !== 'advisory') return null;
      const titles = new Map((await parts.catalog.apis()).map((api) => [api.slug, api.title]));
      return csafAdvisory(notice, { publicUrl: parts.publicUrl, apiTitle: (api) => titles.get(api) ?? api });
    },
    own: (actor) => readOwnNotices(parts, actor),
    async concern(actor, slug) {
      const notice = library.find(slug);
      return notice && readOwnNotice(parts, actor, notice);
    },
    markRead: (actor, slug) => markNoticeRead(parts, actor, slug),
    acknowledge: (actor, slug) => acknowledgeNotice(parts, actor, slug),
    mailPreference: (actor) => parts.responses.preference(actor.accountId),
    changeMailPreference: (actor, mail) => changeMailPreference(parts, actor, mail),
    unsubscribe: (token) => unsubscribe(parts, token),
    overview: (actor) => readNoticeOverview(parts, actor),
    impact: (actor, slug) => readNoticeImpact(parts, actor, slug),
    remind: (actor, slug) => remindCallers(parts, actor, slug),
  };
}

export function noticeMailWriters(
  parts: NoticeParts,
): Pick<MailWriters, 'mail.notice' | 'mail.notice_digest' | 'mail.notice_reminder'> {
  // Another process may have published since this one looked: a mail about what it does not know would be dropped.
  const fresh =
    <Payload>(write: (payload: Payload) => Promise<Mail | null>) =>
    async (payload: Payload): Promise<Mail | null> => {
      await parts.editor.written.refresh();
      return write(payload);
    };
  return {
    'mail.notice': fresh((payload) => noticeMail(parts, payload)),
    'mail.notice_digest': fresh((payload) => noticeDigestMail(parts, payload)),
    'mail.notice_reminder': fresh((payload) => noticeReminderMail(parts, payload)),
  };
}
