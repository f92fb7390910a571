import fc from 'fast-check';
import { expect, it } from 'vitest';

import { DAY_MS } from '../../src/keys/api-key.ts';
import { forEachDialect } from '../support/databases.ts';
import { API, openGate } from './gate.ts';
import { NOW_MS, openHouse } from './house.ts';
import { type KeyCommand, anyKeyCommand } from './key-commands.ts';
import { DORMANT_DAYS, KeyModel, OVERLAP_MAX_MS, QUOTA } from './key-model.ts';
import { anyLifeCommand } from './life-commands.ts';

/** For a night: KEY_SEQUENCES=5000. */
const SEQUENCES = Number(process.env.KEY_SEQUENCES ?? 60);

forEachDialect((dialect) => {
  const runs = dialect === 'sqlite' ? SEQUENCES : Math.ceil(SEQUENCES / 8);

  it('the program and a model of it never differ, whatever happens to keys in whatever order', async () => {
    const house = await openHouse(dialect);
    const gate = await openGate(house);
    const { kysely } = house.test.database;
    let commandsRun = 0;
    const counted = (command: KeyCommand): KeyCommand => ({
      check: (model) => command.check(model),
      toString: () => command.toString(),
      run: (model, real) => {
        commandsRun += 1;
        return command.run(model, real);
      },
    });
    const commands = fc.commands(
      [...anyKeyCommand, ...anyLifeCommand].map((arbitrary) => arbitrary.map(counted)),
      { maxCommands: 100, size: 'max' },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (sequence) => {
        house.time.nowMs = NOW_MS;
        const applicationId = await house.addApplication(house.nora);
        await house.addSubscription(applicationId, {
          api_slug: API,
          scopes: 'parcels:read parcels:write',
          quota: QUOTA,
          overlap_max_days: OVERLAP_MAX_MS / DAY_MS,
          dormant_days: DORMANT_DAYS,
          dormant_action: 'suspend',
        });
        const real = { house, gate, applicationId, keys: [] };
        await fc.asyncModelRun(() => ({ model: new KeyModel(NOW_MS), real }), sequence);
        // A team can have 50 applications.
        await kysely
          .updateTable('application')
          .set({ deleted_at_ms: NOW_MS })
          .where('id', '=', applicationId)
          .execute();
      }),
      { numRuns: runs },
    );
    // Sequences have any length; of few of them the sum scatters.
    expect(commandsRun).toBeGreaterThan(runs * (runs < 30 ? 5 : 20));
    expect((await house.deps.audit.verifyChain()).ok).toBe(true);
    await gate.close();
    await house.test.close();
  }, 3_600_000);
});
