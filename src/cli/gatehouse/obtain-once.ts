import type { Work } from './command.ts';
import { type Outcome, done } from './outcome.ts';
import { type PendingRequest, forgetPending, isRepeatable, readPending, writePending } from './pending-request.ts';

/** Refusals that tell that the earlier request was overtaken: somebody else has that key, it was made with another token, or nobody knows what became of it. */
const OVERTAKEN = new Set([
  'already_issued',
  'already_rotated',
  'idempotency_key_reused',
  'key_state_conflict',
  'not_found',
  'outcome_unknown',
]);

export interface Obtained<Answer> {
  answer: Answer;
  /** True when an earlier run of the same command had begun it. */
  isRepeated: boolean;
  /** To be called when what was answered is where it belongs. */
  finish: () => void;
}

/**
 * Has something made exactly once, such as a key, however often the command is run until it has been handed over: the
 * request is written down before it is sent, and sent again as it was.
 * @param subject what makes two command lines the same
 * @param prepare what to send when nothing is under way. `isLost`: it was made, and nobody knows whether it ever arrived
 *   where it belongs
 */
export async function obtainOnce<Answer>(
  { terminal, api }: Pick<Work, 'terminal' | 'api'>,
  subject: readonly string[],
  prepare: (isLost: boolean) => Promise<Outcome<Pick<PendingRequest, 'path' | 'body'>>>,
): Promise<Outcome<Obtained<Answer>>> {
  const about = [api.url, ...subject];
  const send = async ({ path, body, idempotencyKey }: PendingRequest, isRepeated: boolean) => {
    const answer = await api.call<Answer>('POST', path, {
      // Where there is nothing to say, no body is taken.
      ...(Object.keys(body).length > 0 && { body }),
      idempotencyKey,
    });
    if (!answer.ok) return answer;
    return done({ answer: answer.value, isRepeated, finish: () => forgetPending(terminal, about) });
  };
  const begun = readPending(terminal, about);
  if (begun && isRepeatable(begun, terminal.nowMs())) {
    const again = await send(begun, true);
    if (again.ok || !OVERTAKEN.has(again.code)) return again;
  }
  const prepared = await prepare(begun !== null);
  if (!prepared.ok) return prepared;
  const first = await send(writePending(terminal, about, prepared.value), false);
  // A request that was refused had no effect: the next run begins anew. One that was not answered is sent again.
  if (!first.ok && first.code !== 'unreachable' && first.code !== 'request_in_progress') forgetPending(terminal, about);
  return first;
}
