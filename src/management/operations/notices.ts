import { z } from 'zod';

import { revisionOf } from '../../notices/notice.ts';
import { absentHere, answer } from '../answers.ts';
import { type Answer, type Call, defineOperation } from '../operation.ts';
import { pageOf, pageQuery } from '../page.ts';
import { describeOwnNotice, noticeParams, ownNoticeListSchema, ownNoticeSchema } from '../schemas/own-notices.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const NO_CONCERN =
  'There is no such notice, or it does not concern you. GET /api/v1/account/notices lists those that do.';

const listOwnNotices = defineOperation({
  operationId: 'listOwnNotices',
  method: 'GET',
  path: '/account/notices',
  tag: 'Notices',
  summary: 'List the notices that concern you',
  description: 'Those that your keys have to do with, and how.',
  access: 'notices:read',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of them.', schema: ownNoticeListSchema },
  refusals: [],
  async handler({ portal, caller, query }) {
    const own = await portal.notices.own(caller().actor);
    const positionOf = ({ notice }: (typeof own)[number]) => ({ at: revisionOf(notice), id: notice.slug });
    const { items, nextCursor } = pageOf(own, positionOf, query);
    return answer({ notices: items.map((one) => describeOwnNotice(one, portal.site.publicUrl)), nextCursor });
  },
});

const getOwnNotice = defineOperation({
  operationId: 'getOwnNotice',
  method: 'GET',
  path: '/account/notices/{slug}',
  tag: 'Notices',
  summary: 'See how a notice concerns you',
  access: 'notices:read',
  params: noticeParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The notice, and your keys that it concerns.', schema: ownNoticeSchema },
  refusals: ['not_found'],
  handler: answerConcern,
});

const markNoticeRead = defineOperation({
  operationId: 'markNoticeRead',
  method: 'PUT',
  path: '/account/notices/{slug}/reading',
  tag: 'Notices',
  summary: 'Mark a notice as read',
  access: 'notices:write',
  params: noticeParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'Done; doing it again changes nothing.', schema: null },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const result = await portal.notices.markRead(caller().actor, params.slug);
    return result.ok ? { status: 204 } : absentHere(NO_CONCERN);
  },
});

const acknowledgeNotice = defineOperation({
  operationId: 'acknowledgeNotice',
  method: 'PUT',
  path: '/account/notices/{slug}/acknowledgement',
  tag: 'Notices',
  summary: 'Acknowledge a notice',
  description: 'For all of your teams that it concerns: you have done what it asks for, or will.',
  access: 'notices:write',
  params: noticeParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The notice; acknowledging it again changes nothing.', schema: ownNoticeSchema },
  refusals: ['not_found'],
  async handler(call) {
    const result = await call.portal.notices.acknowledge(call.caller().actor, call.params.slug);
    return result.ok ? answerConcern(call) : absentHere(NO_CONCERN);
  },
});

async function answerConcern({ portal, caller, params }: Call<{ slug: string }>): Promise<Answer> {
  const concern = await portal.notices.concern(caller().actor, params.slug);
  return concern ? answer(describeOwnNotice(concern, portal.site.publicUrl)) : absentHere(NO_CONCERN);
}

export const noticeOperations = [listOwnNotices, getOwnNotice, markNoticeRead, acknowledgeNotice];
