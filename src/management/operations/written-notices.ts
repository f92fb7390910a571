import { z } from 'zod';

import { hasUnpublishedChanges } from '../../editor/written-notice.ts';
import { absentHere, answer, created, refuse } from '../answers.ts';
import { type Answer, type Call, defineOperation } from '../operation.ts';
import { pageOf, pageQuery } from '../page.ts';
import { noParams, noQuery } from '../schemas/registry.ts';
import {
  describeReach,
  describeWritten,
  draftNoticeBody,
  reachSchema,
  redraftNoticeBody,
  writtenNoticeListSchema,
  writtenNoticeParams,
  writtenNoticeSchema,
} from '../schemas/written-notices.ts';

/** What owners write: drafts, and whom they would reach. What makes them public is in `notice-releases.ts`. */

type NoticeCall = Pick<Call<{ noticeId: string }>, 'portal' | 'caller' | 'params'>;

export async function currentNotice({ portal, caller, params }: NoticeCall): Promise<object | null> {
  const view = await portal.noticeEditor.view(caller().actor, params.noticeId);
  return view && describeWritten(view.written, hasUnpublishedChanges(view.written), portal.site.publicUrl);
}

export async function answerNotice(call: NoticeCall): Promise<Answer> {
  const notice = await currentNotice(call);
  return notice ? answer(notice) : noNotice();
}

export function noNotice(): Answer {
  return absentHere('There is no notice with this id that was written here.');
}

/** Why something could not be done to a written notice. */
export function noticeRefused({ reason }: { reason: string }): Answer {
  if (reason === 'not_found') return noNotice();
  if (reason === 'changed_meanwhile')
    return refuse(
      'precondition_failed',
      'The notice is not as you saw it any more. Read it again, decide again, and send the new "revision".',
    );
  if (reason === 'in_the_past') {
    const errors = [{ pointer: '#/publishAt', detail: 'This must be in the future; null for now.' }];
    return refuse('invalid_body', undefined, { errors });
  }
  return refuse('notice_state_conflict', CONFLICTS[reason]);
}

const CONFLICTS: Readonly<Record<string, string>> = {
  not_editable: 'What is scheduled or withdrawn is not changed. A scheduled notice can be recalled.',
  other_kind: 'The kind of a notice stays as it was begun.',
  own_draft: 'You have written some of it. A second owner has to approve it.',
  not_approved: 'A second owner has to approve it first.',
  not_scheduled: 'The notice is not scheduled.',
  not_published: 'The notice is not published.',
  nothing_changed: 'Nothing is different from what readers see.',
  no_open_incident: 'Only a published incident has a timeline to continue.',
};

export const changedNotice = { status: 200, description: 'The notice.', schema: writtenNoticeSchema } as const;
export const noticeRefusals = ['not_found', 'precondition_failed', 'notice_state_conflict', 'invalid_body'] as const;

const exampleDraft = {
  fields: {
    ...{ kind: 'deprecation' as const, title: 'Version 1 ends', summary: 'Move to version 2.' },
    affects: [{ api: 'parcels', versions: ['v1'] }],
    ...{ deprecated: '2026-12-01', sunset: '2027-12-01', replacement: '/docs/parcels/v2' },
  },
  text: '## What changes',
};

const listWrittenNotices = defineOperation({
  operationId: 'listWrittenNotices',
  method: 'GET',
  path: '/owner/written-notices',
  tag: 'Owners',
  summary: 'List the notices that were written here',
  description: 'Also drafts. Notices that are files are in the list of all notices.',
  access: 'owner:read',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of notices.', schema: writtenNoticeListSchema },
  refusals: [],
  async handler({ portal, caller, query }) {
    const all = await portal.noticeEditor.list(caller().actor);
    const { items, nextCursor } = pageOf(all, ({ changedAtMs: at, id }) => ({ at, id }), query);
    const notices = items.map((one) => describeWritten(one, hasUnpublishedChanges(one), portal.site.publicUrl));
    return answer({ notices, nextCursor });
  },
});

const draftNotice = defineOperation({
  operationId: 'draftNotice',
  method: 'POST',
  path: '/owner/written-notices',
  tag: 'Owners',
  summary: 'Draft a notice',
  description: 'Nobody but owners sees it until it is published.',
  access: 'owner:write',
  params: noParams,
  query: noQuery,
  body: draftNoticeBody,
  exampleBody: exampleDraft,
  success: { status: 201, description: 'The draft.', schema: writtenNoticeSchema },
  refusals: ['not_found', 'invalid_body'],
  async handler({ portal, caller, body }) {
    const result = await portal.noticeEditor.draft(caller().actor, body);
    if (!result.ok) return noNotice();
    const { notice } = result;
    return created(describeWritten(notice, false, portal.site.publicUrl), `/owner/written-notices/${notice.id}`);
  },
});

const getWrittenNotice = defineOperation({
  operationId: 'getWrittenNotice',
  method: 'GET',
  path: '/owner/written-notices/{noticeId}',
  tag: 'Owners',
  summary: 'Get a notice as it is being written',
  access: 'owner:read',
  params: writtenNoticeParams,
  query: noQuery,
  body: null,
  success: changedNotice,
  refusals: ['not_found'],
  current: currentNotice,
  handler: answerNotice,
});

const redraftNotice = defineOperation({
  operationId: 'redraftNotice',
  method: 'PUT',
  path: '/owner/written-notices/{noticeId}',
  tag: 'Owners',
  summary: 'Change what is being written',
  description:
    'All of it: of a draft, or of a published notice, whose readers see it when it is published as a correction.',
  access: 'owner:write',
  params: writtenNoticeParams,
  query: noQuery,
  body: redraftNoticeBody,
  exampleBody: { ...exampleDraft, revision: 1 },
  success: changedNotice,
  refusals: noticeRefusals,
  current: currentNotice,
  async handler(call) {
    const { fields, text, revision } = call.body;
    const request = { draft: { fields, text }, revision };
    const result = await call.portal.noticeEditor.redraft(call.caller().actor, call.params.noticeId, request);
    return result.ok ? answerNotice(call) : noticeRefused(result);
  },
});

const discardNotice = defineOperation({
  operationId: 'discardNotice',
  method: 'DELETE',
  path: '/owner/written-notices/{noticeId}',
  tag: 'Owners',
  summary: 'Remove a draft',
  description: 'Only what was never published; everything else is withdrawn.',
  access: 'owner:write',
  params: writtenNoticeParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'It is gone.', schema: null },
  refusals: ['not_found', 'precondition_failed', 'notice_state_conflict'],
  current: currentNotice,
  async handler({ portal, caller, params }) {
    const { actor } = caller();
    const view = await portal.noticeEditor.view(actor, params.noticeId);
    if (!view) return noNotice();
    const result = await portal.noticeEditor.discard(actor, params.noticeId, view.written.revision);
    return result.ok ? { status: 204 } : noticeRefused(result);
  },
});

const getNoticeReach = defineOperation({
  operationId: 'getNoticeReach',
  method: 'GET',
  path: '/owner/written-notices/{noticeId}/reach',
  tag: 'Owners',
  summary: 'See whom a notice would reach',
  description: 'What is being written, also before it is published.',
  access: 'owner:read',
  params: writtenNoticeParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'Keys, teams and calls.', schema: reachSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const view = await portal.noticeEditor.view(caller().actor, params.noticeId);
    return view ? answer(describeReach(view)) : noNotice();
  },
});

export const writtenNoticeOperations = [
  listWrittenNotices,
  draftNotice,
  getWrittenNotice,
  redraftNotice,
  discardNotice,
  getNoticeReach,
];
