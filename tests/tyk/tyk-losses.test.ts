import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { OutboxPayloads } from '../../src/database/outbox.ts';
import { checkTyk } from '../../src/tyk/read-tyk.ts';
import { tykKeysLostMail } from '../../src/tyk/tyk-loss-mail.ts';
import { addActor } from '../applications/cast.ts';
import { forEachDialect } from '../support/databases.ts';
import { type TykHouse, openTykHouse } from './tyk-house.ts';

const HOUR_MS = 3_600_000;

forEachDialect((dialect) => {
  let house: TykHouse;
  let olga: { accountId: string; email: string };
  beforeEach(async () => {
    house = await openTykHouse(dialect);
    const { database } = house.test;
    olga = await addActor(database, 'olga');
    await database.kysely.updateTable('account').set({ role: 'owner' }).where('id', '=', olga.accountId).execute();
  });
  afterEach(() => house.close());

  /** What stands in the outbox: mails to owners, and keys of which webhooks are told. */
  async function told(): Promise<{ mails: string[]; keys: string[] }> {
    const rows = await house.test.database.kysely.selectFrom('outbox').select(['kind', 'payload']).execute();
    const mails = rows.filter(({ kind }) => kind === 'mail.tyk_keys_lost');
    const events = rows
      .filter(({ kind }) => kind === 'event')
      .map(({ payload }) => JSON.parse(payload) as OutboxPayloads['event']);
    const lost = events.flatMap((event) => (event.type === 'key.lost_at_gateway' ? [event] : []));
    return {
      mails: mails.map(({ payload }) => (JSON.parse(payload) as { accountId: string }).accountId),
      keys: lost.map(({ data }) => data.keyId).sort(),
    };
  }

  const mail = (accountId = olga.accountId) => {
    const accounts = {
      find: (id: string) =>
        Promise.resolve({
          id,
          email: olga.email,
          role: id === olga.accountId ? ('owner' as const) : ('developer' as const),
          emailVerifiedAtMs: 1,
          suspendedAtMs: null,
          createdAtMs: 1,
        }),
    };
    return tykKeysLostMail({ ...house.parts, accounts, publicUrl: 'https://developers.example' }, { accountId });
  };

  async function loseEverything(): Promise<void> {
    house.tyk.loseEverything();
    await checkTyk(house.parts, house.owner);
    await house.look();
  }

  describe('after a loss of Redis', () => {
    test('owners get one mail that names the keys, and webhooks are told of each, once', async () => {
      const [one, two] = [await house.issue(), await house.issue()];
      await house.look();
      expect(await told()).toEqual({ mails: [], keys: [] });
      await loseEverything();
      const expected = { mails: [olga.accountId], keys: [one.key.id, two.key.id].sort() };
      expect(await told()).toEqual(expected);
      // Nothing new: nobody is told again.
      house.wait(2 * HOUR_MS);
      await house.look();
      expect(await told()).toEqual(expected);
      const written = await mail();
      expect(written?.to).toBe(olga.email);
      expect(written?.subject).toBe('Tyk has lost 2 keys');
      for (const { key, token } of [one, two]) {
        expect(written?.text).toContain(key.id);
        expect(written?.text).not.toContain(token);
      }
      expect(written?.text).toContain('https://developers.example/owner/tyk');
    });

    test('what is lost a little later goes into the mail of the next hour', async () => {
      await house.issue();
      await house.look();
      await loseEverything();
      const late = await house.issue();
      await house.look();
      await loseEverything();
      expect((await told()).mails).toHaveLength(1);
      expect((await told()).keys).toContain(late.key.id);
      house.wait(HOUR_MS);
      await house.look();
      expect((await told()).mails).toHaveLength(2);
    });

    test('a mail that is no longer true is not sent, and to nobody but owners', async () => {
      const { key } = await house.issue();
      await house.look();
      await loseEverything();
      expect(await mail('acc_00000000000000000000')).toBeNull();
      await house.rotate(key, 0);
      await house.look();
      expect(await mail()).toBeNull();
    });
  });
});
