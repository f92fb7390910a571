import { z } from 'zod';

import { absent, answer } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { pageOf, pageQuery } from '../page.ts';
import { applicationParams } from '../schemas/applications.ts';
import { keyActivitySchema, keyHistorySchema } from '../schemas/key-answers.ts';
import { keyParams } from '../schemas/keys.ts';
import { maybeTimeText, noQuery, timeText } from '../schemas/registry.ts';
import { describeUsage, usageQuery, usageSchema } from '../schemas/usage.ts';

const getUsage = defineOperation({
  operationId: 'getUsage',
  method: 'GET',
  path: '/applications/{applicationId}/usage',
  tag: 'Usage',
  summary: 'Get the usage of an application',
  access: 'usage:read',
  params: applicationParams,
  query: usageQuery,
  body: null,
  success: {
    status: 200,
    description: 'Calls by day, operation, key and refusal, and the quotas.',
    schema: usageSchema,
  },
  refusals: ['not_found'],
  async handler({ portal, caller, params, query }) {
    const usage = await portal.usage.forApplication(caller().actor, params.applicationId, query.days);
    return usage ? answer(describeUsage(usage)) : absent('application');
  },
});

const listKeyActivity = defineOperation({
  operationId: 'listKeyActivity',
  method: 'GET',
  path: '/applications/{applicationId}/key-activity',
  tag: 'Usage',
  summary: 'See when and from where keys were last called',
  description: 'Tells whether an old key can be ended: nobody calls with it any more.',
  access: 'usage:read',
  params: applicationParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The last call of each key that was ever called.', schema: keyActivitySchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const { actor } = caller();
    const application = await portal.applications.find(actor, params.applicationId);
    if (!application) return absent('application');
    const activities = await portal.keys.activity(actor, application.id);
    return answer({
      activities: activities.map((activity) => ({
        keyId: activity.keyId,
        lastCalledAt: timeText(activity.lastCalledAtMs),
        lastAddress: activity.lastAddress,
        lastVerdict: activity.lastVerdict,
        leakedInQueryAt: maybeTimeText(activity.leakedInQueryAtMs),
      })),
    });
  },
});

const getKeyHistory = defineOperation({
  operationId: 'getKeyHistory',
  method: 'GET',
  path: '/applications/{applicationId}/keys/{keyId}/history',
  tag: 'Usage',
  summary: 'See what happened to a key',
  description: 'The newest hundred entries.',
  access: 'audit:read',
  params: keyParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of its history.', schema: keyHistorySchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params: { applicationId, keyId }, query }) {
    const { actor } = caller();
    if (!(await portal.keys.find(actor, applicationId, keyId))) return absent('key');
    const entries = await portal.keys.history(actor, applicationId, keyId);
    const { items, nextCursor } = pageOf(entries, ({ sequence }) => ({ at: sequence, id: '' }), query);
    return answer({
      entries: items.map(({ sequence, atMs, actor: by, action, details }) => ({
        sequence,
        at: timeText(atMs),
        actor: by,
        action,
        details,
      })),
      nextCursor,
    });
  },
});

export const usageOperations = [getUsage, listKeyActivity, getKeyHistory];
