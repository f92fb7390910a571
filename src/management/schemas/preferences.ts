import { z } from 'zod';

import type { CalendarFeed } from '../../key-rotation/calendar-feed-store.ts';
import { answerSchema, bodySchema, maybeTime, maybeTimeText, time, timeText } from './registry.ts';

const mail = z
  .enum(['immediate', 'digest', 'none'])
  .meta({ description: 'Of advisories you are always told, of critical and high ones at once.' });

export const noticeMailSchema = answerSchema('NoticeMail', z.object({ mail }));

export const noticeMailBody = bodySchema('NoticeMailChange', z.strictObject({ mail }));

export const calendarFeedSchema = answerSchema(
  'CalendarFeed',
  z.object({
    createdAt: time(),
    lastReadAt: maybeTime().meta({ description: 'When a calendar program last read it, within an hour.' }),
  }),
);

export const newCalendarFeedSchema = answerSchema(
  'NewCalendarFeed',
  z.object({
    url: z.string().meta({
      description: 'Who has it can read the names and the due dates of your keys. It stands in this answer only.',
      examples: ['https://developers.example/calendars/xxxxxxxx.ics'],
    }),
  }),
);

export function describeCalendarFeed({ createdAtMs, lastReadAtMs }: CalendarFeed) {
  return { createdAt: timeText(createdAtMs), lastReadAt: maybeTimeText(lastReadAtMs) };
}
