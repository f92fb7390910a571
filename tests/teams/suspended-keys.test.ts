import { afterEach, beforeEach, expect, test } from 'vitest';

import { createApplicationMoveStore } from '../../src/applications/application-move-store.ts';
import { moveApplication } from '../../src/applications/move-application.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { resume, suspend } from '../../src/teams/suspend.ts';
import { createSuspensionStore } from '../../src/teams/suspension-store.ts';
import { addActor } from '../applications/cast.ts';
import { openGate } from '../keys/gate.ts';
import { type House, openHouse } from '../keys/house.ts';
import { forEachDialect } from '../support/databases.ts';
import { teamOf } from './club.ts';

forEachDialect((dialect) => {
  let house: House;
  let gate: Awaited<ReturnType<typeof openGate>>;
  let applicationId: string;
  let token: string;
  beforeEach(async () => {
    house = await openHouse(dialect);
    gate = await openGate(house);
    applicationId = await house.addApplication(house.nora);
    await house.addSubscription(applicationId, { api_slug: 'parcels' });
    ({ token } = await house.addKey(applicationId));
  });
  afterEach(async () => {
    await gate.close();
    await house.test.close();
  });

  const verdict = () => gate.call(token);

  test.each(['application', 'team'] as const)(
    'keys of a suspended %s are refused from the next call on, and pass again once it is resumed',
    async (kind) => {
      const olga = { ...(await addActor(house.test.database, 'olga')), role: 'owner' as const };
      const suspensions = createSuspensionStore(house.test.database, systemRandom);
      const deps = { suspensions, clock: house.deps.clock };
      const request = { kind, id: kind === 'team' ? teamOf(house.nora) : applicationId, message: 'A loop.' };
      for (let round = 0; round < 3; round += 1) {
        expect(await verdict()).toBe('allowed');
        expect(await suspend(deps, olga, request)).toEqual({ ok: true });
        expect(await verdict()).toBe(`${kind}_suspended`);
        expect(await resume(deps, olga, request)).toEqual({ ok: true });
      }
      expect(await verdict()).toBe('allowed');
    },
  );

  test('a moved application keeps its keys and what was used, and only its new team sees it', async () => {
    const second = await addActor(house.test.database, 'second');
    const both = {
      ...house.nora,
      teamIds: [...house.nora.teamIds, ...second.teamIds],
      teamRoles: new Map([...house.nora.teamRoles, ...second.teamRoles]),
    };
    const member = { team_id: teamOf(second), account_id: house.nora.accountId, role: 'manager' as const };
    await house.test.database.kysely.insertInto('team_member').values(member).execute();
    const deps = { ...house.deps, moves: createApplicationMoveStore(house.test.database, systemRandom) };
    const before = await house.deps.applications.subscriptions(house.nora.teamIds, applicationId);
    expect(await verdict()).toBe('allowed');
    const request = { applicationId, teamId: teamOf(second) };
    const results = await Promise.all(Array.from({ length: 20 }, () => moveApplication(deps, both, request)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await verdict()).toBe('allowed');
    expect(await house.deps.applications.find(house.nora.teamIds, applicationId)).toBeNull();
    expect(await house.deps.applications.subscriptions(second.teamIds, applicationId)).toEqual(before);
    const entries = await house.test.database.kysely
      .selectFrom('audit_entry')
      .select('team_id')
      .where('action', '=', 'application.moved')
      .execute();
    expect(entries.map(({ team_id }) => team_id).sort()).toEqual([teamOf(house.nora), teamOf(second)].sort());
  });

  test('moving needs the right in both teams, at this moment', async () => {
    const second = await addActor(house.test.database, 'second');
    const deps = { ...house.deps, moves: createApplicationMoveStore(house.test.database, systemRandom) };
    const request = { applicationId, teamId: teamOf(second) };
    const unknownTeam = { ok: false, reason: 'unknown_team' };
    expect(await moveApplication(deps, house.nora, request)).toEqual(unknownTeam);
    expect(await moveApplication(deps, second, request)).toEqual({ ok: false, reason: 'not_found' });
    const claims = (role: 'viewer' | 'manager') => ({
      ...house.nora,
      teamIds: [...house.nora.teamIds, ...second.teamIds],
      teamRoles: new Map([...house.nora.teamRoles, [teamOf(second), role] as const]),
    });
    expect(await moveApplication(deps, claims('viewer'), request)).toEqual(unknownTeam);
    // The role was taken after the request began: the row decides.
    expect(await moveApplication(deps, claims('manager'), request)).toEqual({ ok: false, reason: 'not_found' });
  });
});
