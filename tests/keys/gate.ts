import { hashToken } from '../../src/keys/key-secret.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { parseIpAddress } from '../../src/platform/ip-address.ts';
import type { PortalSchema } from '../../src/platform/schema.ts';
import { createUsageRecorder } from '../../src/usage/usage-recorder.ts';
import { createUsageStore } from '../../src/usage/usage-store.ts';
import { createAllowlistReader } from '../../src/verify/allowlists.ts';
import { createCredentialReader } from '../../src/verify/credential.ts';
import { createRoutes } from '../../src/verify/routes.ts';
import { createVerificationStore } from '../../src/verify/verification-store.ts';
import { type Verifier, createVerifier } from '../../src/verify/verifier.ts';
import { openUsageTestDatabase } from '../support/databases.ts';
import { type House, PEPPER } from './house.ts';

export const API = 'parcels';

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
  const usageTest = await openUsageTestDatabase(dialect);
  // A connection of its own, as the verifier has: what it sees was committed.
  const portal = openDatabase<PortalSchema>({ url: house.test.url });
  const store = createVerificationStore(portal);
  const usageStore = createUsageStore(usageTest.database);
  const { clock } = house.deps;
  const newUsage = () => createUsageRecorder({ store: usageStore, clock, onReadError: fail, onWriteError: fail });
  const routes = await createRoutes(store, fail);
  const newVerifier = (): Verifier =>
    createVerifier({
      store,
      routes,
      usage,
      clock,
      hashToken: (token) => hashToken(PEPPER, token),
      readCredential: createCredentialReader('gth'),
      readAllowlist: createAllowlistReader(),
      onError: fail,
    });
  let usage = newUsage();
  let verifier = newVerifier();

  /** `allowed`, or the code of the refusal. */
  async function call(token: string, address = '203.0.113.7'): Promise<string> {
    const { verdict } = await verifier.verify({
      headers: { authorization: `Bearer ${token}`, apiKey: undefined, contradictory: false },
      method: 'GET',
      uri: null,
      api: API,
      version: 'v2',
      address: parseIpAddress(address),
    });
    return verdict.allowed ? 'allowed' : verdict.refusal.code;
  }

  return {
    call,
    usageStore,
    flush: () => usage.flush(),
    /** Ends the verifier and starts another. */
    async restart() {
      await usage.stop();
      usage = newUsage();
      verifier = newVerifier();
    },
    async close() {
      await portal.close();
      await usageTest.close();
    },
  };
}

function fail(error: unknown): never {
  throw error;
}

export type Gate = Awaited<ReturnType<typeof openGate>>;
