import { defineOperation } from '../operation.ts';
import { noQuery } from '../schemas/registry.ts';
import {
  correctNoticeBody,
  publishNoticeBody,
  seenNoticeBody,
  updateIncidentBody,
  withdrawNoticeBody,
  writtenNoticeParams,
} from '../schemas/written-notices.ts';
import { answerNotice, changedNotice, currentNotice, noticeRefusals, noticeRefused } from './written-notices.ts';

/** What makes a written notice public, changes what readers see, or takes it back. */

const shared = {
  tag: 'Owners',
  access: 'owner:write',
  params: writtenNoticeParams,
  query: noQuery,
  success: changedNotice,
  refusals: noticeRefusals,
  current: currentNotice,
} as const;

const approveNotice = defineOperation({
  ...shared,
  operationId: 'approveNotice',
  method: 'PUT',
  path: '/owner/written-notices/{noticeId}/approval',
  summary: 'Approve what is to be published',
  description: 'Where the provider asks for a review: by an owner who has written none of it.',
  body: seenNoticeBody,
  exampleBody: { revision: 1 },
  async handler(call) {
    const { actor } = call.caller();
    const result = await call.portal.noticeEditor.approve(actor, call.params.noticeId, call.body.revision);
    return result.ok ? answerNotice(call) : noticeRefused(result);
  },
});

const publishNotice = defineOperation({
  ...shared,
  operationId: 'publishNotice',
  method: 'PUT',
  path: '/owner/written-notices/{noticeId}/publication',
  summary: 'Publish a draft, now or at a time',
  description: 'Everybody can read it, and those it concerns are told.',
  body: publishNoticeBody,
  exampleBody: { revision: 1, publishAt: '2027-03-01T09:00:00Z' },
  async handler(call) {
    const { revision, publishAt } = call.body;
    const request = { revision, publishAtMs: publishAt === null ? null : Date.parse(publishAt) };
    const result = await call.portal.noticeEditor.publish(call.caller().actor, call.params.noticeId, request);
    return result.ok ? answerNotice(call) : noticeRefused(result);
  },
});

const recallNotice = defineOperation({
  ...shared,
  operationId: 'recallNotice',
  method: 'PUT',
  path: '/owner/written-notices/{noticeId}/recall',
  summary: 'Make a scheduled notice a draft again',
  body: seenNoticeBody,
  exampleBody: { revision: 2 },
  async handler(call) {
    const { actor } = call.caller();
    const result = await call.portal.noticeEditor.takeBack(actor, call.params.noticeId, call.body.revision);
    return result.ok ? answerNotice(call) : noticeRefused(result);
  },
});

const correctNotice = defineOperation({
  ...shared,
  operationId: 'correctNotice',
  method: 'POST',
  path: '/owner/written-notices/{noticeId}/corrections',
  summary: 'Publish a correction',
  description: 'Readers see what was written since, with the reason on top; what they saw before stays readable.',
  body: correctNoticeBody,
  exampleBody: { revision: 4, reason: 'The date was wrong.', tell: true },
  async handler(call) {
    const { revision, reason, tell: isTold } = call.body;
    const request = { revision, reason, isTold };
    const result = await call.portal.noticeEditor.correct(call.caller().actor, call.params.noticeId, request);
    return result.ok ? answerNotice(call) : noticeRefused(result);
  },
});

const updateIncident = defineOperation({
  ...shared,
  operationId: 'updateIncident',
  method: 'POST',
  path: '/owner/written-notices/{noticeId}/timeline',
  summary: 'Continue the timeline of an incident',
  description: 'Published at once, and mailed to all it concerns.',
  body: updateIncidentBody,
  exampleBody: { revision: 2, status: 'resolved', text: 'It works again.' },
  async handler(call) {
    const result = await call.portal.noticeEditor.update(call.caller().actor, call.params.noticeId, call.body);
    return result.ok ? answerNotice(call) : noticeRefused(result);
  },
});

const withdrawNotice = defineOperation({
  ...shared,
  operationId: 'withdrawNotice',
  method: 'PUT',
  path: '/owner/written-notices/{noticeId}/withdrawal',
  summary: 'Withdraw a published notice',
  description: 'It concerns nobody any more. Who follows a link to it reads why.',
  body: withdrawNoticeBody,
  exampleBody: { revision: 2, reason: 'Version 1 goes on.' },
  async handler(call) {
    const result = await call.portal.noticeEditor.withdraw(call.caller().actor, call.params.noticeId, call.body);
    return result.ok ? answerNotice(call) : noticeRefused(result);
  },
});

export const noticeReleaseOperations = [
  approveNotice,
  publishNotice,
  recallNotice,
  correctNotice,
  updateIncident,
  withdrawNotice,
];
