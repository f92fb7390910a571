import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type ApiKey, DAY_MS } from '../../src/keys/api-key.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import { reportLeakedKey } from '../../src/leaked-keys/report-leaked-key.ts';
import { revokeApplicationKeys } from '../../src/key-revocation/revoke-application-keys.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { rotateKey } from '../../src/key-rotation/rotate-key.ts';
import { suspendKey } from '../../src/keys/suspend-key.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { forEachDialect } from '../support/databases.ts';
import { InjectedFault, faultAfter } from './faults.ts';
import { type House, depsOn, keyRequest, openHouse } from './house.ts';

forEachDialect((dialect) => {
  let house: House;
  let applicationId: string;
  let key: ApiKey;
  let token: string;
  beforeAll(async () => {
    house = await openHouse(dialect);
  });
  beforeEach(async () => {
    applicationId = await house.addApplication(house.nora);
    ({ key, token } = await house.addKey(applicationId));
  });
  afterAll(() => house.test.close());

  /** Everything that a change may leave behind. */
  async function contents(): Promise<string> {
    const { kysely } = house.test.database;
    const keys = await house.deps.keys.list(house.nora.teamIds, applicationId);
    const rows = await kysely.selectFrom('audit_entry').select('hash').orderBy('sequence').execute();
    const mails = await kysely.selectFrom('outbox').select('id').orderBy('id').execute();
    return JSON.stringify({ keys, rows, mails });
  }

  type Deps = House['deps'];
  const request = () => ({ applicationId, keyId: key.id });
  const owner = () => ({ ...house.mallory, role: 'owner' as const });
  const changes: [string, (deps: Deps) => Promise<unknown>][] = [
    ['issuing a key', (deps) => issueKey(deps, house.nora, { ...keyRequest(), applicationId })],
    [
      'rotating a key',
      (deps) => rotateKey(deps, house.nora, { ...request(), overlapMs: DAY_MS, requestId: newId(systemRandom, 'req') }),
    ],
    ['revoking a key', (deps) => revokeKey(deps, house.nora, { ...request(), reason: 'old' })],
    ['revoking all keys', (deps) => revokeApplicationKeys(deps, owner(), { applicationId, reason: 'stolen' })],
    ['suspending a key', (deps) => suspendKey(deps, owner(), { keyId: key.id, message: 'Stop.' })],
    ['ending a leaked key', (deps) => reportLeakedKey(deps, { token, place: '' })],
  ];

  describe.each(changes)('%s', (_, change) => {
    it('leaves nothing behind when it fails, at whichever statement, and all of it when it succeeds', async () => {
      const before = await contents();
      let failures = 0;
      for (;;) {
        const { kysely } = house.test.database;
        const faulty = { ...house.test.database, kysely: kysely.withPlugin(faultAfter(failures)) };
        const outcome = await change(depsOn(faulty, house.deps.clock)).catch((error: unknown) => error);
        if (!(outcome instanceof InjectedFault)) {
          if (outcome instanceof Error) throw outcome;
          break;
        }
        failures += 1;
        expect(await contents()).toBe(before);
      }
      expect(failures).toBeGreaterThan(5);
      expect(await contents()).not.toBe(before);
      expect((await house.deps.audit.verifyChain()).ok).toBe(true);
    });
  });
});
