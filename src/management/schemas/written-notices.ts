import { z } from 'zod';

import type { WrittenNoticeView } from '../../editor/read-written-notices.ts';
import { REASON_MAX_LENGTH } from '../../editor/reason-limit.ts';
import type { WrittenNotice } from '../../editor/written-notice.ts';
import { textField } from '../../applications/text.form.ts';
import { INCIDENT_STATUSES } from '../../notices/notice.ts';
import { draftFields } from '../../notices/notice-fields.ts';
import { MARKDOWN_MAX_LENGTH } from '../../platform/markdown-limit.ts';
import { checkedBy, nextCursor } from './parts.ts';
import { answerSchema, bodySchema, maybeTime, maybeTimeText, time, timeText } from './registry.ts';

export const writtenNoticeParams = z.strictObject({
  noticeId: z.string().meta({ description: 'Id of the notice.', examples: ['ntc_4fT0a8GkQ2XwYbZ1mN7c'] }),
});

const revision = z.int().min(1).meta({ description: 'As you read it last; it rises with every change.' });
const fields = draftFields.meta({
  description: 'The fields that a notice file has, without those of its publication.',
});
const text = z
  .string()
  .min(1)
  .max(MARKDOWN_MAX_LENGTH)
  .meta({ description: 'Markdown.', examples: ['## What changes'] });

const members = {
  id: z.string(),
  state: z.enum(['draft', 'scheduled', 'published', 'withdrawn']),
  revision,
  fields: z.record(z.string(), z.unknown()).meta({ description: 'What is being written.' }),
  text: z.string(),
  isApproved: z.boolean().meta({ description: 'By a second owner, as it is now.' }),
  hasUnpublishedChanges: z.boolean().meta({ description: 'A correction is being written.' }),
  publishedAt: maybeTime().meta({ description: 'Of a scheduled one: when it is to be.' }),
  url: z.url().nullable().meta({ description: 'Page for readers; null while there is none.' }),
  changedAt: time(),
};

export const writtenNoticeSchema = answerSchema('WrittenNotice', z.object(members));
export const writtenNoticeListSchema = answerSchema(
  'WrittenNoticeList',
  z.object({ notices: z.array(writtenNoticeSchema).meta({ description: 'The last changed first.' }), nextCursor }),
);
export const reachSchema = answerSchema(
  'NoticeReach',
  z.object({
    keys: z.int(),
    teams: z.int(),
    callingTeams: z.int().meta({ description: 'Of the last seven days.' }),
    callsThisWeek: z.int(),
  }),
);

export const draftNoticeBody = bodySchema('NoticeDraft', z.strictObject({ fields, text }));
export const redraftNoticeBody = bodySchema('NoticeChange', z.strictObject({ fields, text, revision }));
export const seenNoticeBody = bodySchema('NoticeSeen', z.strictObject({ revision }));
export const publishNoticeBody = bodySchema(
  'NoticePublication',
  z.strictObject({
    revision,
    publishAt: z.iso
      .datetime({ offset: true, error: 'This is not a time such as 2027-03-01T09:00:00Z.' })
      .nullable()
      .default(null)
      .meta({ description: 'null: now.', examples: ['2027-03-01T09:00:00Z'] }),
  }),
);
const reason = z
  .string()
  .min(1)
  .max(REASON_MAX_LENGTH)
  .transform(checkedBy(textField(REASON_MAX_LENGTH)))
  .meta({ description: 'For readers.', examples: ['The date was wrong.'] });
export const correctNoticeBody = bodySchema(
  'NoticeCorrection',
  z.strictObject({
    revision,
    reason,
    tell: z.boolean().default(false).meta({ description: 'Whether all it concerns are mailed once more.' }),
  }),
);
export const withdrawNoticeBody = bodySchema('NoticeWithdrawal', z.strictObject({ revision, reason }));
export const updateIncidentBody = bodySchema(
  'IncidentUpdate',
  z.strictObject({
    revision,
    status: z.enum(INCIDENT_STATUSES),
    text: z
      .string()
      .min(1)
      .max(2000)
      .transform(checkedBy(textField(2000)))
      .meta({ examples: ['It works again.'] }),
  }),
);

export function describeWritten(written: WrittenNotice, hasUnpublishedChanges: boolean, publicUrl: string) {
  const { id, state, draft, slug, approvedBy, publishedAtMs, changedAtMs } = written;
  const isRead = slug !== null && (state === 'published' || state === 'withdrawn');
  return {
    ...{ id, state, revision: written.revision, fields: draft.fields, text: draft.text },
    ...{ isApproved: approvedBy !== null, hasUnpublishedChanges, publishedAt: maybeTimeText(publishedAtMs) },
    url: isRead ? `${publicUrl}/notices/${slug}` : null,
    changedAt: timeText(changedAtMs),
  };
}

export function describeReach({ impact: { impact } }: WrittenNoticeView) {
  const { keys, teams, callingTeams, callsThisWeek } = impact;
  return { keys, teams, callingTeams, callsThisWeek };
}
