import { USAGE_RANGES, type UsageRange, type UsageReport } from '../../usage/usage.ts';
import { dateText, exactTime } from '../wording.ts';

export const RANGES = Object.keys(USAGE_RANGES) as readonly UsageRange[];

export const rangeTexts: Readonly<Record<UsageRange, string>> = {
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  '13m': '13 months',
};

/** The range that an address asks for; 30 days when it names none that there is. */
export function readRange(query: URLSearchParams): UsageRange {
  return RANGES.find((range) => range === query.get('range')) ?? '30d';
}

const month = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** "24 Nov 2026, 06:00 UTC", "24 Nov 2026", "November 2026" */
export function slotText(grain: UsageReport['grain'], startMs: number): string {
  if (grain === 'hour') return exactTime(startMs);
  return grain === 'day' ? dateText(startMs) : month.format(startMs);
}

/** "84 ms", "2.5 s", "more than 5 s"; a dash where nothing is known. */
export function latencyText(latencyMs: number | null): string {
  if (latencyMs === null) return '–';
  if (latencyMs >= 5000) return 'more than 5 s';
  if (latencyMs >= 1000) return `${(latencyMs / 1000).toFixed(1)} s`;
  return `${Math.max(1, Math.round(latencyMs))} ms`;
}

/** "0.4 %"; a dash without a whole. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = (part / whole) * 100;
  return percent > 0 && percent < 0.1 ? 'under 0.1 %' : `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}
