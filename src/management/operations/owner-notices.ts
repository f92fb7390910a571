import { z } from 'zod';

import { revisionOf } from '../../notices/notice.ts';
import { absentHere, answer, refuse } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { pageOf, pageQuery } from '../page.ts';
import { noticeParams } from '../schemas/own-notices.ts';
import {
  describeImpact,
  describeOverview,
  noticeImpactSchema,
  noticeOverviewSchema,
  reminderSchema,
} from '../schemas/owner.ts';
import { noParams, noQuery, timeText } from '../schemas/registry.ts';

const ABSENT = 'There is no notice with this slug.';

const listNoticeOverview = defineOperation({
  operationId: 'listNoticeOverview',
  method: 'GET',
  path: '/owner/notices',
  tag: 'Owners',
  summary: 'See what people did about notices',
  access: 'owner:read',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of notices.', schema: noticeOverviewSchema },
  refusals: [],
  async handler({ portal, caller, query }) {
    const overview = await portal.notices.overview(caller().actor);
    const positionOf = ({ notice }: (typeof overview)[number]) => ({ at: revisionOf(notice), id: notice.slug });
    const { items, nextCursor } = pageOf(overview, positionOf, query);
    return answer({ notices: items.map((one) => describeOverview(one, portal.site.publicUrl)), nextCursor });
  },
});

const getNoticeImpact = defineOperation({
  operationId: 'getNoticeImpact',
  method: 'GET',
  path: '/owner/notices/{slug}/impact',
  tag: 'Owners',
  summary: 'See whom a notice concerns',
  description: 'Also before it is published.',
  access: 'owner:read',
  params: noticeParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'Whom it concerns, and what they did about it.', schema: noticeImpactSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const report = await portal.notices.impact(caller().actor, params.slug);
    return report ? answer(describeImpact(report, portal.site.publicUrl)) : absentHere(ABSENT);
  },
});

const remindCallers = defineOperation({
  operationId: 'remindCallers',
  method: 'POST',
  path: '/owner/notices/{slug}/reminder',
  tag: 'Owners',
  summary: 'Remind who still calls',
  description: 'Mails those who called what the notice names in the last seven days.',
  access: 'owner:write',
  params: noticeParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'How many mails are on their way.', schema: reminderSchema },
  refusals: ['not_found', 'nobody_calls', 'reminded_recently'],
  async handler({ portal, caller, params }) {
    const result = await portal.notices.remind(caller().actor, params.slug);
    if (result.ok) return answer({ mails: result.mails });
    if (result.reason === 'reminded_recently') {
      return refuse(result.reason, undefined, { againAt: timeText(result.againAtMs) });
    }
    return result.reason === 'not_found' ? absentHere(ABSENT) : refuse('nobody_calls');
  },
});

export const ownerNoticeOperations = [listNoticeOverview, getNoticeImpact, remindCallers];
