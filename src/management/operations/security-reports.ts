import { z } from 'zod';

import { absentHere, answer, refuse } from '../answers.ts';
import { type Answer, type Call, defineOperation } from '../operation.ts';
import { cut, pageQuery } from '../page.ts';
import {
  answerReportBody,
  describeMessage,
  describeReport,
  reportListSchema,
  reportParams,
  reportThreadSchema,
} from '../schemas/security-reports.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const listSecurityReports = defineOperation({
  operationId: 'listSecurityReports',
  method: 'GET',
  path: '/owner/security-reports',
  tag: 'Owners',
  summary: 'List reports of weaknesses',
  access: 'owner:read',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of reports.', schema: reportListSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, query }) {
    const before = query.cursor ? { createdAtMs: query.cursor.at, id: query.cursor.id } : null;
    const found = await portal.securityReports.list(caller().actor, { before, limit: query.limit + 1 });
    if (!found) return noReport();
    const { items, nextCursor } = cut(found, query.limit, ({ createdAtMs: at, id }) => ({ at, id }));
    return answer({ reports: items.map(describeReport), nextCursor });
  },
});

const getSecurityReport = defineOperation({
  operationId: 'getSecurityReport',
  method: 'GET',
  path: '/owner/security-reports/{reportId}',
  tag: 'Owners',
  summary: 'Read a report of a weakness',
  access: 'owner:read',
  params: reportParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The report, and what was written about it.', schema: reportThreadSchema },
  refusals: ['not_found'],
  current: currentThread,
  handler: answerThread,
});

const answerSecurityReport = defineOperation({
  operationId: 'answerSecurityReport',
  method: 'POST',
  path: '/owner/security-reports/{reportId}/answer',
  tag: 'Owners',
  summary: 'Answer a report of a weakness',
  description: 'With a text, another state, or both.',
  access: 'owner:write',
  params: reportParams,
  query: noQuery,
  body: answerReportBody,
  exampleBody: { text: 'Thank you. We could repeat it, and are at work.', state: 'confirmed' },
  success: { status: 200, description: 'The report as it is now.', schema: reportThreadSchema },
  refusals: ['not_found', 'invalid_body', 'precondition_failed'],
  current: currentThread,
  async handler(call) {
    const { portal, caller, params, body } = call;
    const result = await portal.securityReports.answer(caller().actor, params.reportId, body);
    if (result.ok) return answerThread(call);
    if (result.reason === 'not_found') return noReport();
    const errors = [{ pointer: '#/text', detail: 'Write an answer, or choose another state.' }];
    return refuse('invalid_body', undefined, { errors });
  },
});

type ReportCall = Call<z.infer<typeof reportParams>>;

async function currentThread({ portal, caller, params }: ReportCall): Promise<object | null> {
  const thread = await portal.securityReports.read(caller().actor, params.reportId);
  return thread && { report: describeReport(thread.report), messages: thread.messages.map(describeMessage) };
}

async function answerThread(call: ReportCall): Promise<Answer> {
  const thread = await currentThread(call);
  return thread ? answer(thread) : noReport();
}

function noReport(): Answer {
  return absentHere('There is no report with this id.');
}

export const ownerReportOperations = [listSecurityReports, getSecurityReport, answerSecurityReport];
