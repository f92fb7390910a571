import type { SecurityPolicy } from '../../policies/policy.ts';

/** What a policy does to calls that are against it, and from when. */
export function policyWhen({ stage, dates }: SecurityPolicy, timeText: (atMs: number) => string): string {
  if (stage === 'withdrawn') return 'It was withdrawn and has no effect.';
  if (stage === 'enforced')
    return `Calls that are against it are refused${dates.enforced === null ? '' : ` since ${timeText(dates.enforced)}`}.`;
  return dates.enforced === null
    ? 'Calls that are against it will be refused; the date is not decided yet.'
    : `Calls that are against it are refused from ${timeText(dates.enforced)}.`;
}
