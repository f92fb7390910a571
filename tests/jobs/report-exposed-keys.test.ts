import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { reportExposedKeys } from '../../src/jobs/report-exposed-keys.ts';
import { type ApiKey, DAY_MS } from '../../src/keys/api-key.ts';
import type { ExposedKeyAction } from '../../src/leaked-keys/leaked-key.ts';
import { resumeKey } from '../../src/key-revocation/resume-key.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import { createKeyCallStore } from '../../src/usage/key-call-store.ts';
import { noteActivity } from '../keys/activity.ts';
import { type House, NOW_MS, openHouse } from '../keys/house.ts';
import { type TestDatabase, forEachDialect, openUsageTestDatabase } from '../support/databases.ts';

forEachDialect((dialect) => {
  let house: House;
  let usage: TestDatabase<UsageSchema>;
  let key: ApiKey;
  beforeEach(async () => {
    house = await openHouse(dialect);
    usage = await openUsageTestDatabase(dialect);
    ({ key } = await house.addKey(await house.addApplication(house.nora)));
    await house.test.database.kysely.deleteFrom('outbox').execute();
  });
  afterEach(async () => {
    await usage.close();
    await house.test.close();
  });

  const expose = (atMs: number) =>
    noteActivity(usage.database, key, { last_called_at_ms: atMs, leaked_in_query_at_ms: atMs });

  /** One look; gives what it queued. */
  async function look(exposedKeyAction: ExposedKeyAction, sinceMs = 0): Promise<string[]> {
    const calls = createKeyCallStore(usage.database);
    await reportExposedKeys({ ...house.deps, calls, exposedKeyAction }, sinceMs);
    const rows = await house.test.database.kysely.deleteFrom('outbox').returning(['kind', 'payload']).execute();
    return rows
      .map(({ kind, payload }) => (kind === 'event' ? (JSON.parse(payload) as { type: string }).type : kind))
      .sort();
  }

  describe('a key whose token stood in a query string', () => {
    it('that the owner only wants told of goes on, and its team is told once a day at most', async () => {
      await expose(NOW_MS);
      expect(await look('tell')).toEqual(['key.exposed', 'mail.key_leaked']);
      expect(await look('tell')).toEqual([]);
      await expose(NOW_MS + DAY_MS - 1);
      expect(await look('tell')).toEqual([]);
      await expose(NOW_MS + DAY_MS);
      expect(await look('tell')).toEqual(['key.exposed', 'mail.key_leaked']);
      expect(await house.stored(key)).toMatchObject({ revokedAtMs: null, suspendedAtMs: null });
    });

    it.each([
      ['revoke', 'key.revoked'],
      ['suspend', 'key.suspended'],
    ] as const)('is treated as any leaked key when the owner says %s', async (action, event) => {
      await expose(NOW_MS);
      expect(await look(action)).toEqual(['key.exposed', event, 'mail.key_leaked'].sort());
      const [entry] = await house.deps.audit.entriesOf(key.id, 1);
      expect(entry).toMatchObject({ action: event, actor: 'system', details: { reason: 'Sent in the URL of a call' } });
      expect(await look(action)).toEqual([]);
    });

    it('that an owner resumed is suspended again only when it happens again', async () => {
      await expose(NOW_MS);
      await look('suspend');
      await resumeKey(
        house.deps,
        { ...house.mallory, role: 'owner' },
        { keyId: key.id, message: 'Moved to a header.' },
      );
      expect(await look('suspend')).not.toContain('key.suspended');
      await expose(NOW_MS + 1);
      expect(await look('suspend')).toContain('key.suspended');
    });

    it('is not looked at again once it was seen', async () => {
      await expose(NOW_MS);
      expect(await look('revoke', NOW_MS + 1)).toEqual([]);
    });
  });
});
