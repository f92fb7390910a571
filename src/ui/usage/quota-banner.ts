import type { QuotaUsage } from '../../usage/usage.ts';
import { numberText } from '../wording.ts';

export interface QuotaBanner {
  isRefused: boolean;
  title: string;
  text: string;
  resetAtMs: number;
}

/** From this share on, it is worth a line at the top of a page. */
const WORTH_TELLING = 0.8;

/** About the quota that is closest to its end, or beyond it; null while all have room. */
export function quotaBanner(quotas: readonly QuotaUsage[], apiTitles: ReadonlyMap<string, string>): QuotaBanner | null {
  const share = ({ used, limit }: QuotaUsage): number => (limit > 0 ? used / limit : 1);
  const quota = quotas.toSorted((a, b) => share(b) - share(a))[0];
  if (!quota || share(quota) < WORTH_TELLING) return null;
  const { apiSlug, operationId, used, limit, most, resetAtMs } = quota;
  const of = `${apiTitles.get(apiSlug) ?? apiSlug}${operationId === '' ? '' : `, ${operationId}`}`;
  const isRefused = used >= most;
  const left = `${numberText(used)} of ${numberText(limit)} calls are used.`;
  if (isRefused) return { isRefused, title: `Quota of ${of} used up: calls are refused`, text: left, resetAtMs };
  const percent = Math.floor(share(quota) * 100);
  const end = most > limit ? ` From ${numberText(most)} calls on they are refused.` : '';
  return { isRefused, title: `${percent} % of the quota of ${of} is used`, text: `${left}${end}`, resetAtMs };
}
