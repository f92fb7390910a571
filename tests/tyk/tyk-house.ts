import type { ApiKey } from '../../src/keys/api-key.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import { rotateKey } from '../../src/key-rotation/rotate-key.ts';
import { provisionTyk } from '../../src/jobs/provision-tyk.ts';
import type { DialectName } from '../../src/database/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { importKey } from '../../src/tyk/import-key.ts';
import { createTykClient } from '../../src/tyk/tyk-client.ts';
import { createTykFactsStore } from '../../src/tyk/tyk-facts-store.ts';
import { createTykKeyStore } from '../../src/tyk/tyk-key-store.ts';
import { createTykLossStore } from '../../src/tyk/tyk-loss-store.ts';
import { createTykOverviewStore } from '../../src/tyk/tyk-overview-store.ts';
import { createTykWatchStore } from '../../src/tyk/tyk-watch-store.ts';
import { keyRequest, openHouse } from '../keys/house.ts';
import { type FakeTyk, TYK_SECRET, startFakeTyk } from './fake-tyk.ts';

const API_ID = 'api1';

/** A portal with an application that is subscribed to `parcels`, connected to a Tyk of its own. */
export async function openTykHouse(dialect: DialectName) {
  const house = await openHouse(dialect);
  const { database } = house.test;
  const tyk: FakeTyk = await startFakeTyk(house.time.nowMs);
  const setup = { orgId: 'portal', apis: new Map([['parcels', API_ID]]), enforcesAddresses: false };
  const parts = {
    client: createTykClient({ url: tyk.url, secret: TYK_SECRET, orgId: 'portal', timeoutMs: 2000 }),
    facts: createTykFactsStore(database),
    tykKeys: createTykKeyStore(database, systemRandom),
    losses: createTykLossStore(database, systemRandom),
    watch: createTykWatchStore(database),
    overviews: createTykOverviewStore(database),
    keys: house.deps.keys,
    setup,
    clock: house.deps.clock,
    log: createLog('test', 'silent'),
    pause: () => Promise.resolve(),
  };
  const applicationId = await house.addApplication(house.nora);
  await house.addSubscription(applicationId, { api_slug: 'parcels', quota: 3 });
  await addOperations();

  async function addOperations(): Promise<void> {
    const version = { api_slug: 'parcels', version: 'v2', lifecycle: 'active', upstream_url: '' } as const;
    const dates = { deprecated_at_ms: null, sunset_at_ms: null, removed_at_ms: null };
    const row = { ...version, ...dates, document: '{}', document_sha256: '' };
    await database.kysely.insertInto('api_version').values(row).execute();
    const operation = { api_slug: 'parcels', version: 'v2', summary: '', deprecated: 0 };
    await database.kysely
      .insertInto('operation')
      .values([
        { ...operation, operation_id: 'list', method: 'GET', path: '/parcels', scopes: 'parcels:read' },
        { ...operation, operation_id: 'purge', method: 'DELETE', path: '/parcels', scopes: 'parcels:admin' },
      ])
      .execute();
  }

  /** Issues a key, and hands it to Tyk as the portal does. */
  async function issue(of = applicationId): Promise<{ key: ApiKey; token: string }> {
    const result = await issueKey(house.deps, house.nora, { ...keyRequest(), applicationId: of });
    if (!result.ok) throw new Error(result.reason);
    await importKey(parts, result.key, result.token);
    return result;
  }

  async function rotate(key: ApiKey, overlapMs: number): Promise<{ key: ApiKey; token: string }> {
    const request = { applicationId, keyId: key.id, overlapMs, requestId: newId(systemRandom, 'req') };
    const result = await rotateKey(house.deps, house.nora, request);
    if (!result.ok) throw new Error(result.reason);
    await importKey(parts, result.key, result.token);
    return result;
  }

  /** One look of the job. */
  const look = (): Promise<void> => provisionTyk(parts);

  /** Moves the time of both sides. */
  function wait(ms: number): void {
    house.time.nowMs += ms;
    tyk.setNow(house.time.nowMs);
  }

  const call = (token: string, method = 'GET'): number => tyk.callApi(token, API_ID, method, '/v2/parcels').status;
  const rowOf = (key: ApiKey) =>
    database.kysely.selectFrom('tyk_key').selectAll().where('key_id', '=', key.id).executeTakeFirstOrThrow();

  return {
    ...house,
    tyk,
    parts,
    applicationId,
    owner: { ...house.nora, role: 'owner' as const },
    issue,
    rotate,
    look,
    wait,
    call,
    rowOf,
    close: async () => {
      await tyk.close();
      await house.test.close();
    },
  };
}

export type TykHouse = Awaited<ReturnType<typeof openTykHouse>>;
