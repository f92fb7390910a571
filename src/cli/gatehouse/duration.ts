const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

export const DURATION_HINT = 'a number with s, m, h or d, such as 30s, 90m, 24h or 7d';

/** Seconds of `90m`, `24h`, `7d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * SECONDS[unit as keyof typeof SECONDS];
}
