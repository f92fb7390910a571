import { z } from 'zod';

import type { OwnNotice } from '../../notices/own-notice.ts';
import { describeNotice, noticeSchema } from './catalog.ts';
import { nextCursor } from './parts.ts';
import { answerSchema, maybeTime, maybeTimeText } from './registry.ts';

export const noticeParams = z.strictObject({
  slug: z.string().meta({ description: 'Slug of the notice.', examples: ['2026-09-15-tls-1-2-required'] }),
});

export const ownNoticeSchema = answerSchema(
  'OwnNotice',
  z.object({
    notice: noticeSchema,
    acknowledgedAt: maybeTime().meta({
      description: 'Of its present wording, by all of your teams; null while one has not.',
    }),
    callsThisWeek: z.int().meta({ description: 'To what it names, by your keys.' }),
    concerns: z
      .array(
        z.object({
          applicationId: z.string(),
          applicationName: z.string(),
          keyId: z.string().nullable(),
          keyName: z.string().nullable(),
          reason: z.enum(['calls', 'new_key', 'subscribed', 'named']),
          calls: z.array(z.object({ what: z.string(), calls: z.int(), callsThisWeek: z.int() })),
        }),
      )
      .meta({ description: 'Your keys that it concerns, and why.' }),
  }),
);

export const ownNoticeListSchema = answerSchema(
  'OwnNoticeList',
  z.object({ notices: z.array(ownNoticeSchema).meta({ description: 'Newest first.' }), nextCursor }),
);

export function describeOwnNotice({ notice, keys, acknowledgedAtMs, callsThisWeek }: OwnNotice, publicUrl: string) {
  return {
    notice: describeNotice(notice, publicUrl),
    acknowledgedAt: maybeTimeText(acknowledgedAtMs),
    callsThisWeek,
    concerns: keys.map(({ applicationId, applicationName, keyId, keyName, reason, calls }) => ({
      applicationId,
      applicationName,
      keyId,
      keyName,
      reason,
      calls,
    })),
  };
}
