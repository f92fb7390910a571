import { absent, absentHere, answer } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { applicationParams } from '../schemas/applications.ts';
import { describeQuotaAlert, quotaAlertsSchema, quotaMailBody, quotaMailSchema } from '../schemas/quotas.ts';
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
  query: noQuery,
  body: null,
  success: { status: 200, description: 'Shares of quotas that were reached.', schema: quotaAlertsSchema },
  refusals: ['not_found'],
  async handler({ portal, caller }) {
    const alerts = await portal.quotas.alerts(caller().actor);
    return alerts ? answer({ alerts: alerts.map(describeQuotaAlert) }) : absentHere('There is nothing here for you.');
  },
});

/** For developers: of what is theirs. */
export const quotaOperations = [getQuotaMail, changeQuotaMail];

/** For owners: of all teams. */
export const ownerQuotaOperations = [listQuotaAlerts];
