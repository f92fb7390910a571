import { z } from 'zod';

import { absent, absentHere, answer, refuse } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { NO_CURSOR, cut, pageQuery } from '../page.ts';
import { applicationParams } from '../schemas/applications.ts';
import {
  alertPlace,
  describeQuotaAlert,
  quotaAlertsSchema,
  quotaMailBody,
  quotaMailSchema,
  readAlertPlace,
} from '../schemas/quotas.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const getQuotaMail = defineOperation({
  operationId: 'getQuotaMail',
  method: 'GET',
  path: '/applications/{applicationId}/quota-mail',
  tag: 'Applications',
  summary: 'See whether its team is mailed about quotas',
  access: 'applications:read',
  params: applicationParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'Whether mails are sent.', schema: quotaMailSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const isMailed = await portal.quotas.isMailed(caller().actor, params.applicationId);
    return isMailed === null ? absent('application') : answer({ isMailed });
  },
});

const changeQuotaMail = defineOperation({
  operationId: 'changeQuotaMail',
  method: 'PUT',
  path: '/applications/{applicationId}/quota-mail',
  tag: 'Applications',
  summary: 'Turn mails about quotas on or off',
  description: 'For the whole team of the application.',
  access: 'applications:write',
  params: applicationParams,
  query: noQuery,
  body: quotaMailBody,
  exampleBody: { isMailed: false },
  success: { status: 200, description: 'Whether mails are sent from now on.', schema: quotaMailSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params, body }) {
    const result = await portal.quotas.changeMail(caller().actor, params.applicationId, body);
    return result.ok ? answer(body) : absent('application');
  },
});

const listQuotaAlerts = defineOperation({
  operationId: 'listQuotaAlerts',
  method: 'GET',
  path: '/owner/quota-alerts',
  tag: 'Owners',
  summary: 'See who has used much of a quota',
  access: 'owner:read',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of the shares of quotas that were reached.', schema: quotaAlertsSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, query: { limit, cursor } }) {
    const before = cursor && readAlertPlace(cursor);
    if (before === null) return refuse('invalid_parameter', NO_CURSOR);
    const alerts = await portal.quotas.alerts(caller().actor, { before: before ?? null, limit: limit + 1 });
    if (!alerts) return absentHere('There is nothing here for you.');
    const { items, nextCursor } = cut(alerts, limit, alertPlace);
    return answer({ alerts: items.map(describeQuotaAlert), nextCursor });
  },
});

/** For developers: of what is theirs. */
export const quotaOperations = [getQuotaMail, changeQuotaMail];

/** For owners: of all teams. */
export const ownerQuotaOperations = [listQuotaAlerts];
