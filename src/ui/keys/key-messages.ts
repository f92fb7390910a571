import type { ChangeOverlapResult, RotateKeyResult, ScheduleRotationResult } from '../../keys/api-key.ts';
import type { FieldErrors } from '../../platform/parsed.ts';
import { countText, exactTime } from '../wording.ts';
import { spanText } from './key-text.ts';

type Refusal<Result> = Extract<Result, { ok: false }>;

/** What a refused change of a key reads like. */
export function changeRefused(): FieldErrors {
  return { '': 'This key has ended. Nothing was changed.' };
}

export function revokeRefused(): FieldErrors {
  return { '': 'This key was revoked before. Nothing was changed.' };
}

/** null for what the page shows by itself: the key was rotated before, or the form was sent a second time. */
export function rotateRefused(refusal: Refusal<RotateKeyResult>): FieldErrors | null {
  switch (refusal.reason) {
    case 'already_issued':
    case 'already_rotated':
    case 'not_found':
      return null;
    case 'key_not_active':
      return { '': 'This key does not work any more, so it cannot be rotated. Issue another one.' };
    case 'email_not_verified':
      return { '': 'Confirm your e-mail address first: a live key needs one.' };
    case 'overlap_too_long':
      return { overlap: `The plan lets both keys work for ${spanText(refusal.maxMs)} at most. Choose a shorter time.` };
    case 'too_many_overlaps': {
      const overlaps = countText(refusal.limit, 'old key');
      return { '': `${overlaps} of this application still work. End one of them, or end this key at once.` };
    }
  }
}

export function overlapRefused(refusal: Refusal<ChangeOverlapResult>): FieldErrors {
  if (refusal.reason !== 'overlap_too_long') return { '': 'This key has ended already. Nothing was changed.' };
  return { overlap: `The old key can work until ${exactTime(refusal.latestEndsAtMs)} at most. Choose an earlier end.` };
}

export function scheduleRefused(refusal: Refusal<ScheduleRotationResult>): FieldErrors {
  if (refusal.reason !== 'interval_too_long') return changeRefused();
  const most = countText(refusal.maxDays, 'day');
  return { interval: `The plan asks for a rotation every ${most}. Choose ${most} or fewer.` };
}
