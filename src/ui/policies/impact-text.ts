import type { PolicyImpact } from '../../policies/simulate-policy.ts';
import { countText } from '../wording.ts';

/** "would refuse 1,204 calls of 3 keys of 2 teams"; what broke it and made no call is named too. */
export function impactText({ calls, keys, teams }: Pick<PolicyImpact, 'calls' | 'keys' | 'teams'>): string {
  if (keys.length === 0) return 'would refuse nothing';
  return `would refuse ${countText(calls, 'call')} of ${countText(keys.length, 'key')} of ${countText(teams, 'team')}`;
}
