import type { PortalEvent, PortalEventData } from '../platform/portal-event.ts';
import { type Notice, revisionOf } from './notice.ts';

export type NoticeFacts = PortalEventData<'notice.published'>;

/** What events tell of a notice. */
export function noticeFacts(notice: Notice): NoticeFacts {
  return {
    slug: notice.slug,
    revisionAtMs: revisionOf(notice),
    kind: notice.kind,
    title: notice.title,
    severity: notice.kind === 'advisory' ? notice.severity : null,
    apiSlugs: [...new Set(notice.affects.map(({ api }) => api))],
  };
}

/** One event for each wording, however many portions of teams it is queued in, and however often that is resumed. */
export function noticePublishedEvent(facts: NoticeFacts, teamIds: readonly string[], atMs: number): PortalEvent {
  const onceKey = `notice.published ${facts.slug} ${facts.revisionAtMs}`;
  return { type: 'notice.published', teamId: null, applicationId: null, atMs, data: facts, teamIds, onceKey };
}

/** One event for each withdrawal, in however many portions of teams. */
export function noticeWithdrawnEvent(
  data: PortalEventData<'notice.withdrawn'>,
  teamIds: readonly string[],
  atMs: number,
): PortalEvent {
  const onceKey = `notice.withdrawn ${data.slug} ${data.revisionAtMs}`;
  return { type: 'notice.withdrawn', teamId: null, applicationId: null, atMs, data, teamIds, onceKey };
}

export function noticeRemindedEvent(facts: NoticeFacts, teamIds: readonly string[], atMs: number): PortalEvent {
  const onceKey = `notice.reminded ${facts.slug} ${facts.revisionAtMs} ${atMs}`;
  return { type: 'notice.reminded', teamId: null, applicationId: null, atMs, data: facts, teamIds, onceKey };
}
