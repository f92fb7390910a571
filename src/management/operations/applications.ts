import { z } from 'zod';

import { absent, answer, created, refuse } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { pageOf, pageQuery } from '../page.ts';
import {
  addSubscriptionBody,
  applicationListSchema,
  applicationParams,
  applicationSchema,
  createApplicationBody,
  describeApplication,
  describeRequest,
  describeSubscription,
  subscriptionListSchema,
  subscriptionSchema,
} from '../schemas/applications.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const listApplications = defineOperation({
  operationId: 'listApplications',
  method: 'GET',
  path: '/applications',
  tag: 'Applications',
  summary: 'List applications',
  access: 'applications:read',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of the applications of your teams.', schema: applicationListSchema },
  refusals: [],
  async handler({ portal, caller, query }) {
    const own = await portal.applications.list(caller().actor);
    const { items, nextCursor } = pageOf(own, ({ createdAtMs: at, id }) => ({ at, id }), query);
    return answer({ applications: items.map(describeApplication), nextCursor });
  },
});

const createApplication = defineOperation({
  operationId: 'createApplication',
  method: 'POST',
  path: '/applications',
  tag: 'Applications',
  summary: 'Create an application',
  description: 'In the team that `teamId` names, or else in the first in which you are manager or admin.',
  access: 'applications:write',
  params: noParams,
  query: noQuery,
  body: createApplicationBody,
  exampleBody: { name: 'Tea shop', description: 'Prints the labels.' },
  success: { status: 201, description: 'The application.', schema: applicationSchema },
  refusals: ['not_found', 'too_many_applications'],
  async handler({ portal, caller, body }) {
    const result = await portal.applications.create(caller().actor, body);
    if (result.ok) {
      return created(describeApplication(result.application), `/applications/${result.application.id}`);
    }
    if (result.reason === 'role_forbids') return refuse('role_forbids');
    if (result.reason === 'unknown_team') return absent('team');
    return refuse('too_many_applications', `A team can have ${result.limit} applications.`);
  },
});

const getApplication = defineOperation({
  operationId: 'getApplication',
  method: 'GET',
  path: '/applications/{applicationId}',
  tag: 'Applications',
  summary: 'Get an application',
  access: 'applications:read',
  params: applicationParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The application.', schema: applicationSchema },
  refusals: ['not_found'],
  async current({ portal, caller, params }) {
    const application = await portal.applications.find(caller().actor, params.applicationId);
    return application && describeApplication(application);
  },
  async handler({ portal, caller, params }) {
    const application = await portal.applications.find(caller().actor, params.applicationId);
    return application ? answer(describeApplication(application)) : absent('application');
  },
});

const listSubscriptions = defineOperation({
  operationId: 'listSubscriptions',
  method: 'GET',
  path: '/applications/{applicationId}/subscriptions',
  tag: 'Applications',
  summary: 'List the subscriptions of an application',
  access: 'applications:read',
  params: applicationParams,
  query: noQuery,
  body: null,
  success: {
    status: 200,
    description: 'Those that have not ended, by API; then those that wait for an owner.',
    schema: subscriptionListSchema,
  },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const { actor } = caller();
    const application = await portal.applications.find(actor, params.applicationId);
    if (!application) return absent('application');
    const subscriptions = await portal.applications.subscriptions(actor, application.id);
    const requests = await portal.applications.requests(actor, application.id);
    return answer({ subscriptions: [...subscriptions.map(describeSubscription), ...requests.map(describeRequest)] });
  },
});

const addSubscription = defineOperation({
  operationId: 'addSubscription',
  method: 'POST',
  path: '/applications/{applicationId}/subscriptions',
  tag: 'Applications',
  summary: 'Subscribe an application to a plan',
  description:
    'Its keys can call the API from the next call on; where the plan needs approval, once an owner has given it: `state` is then `waiting`.',
  access: 'applications:write',
  params: applicationParams,
  query: noQuery,
  body: addSubscriptionBody,
  exampleBody: { api: 'parcels', plan: 'free' },
  success: { status: 201, description: 'The subscription.', schema: subscriptionSchema },
  refusals: ['not_found', 'unknown_plan', 'already_subscribed', 'already_requested'],
  async handler({ portal, caller, params: { applicationId }, body }) {
    const request = { apiSlug: body.api, planSlug: body.plan };
    const result = await portal.applications.subscribe(caller().actor, applicationId, request);
    if (result.ok) {
      const described = result.subscription
        ? describeSubscription(result.subscription)
        : describeRequest(result.request);
      return created(described, `/applications/${applicationId}/subscriptions`);
    }
    return result.reason === 'not_found' ? absent('application') : refuse(result.reason);
  },
});

export const applicationOperations = [
  listApplications,
  createApplication,
  getApplication,
  listSubscriptions,
  addSubscription,
];
