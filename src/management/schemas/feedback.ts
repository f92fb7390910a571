import { z } from 'zod';

import { type FeedbackComment, type PageFeedback, readCursor } from '../../feedback/feedback.ts';
import { nextCursor } from './parts.ts';
import { answerSchema, time, timeText } from './registry.ts';

const page = z.string().meta({ description: 'Path of a guide or a notice.', examples: ['/guides/keys'] });

export const commentParams = z.strictObject({
  commentId: z.string().meta({ description: 'Id of the comment.', examples: ['fbk_5Kd0vLmQ2sRy8TzWc4Hn'] }),
});

export const commentsQuery = z.strictObject({
  cursor: z
    .string()
    .transform((text, context) => {
      const cursor = readCursor(text);
      if (cursor) return cursor;
      context.addIssue({ code: 'custom', message: 'This is no cursor of ours: send "nextCursor" of the page before.' });
      return z.NEVER;
    })
    .optional()
    .meta({ description: '`nextCursor` of the page before; the first page without it.' }),
});

export const pageFeedbackSchema = answerSchema(
  'PageFeedbackList',
  z.object({
    pages: z
      .array(z.object({ page, clear: z.int(), unclear: z.int() }))
      .meta({ description: 'The least clear first.' }),
  }),
);

export const feedbackCommentsSchema = answerSchema(
  'FeedbackCommentList',
  z.object({
    comments: z
      .array(
        z.object({
          id: z.string(),
          page,
          revision: z.string().meta({ description: 'Names the wording that the reader saw.' }),
          isClear: z.boolean(),
          comment: z.string(),
          createdAt: time(),
        }),
      )
      .meta({ description: 'Newest first. Who wrote them is not kept.' }),
    nextCursor,
  }),
);

export function describePageFeedback({ page: path, clear, unclear }: PageFeedback) {
  return { page: path, clear, unclear };
}

export function describeComment({ id, page: path, revision, isClear, comment, createdAtMs }: FeedbackComment) {
  return { id, page: path, revision, isClear, comment, createdAt: timeText(createdAtMs) };
}
