import type { IncomingMessage, ServerResponse } from 'node:http';

import { z } from 'zod';

import { type ReadResult, answerOf, questionBody, readBody, writeAnswer } from './json.ts';
import type { Verdict } from './verdict.ts';

/** Questions in one batch; the guide for programs names it. */
export const MOST_QUESTIONS = 100;
const MOST_BODY_BYTES = 1024 * 1024;

const batchBody = z.strictObject({ questions: z.array(questionBody).min(1).max(MOST_QUESTIONS) });

/** Several questions of a program in one POST. One that cannot be read refuses the batch, before anything is counted. */
export async function readQuestions(request: IncomingMessage): Promise<ReadResult> {
  const read = await readBody(request, batchBody, MOST_BODY_BYTES);
  return read.ok ? { ok: true, questions: read.data.questions } : read;
}

/** In the order of the questions. */
export function writeVerdicts(verdicts: readonly Verdict[], response: ServerResponse): void {
  writeAnswer(response, { answers: verdicts.map(answerOf) });
}
