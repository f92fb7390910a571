import { openDatabase } from '../../src/database/database.ts';
import { parseIpAddress } from '../../src/platform/ip-address.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { createStatisticsRecorder } from '../../src/usage/statistics-recorder.ts';
import { createStatisticsStore } from '../../src/usage/statistics-store.ts';
import { createUsageStore } from '../../src/usage/usage-store.ts';
import { createCallRuns } from '../../src/verify/call-runs.ts';
import { createCredentialReader } from '../../src/verify/credential.ts';
import { createRoutes } from '../../src/verify/routes.ts';
import { createVerificationStore } from '../../src/verify/verification-store.ts';
import { type Verifier, createVerifier } from '../../src/verify/verifier.ts';
import { openUsageTestDatabase } from '../support/databases.ts';
import { openJournalFolder } from '../usage/journal-folder.ts';
import { type House, PEPPER } from './house.ts';
import { underOnePepper } from '../verify/token-hashes.ts';

export const API = 'parcels';

export interface AskedCall {
  address: string;
  method: string;
  /** Below the version; null for none. */
  path: string | null;
  origin: string | undefined;
}

/** The real verifier before the database of a house, with the API `parcels` behind it. */
export async function openGate(house: House) {
  const { kysely, dialect } = house.test.database;
  const api = { slug: API, title: '', summary: '', removed_at_ms: null };
  await kysely
    .insertInto('api')
    .values(api)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await kysely
    .insertInto('api_version')
    .values({
      api_slug: API,
      version: 'v2',
      lifecycle: 'active',
      upstream_url: 'http://127.0.0.1:9',
      document: '{}',
      document_sha256: '',
    })
    .execute();
  const operation = { api_slug: API, version: 'v2', path: '/parcels', summary: '', deprecated: 0 };
  await kysely
    .insertInto('operation')
    .values([
      { ...operation, operation_id: 'listParcels', method: 'GET', scopes: 'parcels:read' },
      { ...operation, operation_id: 'createParcel', method: 'POST', scopes: 'parcels:write' },
    ])
    .execute();
  const usageTest = await openUsageTestDatabase(dialect);
  // A connection of its own, as the verifier has: what it sees was committed.
  const portal = openDatabase<PortalSchema>({ url: house.test.url });
  const store = createVerificationStore(portal, underOnePepper(PEPPER));
  const usageStore = createUsageStore(usageTest.database);
  const { clock } = house.deps;
  const journals = openJournalFolder();
  const newUsage = () => journals.open({ store: usageStore, clock });
  const runs = createCallRuns({ noteCalls: (calls) => statistics.note(calls), noteManner: () => undefined });
  const statistics = createStatisticsRecorder({
    gather: () => runs.handOver(),
    store: createStatisticsStore(usageTest.database),
    onWriteError: fail,
  });
  const routes = await createRoutes(store, fail);
  const newVerifier = (): Verifier =>
    createVerifier({
      store,
      routes,
      usage,
      runs,
      policies: { current: () => null },
      policyCounts: { noteBroken: () => undefined },
      clock,
      readCredential: createCredentialReader('gth'),
      onError: fail,
    });
  let usage = await newUsage();
  let verifier = newVerifier();

  /** `allowed`, or the code of the refusal. */
  async function ask(token: string, { address, method, path, origin }: AskedCall): Promise<string> {
    const { verdict } = await verifier.verify({
      headers: { authorization: `Bearer ${token}`, apiKey: undefined, contradictory: false, origin },
      method,
      uri: path,
      api: API,
      version: 'v2',
      address: parseIpAddress(address),
      cost: null,
    });
    return verdict.allowed ? 'allowed' : verdict.refusal.code;
  }

  return {
    ask,
    /** As `ask`, about the key alone. */
    call: (token: string, address = '203.0.113.7') =>
      ask(token, { address, method: 'GET', path: null, origin: undefined }),
    usageStore,
    usageDatabase: usageTest.database,
    flush: async () => {
      await usage.flush();
      await statistics.flush();
    },
    /** As `kill -9` does it: what was counted is in the journal only. Statistics may lose their last second. */
    async kill() {
      await statistics.flush();
      usage = await newUsage();
      verifier = newVerifier();
    },
    /** Ends the verifier and starts another. */
    async restart() {
      await usage.stop();
      await statistics.stop();
      usage = await newUsage();
      verifier = newVerifier();
    },
    async close() {
      journals.close();
      await portal.close();
      await usageTest.close();
    },
  };
}

function fail(error: unknown): never {
  throw error;
}

export type Gate = Awaited<ReturnType<typeof openGate>>;
