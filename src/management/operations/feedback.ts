import { writeCursor } from '../../feedback/feedback.ts';
import { absentHere, answer } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import {
  commentParams,
  commentsQuery,
  describeComment,
  describePageFeedback,
  feedbackCommentsSchema,
  pageFeedbackSchema,
} from '../schemas/feedback.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const NOTHING = 'There is nothing here for you.';

const listPageFeedback = defineOperation({
  operationId: 'listPageFeedback',
  method: 'GET',
  path: '/owner/feedback',
  tag: 'Owners',
  summary: 'See which guides and notices are clear',
  access: 'owner:read',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'Every page of which a reader has said something.', schema: pageFeedbackSchema },
  refusals: ['not_found'],
  async handler({ portal, caller }) {
    const overview = await portal.feedback.overview(caller().actor, null);
    return overview ? answer({ pages: overview.pages.map(describePageFeedback) }) : absentHere(NOTHING);
  },
});

const listFeedbackComments = defineOperation({
  operationId: 'listFeedbackComments',
  method: 'GET',
  path: '/owner/feedback/comments',
  tag: 'Owners',
  summary: 'Read what readers wrote',
  access: 'owner:read',
  params: noParams,
  query: commentsQuery,
  body: null,
  success: { status: 200, description: 'A page of comments.', schema: feedbackCommentsSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, query }) {
    const overview = await portal.feedback.overview(caller().actor, query.cursor ?? null);
    if (!overview) return absentHere(NOTHING);
    const { comments, next } = overview;
    return answer({ comments: comments.map(describeComment), nextCursor: next && writeCursor(next) });
  },
});

const removeFeedbackComment = defineOperation({
  operationId: 'removeFeedbackComment',
  method: 'DELETE',
  path: '/owner/feedback/comments/{commentId}',
  tag: 'Owners',
  summary: 'Delete a comment',
  description: 'With what its reader said of the page.',
  access: 'owner:write',
  params: commentParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'It is gone.', schema: null },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const isRemoved = await portal.feedback.remove(caller().actor, params.commentId);
    return isRemoved ? { status: 204 } : absentHere('There is no comment with this id.');
  },
});

export const ownerFeedbackOperations = [listPageFeedback, listFeedbackComments, removeFeedbackComment];
