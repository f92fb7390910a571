import type { RequestOrigin } from '../accounts/account.ts';
import { feedbackAllowance } from '../accounts/allowance.ts';
import type { AllowanceStore } from '../accounts/allowance-store.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import type { FeedbackRequest, GiveFeedbackResult } from './feedback.ts';
import type { FeedbackStore } from './feedback-store.ts';

export interface GiveFeedbackDeps {
  allowances: Pick<AllowanceStore, 'take'>;
  feedback: Pick<FeedbackStore, 'add'>;
  /** What the page says now, in short; null when there is no such page. */
  revisionOf(page: string): string | null;
  clock: Clock;
  random: Random;
}

/** By anybody. Of who it was nothing is kept: the network is counted, and forgotten once its allowance is full again. */
export async function giveFeedback(
  deps: GiveFeedbackDeps,
  request: FeedbackRequest,
  origin: RequestOrigin,
): Promise<GiveFeedbackResult> {
  const revision = deps.revisionOf(request.page);
  if (revision === null) return { ok: false, reason: 'not_found' };
  const nowMs = deps.clock.nowMs();
  const waitMs = await deps.allowances.take([feedbackAllowance(origin.address)], nowMs);
  if (waitMs > 0) return { ok: false, reason: 'too_much_feedback', retryAfterSeconds: Math.ceil(waitMs / 1000) };
  await deps.feedback.add({ ...request, id: newId(deps.random, 'fbk'), revision, createdAtMs: nowMs });
  return { ok: true };
}
