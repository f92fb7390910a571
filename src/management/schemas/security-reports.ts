import { z } from 'zod';

import { textField } from '../../applications/text.form.ts';
import {
  REPORT_MAX_LENGTH,
  REPORT_STATES,
  type ReportMessage,
  type SecurityReport,
} from '../../security-reports/security-report.ts';
import { checkedBy, nextCursor } from './parts.ts';
import { answerSchema, bodySchema, time, timeText } from './registry.ts';

export const reportParams = z.strictObject({
  reportId: z.string().meta({ description: 'Id of the report.', examples: ['rpt_5Kd0vLmQ2sRy8TzWc4Hn'] }),
});

const state = z.enum(REPORT_STATES);

export const answerReportBody = bodySchema(
  'ReportAnswer',
  z.strictObject({
    text: z
      .string()
      .max(REPORT_MAX_LENGTH)
      .transform(checkedBy(textField(REPORT_MAX_LENGTH)))
      .default('')
      .meta({ description: 'The reporter reads it; the mail to them holds the link only.' }),
    state,
  }),
);

const report = z.object({
  id: z.string(),
  state,
  hasContact: z.boolean().meta({ description: 'Whether the reporter left an address, and is told of answers.' }),
  createdAt: time(),
  changedAt: time(),
});

export const reportListSchema = answerSchema(
  'SecurityReportList',
  z.object({ reports: z.array(report).meta({ description: 'Newest first.' }), nextCursor }),
);

export const reportThreadSchema = answerSchema(
  'SecurityReport',
  z.object({
    report,
    messages: z
      .array(
        z.object({
          author: z.enum(['reporter', 'owner']),
          text: z
            .string()
            .nullable()
            .meta({ description: 'null when it cannot be read any more: SESSION_SECRET was another one.' }),
          createdAt: time(),
        }),
      )
      .meta({ description: 'Oldest first.' }),
  }),
);

export function describeReport({ id, state: stands, hasContact, createdAtMs, changedAtMs }: SecurityReport) {
  return { id, state: stands, hasContact, createdAt: timeText(createdAtMs), changedAt: timeText(changedAtMs) };
}

export function describeMessage({ author, text, createdAtMs }: ReportMessage) {
  return { author, text, createdAt: timeText(createdAtMs) };
}
