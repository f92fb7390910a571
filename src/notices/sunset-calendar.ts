import ical, { ICalCalendarMethod } from 'ical-generator';

import type { ApiVersion } from '../catalog/api.ts';
import { type Deprecation, type Notice, changedAtMsOf } from './notice.ts';
import type { FeedDocument } from './notice-feed.ts';

/**
 * iCalendar (RFC 5545): a day for each deprecation and each sunset, and the hours of announced brown-outs. Subscribed
 * calendars fetch it again.
 */
export function sunsetCalendar(
  notices: readonly Notice[],
  publicUrl: string,
  versions: readonly ApiVersion[] = [],
): FeedDocument {
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
  for (const version of versions) addBrownOuts(calendar, version, publicUrl);
  // When the times of a brown-out were changed is not known.
  const isDated = deprecations.length > 0 && !versions.some(({ ending }) => ending && ending.brownOuts.length > 0);
  const changedAtMs = isDated ? Math.max(...deprecations.map(changedAtMsOf)) : null;
  return { body: calendar.toString(), mediaType: 'text/calendar; charset=utf-8', changedAtMs };
}

function addBrownOuts(
  calendar: ReturnType<typeof ical>,
  { apiSlug, version, ending, deprecatedAtMs }: ApiVersion,
  publicUrl: string,
): void {
  const url = `${publicUrl}/docs/${apiSlug}/${version}`;
  for (const { fromMs, untilMs } of ending?.brownOuts ?? []) {
    calendar.createEvent({
      id: `${apiSlug}-${version}-brown-out-${fromMs}@${new URL(publicUrl).hostname}`,
      start: new Date(fromMs),
      end: new Date(untilMs),
      timezone: 'UTC',
      stamp: new Date(deprecatedAtMs ?? fromMs),
      summary: `Brown-out: ${apiSlug} ${version} refuses all calls`,
      description: `Who still calls ${version} gets 410 in this time.\n\n${url}`,
      url,
    });
  }
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
    stamp: new Date(changedAtMsOf(notice)),
    summary: `${event === 'sunset' ? 'Sunset' : 'Deprecated'}: ${notice.title}`,
    description: `${notice.summary}\n\n${url}`,
    url,
  });
}
