import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { routes } from '../pages/route-matrix.ts';
import { type WatchedPortal, startWatchedPortal } from '../pages/watched-portal.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';
import { type Bearer, makeBearer } from './secret-bearer.ts';
import { type SecretWatch, findSecrets, watchSecrets } from './secret-watch.ts';

/** A thousand secrets; on PostgreSQL, where the same code writes to another database, fewer. */
const BEARERS = { sqlite: 13, postgres: 3 };
/** With leaks in addresses, a page is asked for with a key in it. */
const LONG = 240_000;

forEachDialect((dialect) => {
  let database: TestDatabase;
  let portal: WatchedPortal;
  let watch: SecretWatch;
  let bearers: Bearer[];

  beforeAll(async () => {
    database = await openTestDatabase(dialect);
    portal = await startWatchedPortal(dialect === 'postgres' ? { DATABASE_URL: database.url } : {});
    watch = watchSecrets(portal);
    watch.know('link', new URL(portal.process.firstOwnerUrl).searchParams.get('token') ?? '');
    bearers = await Promise.all(
      Array.from({ length: BEARERS[dialect] }, (_, number) => makeBearer(portal, watch, number)),
    );
    for (const bearer of bearers) await goRound(bearer);
  }, LONG);
  afterAll(async () => {
    await portal.stop();
    await database.close();
  });

  /** Every page that has no parameter, those of applications and keys, and secrets where they do not belong. */
  async function goRound({ session, applicationIds, keys }: Bearer): Promise<void> {
    const [applicationId = ''] = applicationIds;
    const plain = routes.filter(({ path, read }) => !path.includes('[') && read !== 'nobody' && path !== '/dev/mail');
    for (const { path } of bearers.length > 0 && session === bearers[0]?.session ? plain : plain.slice(0, 10))
      await watch.send({ path, session });
    const page = await watch.send({ path: `/applications/${applicationId}`, session });
    const keyPaths = new Set(page.body.match(/\/applications\/[\w-]+\/keys\/key_\w+/g));
    for (const path of [...keyPaths].slice(0, 3)) await watch.send({ path, session });
    const gateway = `${portal.process.gatewayUrl}/parcels/v2/services`;
    const [first = '', second = '', third = ''] = keys;
    await fetch(gateway, { headers: { Authorization: `Bearer ${first}` } });
    await fetch(`${gateway}?api_key=${second}`);
    await watch.send({ path: `/search?q=${second}`, session });
    await watch.send({ path: '/applications', session, form: { name: third, description: third } });
    await watch.send({
      path: '/report-leaked-key',
      form: { text: `it is ${third}`, where: `https://paste.example/${third}` },
    });
    await watch.send({
      path: '/api/v1/account',
      headers: { Authorization: `Bearer ${first}`, Accept: 'application/json' },
    });
    await watch.send({
      path: `/api/v1/applications/${third}`,
      headers: { Authorization: `Bearer ${second}`, Accept: 'application/json' },
    });
    await watch.send({ path: '/sign-in', form: { email: first, password: second } });
  }

  describe('each of a thousand secrets', () => {
    test('is in the one answer that gives it out, and in no other', () => {
      expect(watch.known.size).toBeGreaterThanOrEqual(BEARERS[dialect] * 77);
      process.stdout.write(`${watch.known.size} secrets, ${portal.seen.answers} answers\n`);
      const neverShown = new Set(['password', 'link']);
      const wrong = [...watch.known].flatMap(([secret, kind]) => {
        const places = watch.seenIn(secret);
        return places.length === (neverShown.has(kind) ? 0 : 1)
          ? []
          : [`${kind} in ${places.length}: ${places.join(', ')}`];
      });
      expect([...new Set(wrong)]).toEqual([]);
    });

    test('stands in no file, database, log or mail where it does not belong', { timeout: 120_000 }, async () => {
      // The first owner’s link is told once, on purpose.
      const output = portal.process.output().replace(portal.process.firstOwnerUrl, '');
      const found = findSecrets(
        portal.process.dataDir,
        new Map([['output', output], ...(await portal.state.texts())]),
        watch.known,
      );
      // A link stands in the one mail that brings it.
      const mails = found.filter((place) => /^mail[^:]*: link$/.test(place));
      expect(found.filter((place) => !mails.includes(place))).toEqual([]);
      expect(new Set(mails).size).toBe(mails.length);
      expect(mails.length).toBeGreaterThan(0);
    });

    test('would be found', () => {
      const secret = 'a-secret-that-stands-in-the-output';
      expect(
        findSecrets(portal.process.dataDir, new Map([['output', `x${secret}x`]]), new Map([[secret, 'session']])),
      ).toEqual(['output: session']);
    });
  });
});
