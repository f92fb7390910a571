import { z } from 'zod';

import { textField } from '../../applications/text.form.ts';
import type { RequestForOwner } from '../../applications/subscription-request.ts';
import { applicationParams } from './applications.ts';
import { checkedBy } from './parts.ts';
import { answerSchema, bodySchema, time, timeText } from './registry.ts';

const MESSAGE_MAX_LENGTH = 1000;

const requestId = z.string().meta({ description: 'Id of the request.', examples: ['srq_4Jt7yHcN2sEv9KqXgU5B'] });

export const requestParams = z.strictObject({ requestId });
export const ownRequestParams = z.strictObject({ ...applicationParams.shape, requestId });

export const requestListSchema = answerSchema(
  'SubscriptionRequestList',
  z.object({
    requests: z
      .array(
        z.object({
          id: z.string(),
          applicationId: z.string(),
          applicationName: z.string(),
          teamId: z.string(),
          teamName: z.string(),
          api: z.string().meta({ examples: ['parcels'] }),
          plan: z.string().meta({ examples: ['partner'] }),
          createdAt: time(),
        }),
      )
      .meta({ description: 'Those that wait, oldest first.' }),
  }),
);

export const requestDecisionBody = bodySchema(
  'RequestDecision',
  z
    .strictObject({
      isApproved: z.boolean(),
      message: z
        .string()
        .max(MESSAGE_MAX_LENGTH)
        .transform(checkedBy(textField(MESSAGE_MAX_LENGTH)))
        .default('')
        .meta({ description: 'Mailed to the team; it has to be told why it is declined.' }),
    })
    .refine(({ isApproved, message }) => isApproved || message !== '', {
      path: ['message'],
      error: 'Say why it is declined.',
    }),
);

export function describeRequest({ id, applicationId, applicationName, teamId, teamName, ...of }: RequestForOwner) {
  const { apiSlug: api, planSlug: plan, createdAtMs } = of;
  return { id, applicationId, applicationName, teamId, teamName, api, plan, createdAt: timeText(createdAtMs) };
}
