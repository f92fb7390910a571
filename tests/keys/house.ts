import type { Actor } from '../../src/accounts/account.ts';
import { createApplicationStore } from '../../src/applications/application-store.ts';
import { createApplication } from '../../src/applications/create-application.ts';
import { createAuditStore } from '../../src/audit/audit-store.ts';
import type { ApiKey } from '../../src/keys/api-key.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import type { IssueKeyRequest } from '../../src/keys/issue-key.form.ts';
import { createKeyStore } from '../../src/keys/key-store.ts';
import type { DialectName } from '../../src/platform/database.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { addActor } from '../applications/cast.ts';
import { type TestDatabase, openTestDatabase } from '../support/databases.ts';

export const NOW_MS = Date.UTC(2026, 10, 24, 10);
export const PEPPER = new TextEncoder().encode('a pepper of thirty-two bytes....');

/** All that the use cases of keys need, on a real database, with a clock that the test turns. */
export async function openHouse(dialect: DialectName) {
  const test: TestDatabase = await openTestDatabase(dialect);
  const time = { nowMs: NOW_MS };
  const deps = {
    applications: createApplicationStore(test.database),
    keys: createKeyStore(test.database),
    audit: createAuditStore(test.database),
    clock: { nowMs: () => time.nowMs },
    random: systemRandom,
    pepper: PEPPER,
    prefix: 'gth',
  };
  const [nora, mallory] = [await addActor(test.database, 'nora'), await addActor(test.database, 'mallory')];

  async function addApplication(actor: Actor): Promise<string> {
    const result = await createApplication(deps, actor, { name: 'Depot', description: '' });
    if (!result.ok) throw new Error(result.reason);
    return result.application.id;
  }

  async function addKey(
    applicationId: string,
    changes: Partial<IssueKeyRequest> = {},
  ): Promise<{ key: ApiKey; token: string }> {
    const result = await issueKey(deps, nora, { ...keyRequest(), ...changes, applicationId });
    if (!result.ok) throw new Error(result.reason);
    return result;
  }

  return { test, time, deps, nora, mallory, addApplication, addKey };
}

export type House = Awaited<ReturnType<typeof openHouse>>;

export function keyRequest(): IssueKeyRequest {
  return { name: 'CI', environment: 'live', expiresAtMs: null, allowlist: [], requestId: newId(systemRandom, 'req') };
}
