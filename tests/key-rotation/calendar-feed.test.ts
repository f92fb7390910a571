import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type ApiKey, DAY_MS } from '../../src/keys/api-key.ts';
import { createCalendarFeed, readCalendarFeed } from '../../src/key-rotation/calendar-feed.ts';
import { createCalendarFeedStore } from '../../src/key-rotation/calendar-feed-store.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { scheduleRotation } from '../../src/key-rotation/schedule-rotation.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, NOW_MS, openHouse } from '../keys/house.ts';

forEachDialect((dialect) => {
  let house: House;
  let applicationId: string;
  let key: ApiKey;
  beforeEach(async () => {
    house = await openHouse(dialect);
    applicationId = await house.addApplication(house.nora);
    ({ key } = await house.addKey(applicationId, { name: 'Night, job', expiresAtMs: NOW_MS + 90 * DAY_MS }));
  });
  afterEach(() => house.test.close());

  const deps = () => ({
    ...house.deps,
    feeds: createCalendarFeedStore(house.test.database),
    secret: new TextEncoder().encode('a secret of thirty-two characters'),
    publicUrl: 'https://developers.example.com',
  });

  /** The token of a new address. */
  async function newToken(actor = house.nora): Promise<string> {
    const { url } = await createCalendarFeed(deps(), actor);
    return /^https:\/\/developers\.example\.com\/calendars\/([0-9A-Za-z]{40})\.ics$/.exec(url)?.[1] ?? url;
  }
  const read = async (token: string) => (await readCalendarFeed(deps(), token))?.replaceAll(/\r\n[ \t]/g, '') ?? null;
  const summaries = (calendar: string | null) =>
    [...(calendar ?? '').matchAll(/^DTSTART;VALUE=DATE:(\d+)[\s\S]*?^SUMMARY:(.*)$/gm)].map(
      ([, day, text]) => `${day ?? ''} ${(text ?? '').trim()}`,
    );

  describe('the calendar of an account', () => {
    it('has the days on which its keys expire and are to be rotated', async () => {
      await scheduleRotation(house.deps, house.nora, { applicationId, keyId: key.id, rotationIntervalDays: 30 });
      const calendar = await read(await newToken());
      expect(calendar).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n/);
      expect(summaries(calendar)).toEqual([
        '20270222 API key Night\\, job expires (Depot)',
        '20261224 Rotate API key Night\\, job (Depot)',
      ]);
      expect(calendar).toContain(`https://developers.example.com/applications/${applicationId}/keys/${key.id}`);
    });

    it('has the end of a rotated key, nothing of one that has ended, and nothing of other teams', async () => {
      const token = await newToken();
      const foreign = await newToken(house.mallory);
      const successor = await house.rotate(key, 7 * DAY_MS);
      // Both were made in one millisecond: their order is any.
      expect(summaries(await read(token)).sort()).toEqual([
        '20261201 Old API key Night\\, job ends (Depot)',
        expect.stringContaining('API key Night\\, job expires'),
      ]);
      for (const one of [key, successor.key]) {
        await revokeKey(house.deps, house.nora, { applicationId, keyId: one.id, reason: '' });
      }
      expect(summaries(await read(token))).toEqual([]);
      expect(summaries(await read(foreign))).toEqual([]);
    });

    it('is the same text until something changes, and holds no part of a token', async () => {
      const token = await newToken();
      const [first, second] = [await read(token), await read(token)];
      expect(first).toBe(second);
      expect(first).not.toContain(key.firstFour + key.lastFour);
    });
  });

  describe('its address', () => {
    it('is stored as a hash only; a new one ends the former, and ending it leaves none', async () => {
      const first = await newToken();
      const second = await newToken();
      expect([await read(first), (await read(second)) !== null]).toEqual([null, true]);
      const rows = await house.test.database.kysely.selectFrom('calendar_feed').selectAll().execute();
      expect(rows).toHaveLength(1);
      expect(JSON.stringify(rows)).not.toContain(second);
      expect(await deps().feeds.end(house.nora.accountId, NOW_MS)).toBe(true);
      expect(await read(second)).toBeNull();
      expect(await deps().feeds.end(house.nora.accountId, NOW_MS)).toBe(false);
      const entries = await house.deps.audit.entriesOf(house.nora.accountId, 5);
      expect(entries.map(({ action }) => action)).toEqual([
        'calendar_feed.ended',
        'calendar_feed.created',
        'calendar_feed.created',
      ]);
    });

    it('shows nothing of a team that its account has left, and nothing at all once that is suspended', async () => {
      const token = await newToken();
      const { kysely } = house.test.database;
      await kysely.deleteFrom('team_member').where('account_id', '=', house.nora.accountId).execute();
      expect(summaries(await read(token))).toEqual([]);
      const accounts = kysely.updateTable('account').set({ suspended_at_ms: NOW_MS });
      await accounts.where('id', '=', house.nora.accountId).execute();
      expect(await read(token)).toBeNull();
    });

    it.each(['', 'x', '../etc/passwd', '0'.repeat(39), '0'.repeat(40), '0'.repeat(41)])(
      'is nothing for %j',
      async (token) => {
        await newToken();
        expect(await read(token)).toBeNull();
      },
    );
  });
});
