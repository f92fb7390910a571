import { z } from 'zod';

import { DAY_MS } from '../keys/api-key.ts';
import { readLastDay } from './calendar-day.form.ts';

const HOUR_MS = 60 * 60 * 1000;
const CHOOSE = 'Choose how long both keys work, or enter a date such as 2027-01-31.';

/** The choices a form offers; a date `yyyy-mm-dd`, the last day on which the old key works (UTC), is one as well. */
export const OVERLAP_CHOICES_MS = { now: 0, '1h': HOUR_MS, '24h': DAY_MS, '7d': 7 * DAY_MS } as const;

export const OVERLAP_DEFAULT: keyof typeof OVERLAP_CHOICES_MS = '24h';

/** `overlap`: a choice, a date, or `until`: then the date stands in `until`, as a group of radio buttons sends it. */
export const overlapFields = { overlap: z.string(CHOOSE), until: z.string(CHOOSE).default('') };

/** Gives milliseconds from now. */
export function readOverlap(
  { overlap, until }: { overlap: string; until: string },
  nowMs: number,
  context: z.RefinementCtx,
): number {
  const isChoice = overlap !== 'until';
  const text = (isChoice ? overlap : until).trim();
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message, path: [isChoice ? 'overlap' : 'until'] });
    return z.NEVER;
  };
  if (isChoice && Object.hasOwn(OVERLAP_CHOICES_MS, text)) {
    return OVERLAP_CHOICES_MS[text as keyof typeof OVERLAP_CHOICES_MS];
  }
  const day = readLastDay(text, nowMs);
  if (!day) return refuse(CHOOSE);
  return day.ok ? day.endsAtMs - nowMs : refuse(day.problem);
}
