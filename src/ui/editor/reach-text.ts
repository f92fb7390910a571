import type { ImpactReport } from '../../notices/read-notice-impact.ts';
import { countText } from '../wording.ts';

/** "Reaches 43 keys of 12 teams; 3 of them called it 1,204 times in the last 7 days." */
export function reachText({ keys, teams, callingTeams, callsThisWeek }: ImpactReport['impact']): string {
  if (teams === 0) return 'Reaches nobody: no key calls what it names.';
  const reach = `Reaches ${countText(keys, 'key')} of ${countText(teams, 'team')}`;
  if (callingTeams === 0) return `${reach}; none of them called it in the last 7 days.`;
  return `${reach}; ${callingTeams} of them called it ${countText(callsThisWeek, 'time')} in the last 7 days.`;
}
