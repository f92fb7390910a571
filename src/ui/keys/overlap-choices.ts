import { type ApiKey, DAY_MS, overlapEndsAtMs } from '../../keys/api-key.ts';
import { OVERLAP_CHOICES_MS } from '../../key-rotation/overlap.form.ts';

export interface OverlapChoice {
  value: keyof typeof OVERLAP_CHOICES_MS;
  text: string;
  /** When the old key ends. */
  endsAtMs: number;
  /** True when that is the expiry it has anyway. */
  isOwnExpiry: boolean;
}

/** The first and last day, `yyyy-mm-dd` UTC, that may be chosen as the last one of the old key. */
export interface DayRange {
  min: string;
  max: string;
}

const texts: Record<OverlapChoice['value'], string> = {
  now: 'At once',
  '1h': '1 hour',
  '24h': '24 hours',
  '7d': '7 days',
};

/** What may be chosen now. @param latestEndsAtMs the limit of the plan */
export function overlapChoices(key: ApiKey, latestEndsAtMs: number, nowMs: number): readonly OverlapChoice[] {
  const values = Object.keys(OVERLAP_CHOICES_MS) as OverlapChoice['value'][];
  return values
    .map((value) => {
      const endsAtMs = overlapEndsAtMs(key, OVERLAP_CHOICES_MS[value], nowMs);
      const isOwnExpiry = endsAtMs < nowMs + OVERLAP_CHOICES_MS[value];
      return { value, text: texts[value], endsAtMs, isOwnExpiry };
    })
    .filter(({ endsAtMs }) => endsAtMs <= latestEndsAtMs);
}

/** null when not even today would do. */
export function lastDays(latestEndsAtMs: number, nowMs: number): DayRange | null {
  // A day ends with the first moment of the next one.
  const max = dayText(latestEndsAtMs - DAY_MS);
  const min = dayText(nowMs);
  return min <= max ? { min, max } : null;
}

function dayText(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
