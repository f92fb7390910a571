import { describe, expect, test } from 'vitest';

import type { TeamRole } from '../../src/accounts/account.ts';
import { type TeamRight, allows, mayInTeam, teamsWith } from '../../src/teams/role.ts';

const rules: [role: TeamRole | undefined, read: boolean, manage: boolean, administer: boolean][] = [
  ['admin', true, true, true],
  ['manager', true, true, false],
  ['viewer', true, false, false],
  [undefined, false, false, false],
];

describe('which role may do what', () => {
  test.each(rules)('%s', (role, ...expected) => {
    const rights: TeamRight[] = ['read', 'manage', 'administer'];
    expect(rights.map((right) => allows(role, right))).toEqual(expected);
  });

  const actor = {
    teamIds: ['team_a', 'team_m', 'team_v', 'team_unknown'],
    teamRoles: new Map<string, TeamRole>([
      ['team_a', 'admin'],
      ['team_m', 'manager'],
      ['team_v', 'viewer'],
      ['team_other', 'admin'],
    ]),
  };

  test('teams with a right are those of the actor in which the role has it', () => {
    expect(teamsWith(actor, 'read')).toEqual(['team_a', 'team_m', 'team_v']);
    expect(teamsWith(actor, 'manage')).toEqual(['team_a', 'team_m']);
    expect(teamsWith(actor, 'administer')).toEqual(['team_a']);
  });

  test('a team that the actor is not in gives no right, whatever its name', () => {
    for (const name of ['team_unknown', '', '__proto__', 'constructor']) {
      expect(mayInTeam(actor, name, 'read')).toBe(false);
    }
  });
});
