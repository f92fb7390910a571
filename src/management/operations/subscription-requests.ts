import { absent, absentHere, answer, refuse } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { noParams, noQuery } from '../schemas/registry.ts';
import {
  describeRequest,
  ownRequestParams,
  requestDecisionBody,
  requestListSchema,
  requestParams,
} from '../schemas/subscription-requests.ts';

const withdrawSubscriptionRequest = defineOperation({
  operationId: 'withdrawSubscriptionRequest',
  method: 'DELETE',
  path: '/applications/{applicationId}/requests/{requestId}',
  tag: 'Applications',
  summary: 'Withdraw a request for a plan',
  description: 'While no owner has decided about it. Its id is that of the subscription which waits.',
  access: 'applications:write',
  params: ownRequestParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'Nobody decides about it any more.', schema: null },
  refusals: ['not_found'],
  async handler({ portal, caller, params: { applicationId, requestId } }) {
    const isWithdrawn = await portal.applications.withdrawRequest(caller().actor, applicationId, requestId);
    return isWithdrawn ? { status: 204 } : absent('request');
  },
});

const listSubscriptionRequests = defineOperation({
  operationId: 'listSubscriptionRequests',
  method: 'GET',
  path: '/owner/requests',
  tag: 'Owners',
  summary: 'List the requests for plans that wait',
  access: 'owner:read',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'Those about which an owner has to decide.', schema: requestListSchema },
  refusals: [],
  async handler({ portal, caller }) {
    const requests = await portal.applications.waitingRequests(caller().actor);
    return answer({ requests: requests.map(describeRequest) });
  },
});

const decideSubscriptionRequest = defineOperation({
  operationId: 'decideSubscriptionRequest',
  method: 'PUT',
  path: '/owner/requests/{requestId}/decision',
  tag: 'Owners',
  summary: 'Approve or decline a request for a plan',
  description: 'Approved, the keys of the application can call from the next call on. The team is told by mail.',
  access: 'owner:write',
  params: requestParams,
  query: noQuery,
  body: requestDecisionBody,
  exampleBody: { isApproved: true },
  success: { status: 204, description: 'It is decided.', schema: null },
  refusals: ['not_found', 'request_decided'],
  async handler({ portal, caller, params, body }) {
    const result = await portal.applications.decideRequest(caller().actor, params.requestId, body);
    if (result.ok) return { status: 204 };
    return result.reason === 'not_found' ? absentHere('There is no request with this id.') : refuse('request_decided');
  },
});

/** For developers: of their own applications. */
export const requestOperations = [withdrawSubscriptionRequest];

/** For owners: of all. */
export const ownerRequestOperations = [listSubscriptionRequests, decideSubscriptionRequest];
