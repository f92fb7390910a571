import { z } from 'zod';

import {
  APPLICATION_DESCRIPTION_MAX_LENGTH,
  APPLICATION_NAME_MAX_LENGTH,
  type Application,
  type Subscription,
} from '../../applications/application.ts';
import type { SubscriptionRequest } from '../../applications/subscription-request.ts';
import { nameField, textField } from '../../applications/text.form.ts';
import { TEAM_ID_MAX_LENGTH } from '../../teams/role.ts';
import { checkedBy, nextCursor } from './parts.ts';
import { answerSchema, bodySchema, time, timeText } from './registry.ts';

export const applicationParams = z.strictObject({
  applicationId: z.string().meta({ description: 'Id of the application.', examples: ['app_6Xk1v9QyTn3RbLw0Zc4M'] }),
});

export const applicationSchema = answerSchema(
  'Application',
  z.object({
    id: z.string().meta({ examples: ['app_6Xk1v9QyTn3RbLw0Zc4M'] }),
    teamId: z.string().meta({ examples: ['team_2Hf8sKpW5dJm7GxYqB1N'] }),
    name: z.string().meta({ examples: ['Tea shop'] }),
    description: z.string(),
    createdAt: time(),
  }),
);

export const applicationListSchema = answerSchema(
  'ApplicationList',
  z.object({ applications: z.array(applicationSchema).meta({ description: 'Newest first.' }), nextCursor }),
);

export const createApplicationBody = bodySchema(
  'NewApplication',
  z.strictObject({
    name: z
      .string()
      .min(1)
      .max(APPLICATION_NAME_MAX_LENGTH)
      .transform(checkedBy(nameField(APPLICATION_NAME_MAX_LENGTH)))
      .meta({ description: 'For people.', examples: ['Tea shop'] }),
    description: z
      .string()
      .max(APPLICATION_DESCRIPTION_MAX_LENGTH)
      .transform(checkedBy(textField(APPLICATION_DESCRIPTION_MAX_LENGTH)))
      .default('')
      .meta({ description: 'For people; line breaks are kept.', examples: ['Prints the labels.'] }),
    teamId: z
      .string()
      .max(TEAM_ID_MAX_LENGTH)
      .optional()
      .meta({ description: 'One of your teams, in which you are manager or admin.' }),
  }),
);

export const subscriptionSchema = answerSchema(
  'Subscription',
  z.object({
    id: z.string().meta({ examples: ['sub_9Wd3cVtR6yLq0PzXe2Ua'] }),
    api: z.string().meta({ examples: ['parcels'] }),
    plan: z.string().meta({ examples: ['free'] }),
    state: z
      .enum(['active', 'waiting'])
      .meta({ description: '`waiting`: an owner has not approved it yet; calls are refused.' }),
    createdAt: time(),
  }),
);

export const subscriptionListSchema = answerSchema(
  'SubscriptionList',
  z.object({ subscriptions: z.array(subscriptionSchema) }),
);

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'This is not the slug of an API or a plan.');

export const addSubscriptionBody = bodySchema(
  'NewSubscription',
  z.strictObject({
    api: slug.meta({ description: 'Slug of the API.', examples: ['parcels'] }),
    plan: slug.meta({ description: 'Slug of one of its plans.', examples: ['free'] }),
  }),
);

export function describeApplication({ id, teamId, name, description, createdAtMs }: Application) {
  return { id, teamId, name, description, createdAt: timeText(createdAtMs) };
}

export function describeSubscription({ id, apiSlug, planSlug, createdAtMs }: Subscription) {
  return { id, api: apiSlug, plan: planSlug, state: 'active' as const, createdAt: timeText(createdAtMs) };
}

/** Not a subscription yet. */
export function describeRequest({ id, apiSlug, planSlug, createdAtMs }: SubscriptionRequest) {
  return { id, api: apiSlug, plan: planSlug, state: 'waiting' as const, createdAt: timeText(createdAtMs) };
}
