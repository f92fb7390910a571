import ical, { ICalCalendarMethod } from 'ical-generator';

import { type Deprecation, type Notice, revisionOf } from './notice.ts';
import type { FeedDocument } from './notice-feed.ts';

/** iCalendar (RFC 5545): a day for each deprecation and each sunset. Subscribed calendars fetch it again. */
export function sunsetCalendar(notices: readonly Notice[], publicUrl: string): FeedDocument {
  const deprecations = notices.filter((notice) => notice.kind === 'deprecation');
  const calendar = ical({
    name: 'API deprecations and sunsets',
    prodId: { company: 'Gatehouse', product: 'Notices', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    url: `${publicUrl}/notices/calendar.ics`,
  });
  for (const notice of deprecations) {
    addDay(calendar, notice, 'deprecation', notice.deprecatedAtMs, publicUrl);
    addDay(calendar, notice, 'sunset', notice.sunsetAtMs, publicUrl);
  }
  const changedAtMs = deprecations.length === 0 ? null : Math.max(...deprecations.map(revisionOf));
  return { body: calendar.toString(), mediaType: 'text/calendar; charset=utf-8', changedAtMs };
}

function addDay(
  calendar: ReturnType<typeof ical>,
  notice: Deprecation,
  event: 'deprecation' | 'sunset',
  atMs: number,
  publicUrl: string,
): void {
  const url = `${publicUrl}/notices/${notice.slug}`;
  calendar.createEvent({
    id: `${notice.slug}-${event}@${new URL(publicUrl).hostname}`,
    start: new Date(atMs),
    allDay: true,
    timezone: 'UTC',
    // The wording, not the moment of writing: the same calendar is the same bytes.
    stamp: new Date(revisionOf(notice)),
    summary: `${event === 'sunset' ? 'Sunset' : 'Deprecated'}: ${notice.title}`,
    description: `${notice.summary}\n\n${url}`,
    url,
  });
}
