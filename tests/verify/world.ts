import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { composeVerifier } from '../../src/composition/compose-verifier.ts';
import { type Databases, openMigratedDatabases } from '../../src/composition/databases.ts';
import { CURRENT_PEPPER_ID, hashToken, issueSecret } from '../../src/keys/key-secret.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { type Config, readConfig } from '../../src/platform/config.ts';
import { createLog } from '../../src/platform/log.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import type { PortalSchema } from '../../src/platform/schema.ts';

export const GATEWAY_SECRET = 'test-gateway-secret-of-32-characters';
export const NOW_MS = Date.UTC(2026, 2, 3, 10);

const root = join(import.meta.dirname, '../..');

/** Plans whose names say what they are short of. */
const plans = {
  ample: { rate_limit: 1_000_000, rate_window_seconds: 1, quota: 1_000_000_000 },
  slow: { rate_limit: 3, rate_window_seconds: 60, quota: 1_000_000 },
  small: { rate_limit: 1_000_000, rate_window_seconds: 1, quota: 5 },
} as const;

export type PlanName = keyof typeof plans;

export interface IssuedKey {
  keyId: string;
  applicationId: string;
  subscriptionId: string;
  token: string;
}

/** Both databases on disk with the API `parcels` (v1 retired, v2 active) and whatever keys a test adds. */
export interface World {
  config: Config;
  environment: Record<string, string>;
  databases: Databases;
  /** A key of an application of its own, subscribed to `parcels`; null: to nothing. */
  addKey(plan?: PlanName | null, columns?: Partial<PortalSchema['api_key']>): Promise<IssuedKey>;
  revoke(keyId: string): Promise<void>;
  /** The verifier in this process, with a clock that a test may move. */
  composeVerifier(clock: Clock): Promise<VerifierHere>;
  /** The verifier as a process of its own. */
  startVerifier(): Promise<VerifierChild>;
  close(): Promise<void>;
}

export interface VerifierHere {
  verifierPort: number;
  gatewayPort: number;
  /** Writes what was counted and ends it. */
  stop(): Promise<void>;
}

export interface VerifierChild {
  process: ChildProcess;
  verifierPort: number;
  gatewayPort: number;
  /** Ends it with SIGTERM and returns its exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

export async function createWorld(
  settings: Record<string, string> = {},
  upstreamUrl = 'http://127.0.0.1:9/',
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-verify-'));
  const environment = {
    DATA_DIR: folder,
    VERIFIER_PORT: '0',
    GATEWAY_PORT: '0',
    PUBLIC_URL: 'http://portal.test',
    GATEWAY_PUBLIC_URL: 'http://api.test',
    KEY_PEPPER: 'test-key-pepper-of-at-least-32-characters',
    SESSION_SECRET: 'test-session-secret-of-32-characters',
    GATEWAY_SECRET,
    LOG_LEVEL: 'silent',
    ...settings,
  };
  const read = readConfig(environment, 'production');
  if (!read.ok) throw new Error(read.errors.join('\n'));
  const { config } = read;
  const databases = await openMigratedDatabases(config);
  await addParcels(databases, upstreamUrl);
  const children = new Set<VerifierChild>();
  return {
    config,
    environment,
    databases,
    addKey: (plan = 'ample', columns = {}) => addKey(databases, config, plan, columns),
    revoke: async (keyId) => {
      await databases.portal.kysely
        .updateTable('api_key')
        .set({ revoked_at_ms: NOW_MS })
        .where('id', '=', keyId)
        .execute();
    },
    composeVerifier: async (clock) => {
      const verifier = await composeVerifier(config, createLog('test', 'silent'), clock);
      const ports = await verifier.start();
      return { ...ports, stop: () => verifier.stop() };
    },
    startVerifier: async () => {
      const child = await startVerifier(environment);
      children.add(child);
      return child;
    },
    close: async () => {
      await Promise.all([...children].map((child) => child.kill()));
      await databases.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startVerifier(environment: Record<string, string>): Promise<VerifierChild> {
  const child = spawn(process.execPath, [join(root, 'src/verify/main.ts')], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message] = (await once(child, 'message')) as [{ verifierPort: number; gatewayPort: number }];
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    process: child,
    verifierPort: message.verifierPort,
    gatewayPort: message.gatewayPort,
    stop: async () => {
      await end('SIGTERM');
      return child.exitCode;
    },
    kill: () => end('SIGKILL'),
  };
}

async function addParcels({ portal: { kysely } }: Databases, upstreamUrl: string): Promise<void> {
  const version = {
    api_slug: 'parcels',
    deprecated_at_ms: null,
    sunset_at_ms: null,
    upstream_url: upstreamUrl,
    removed_at_ms: null,
  };
  const operation = { api_slug: 'parcels', version: 'v2', summary: '', deprecated: 0 };
  await kysely
    .insertInto('api')
    .values({ slug: 'parcels', title: 'Parcels', summary: '', removed_at_ms: null })
    .execute();
  await kysely
    .insertInto('api_version')
    .values([
      { ...version, version: 'v1', lifecycle: 'retired', document: '{}', document_sha256: '1' },
      { ...version, version: 'v2', lifecycle: 'active', document: '{}', document_sha256: '2' },
    ])
    .execute();
  await kysely
    .insertInto('operation')
    .values([
      { ...operation, operation_id: 'listParcels', method: 'GET', path: '/parcels', scopes: 'parcels:read' },
      { ...operation, operation_id: 'createParcel', method: 'POST', path: '/parcels', scopes: 'parcels:read' },
      { ...operation, operation_id: 'getParcel', method: 'GET', path: '/parcels/{parcelId}', scopes: 'parcels:read' },
      { ...operation, operation_id: 'purge', method: 'DELETE', path: '/parcels', scopes: 'parcels:read parcels:admin' },
    ])
    .execute();
  const plan = {
    api_slug: 'parcels',
    title: '',
    summary: '',
    scopes: 'parcels:read',
    quota_period: 'month',
    position: 0,
    removed_at_ms: null,
  } as const;
  await kysely
    .insertInto('plan')
    .values(Object.entries(plans).map(([slug, limits]) => ({ ...plan, slug, ...limits })))
    .execute();
}

async function addKey(
  { portal: { kysely } }: Databases,
  { keyPepper, keyPrefix }: Config,
  plan: PlanName | null,
  columns: Partial<PortalSchema['api_key']>,
): Promise<IssuedKey> {
  const [teamId, accountId, applicationId, subscriptionId, keyId] = [
    newId(systemRandom, 'team'),
    newId(systemRandom, 'acc'),
    newId(systemRandom, 'app'),
    newId(systemRandom, 'sub'),
    newId(systemRandom, 'key'),
  ];
  const { token, environment, firstFour, lastFour } = issueSecret(systemRandom, keyPrefix, 'live');
  await kysely.insertInto('team').values({ id: teamId, name: 'Team', created_at_ms: 0 }).execute();
  await kysely
    .insertInto('account')
    .values({
      id: accountId,
      email: accountId,
      email_normalized: accountId,
      password_hash: '!',
      role: 'developer',
      email_verified_at_ms: null,
      suspended_at_ms: null,
      created_at_ms: 0,
    })
    .execute();
  await kysely
    .insertInto('application')
    .values({
      id: applicationId,
      team_id: teamId,
      name: 'Depot',
      description: '',
      created_at_ms: 0,
      deleted_at_ms: null,
    })
    .execute();
  if (plan !== null) {
    await kysely
      .insertInto('subscription')
      .values({
        id: subscriptionId,
        application_id: applicationId,
        api_slug: 'parcels',
        plan_slug: plan,
        created_at_ms: 0,
        ended_at_ms: null,
      })
      .execute();
  }
  await kysely
    .insertInto('api_key')
    .values({
      id: keyId,
      application_id: applicationId,
      name: 'Scanner',
      environment,
      token_hash: hashToken(keyPepper, token),
      pepper_id: CURRENT_PEPPER_ID,
      first_four: firstFour,
      last_four: lastFour,
      allowlist: '[]',
      request_id: keyId,
      created_by_account_id: accountId,
      created_at_ms: 0,
      expires_at_ms: null,
      suspended_at_ms: null,
      revoked_at_ms: null,
      revoke_reason: null,
      ...columns,
    })
    .execute();
  return { keyId, applicationId, subscriptionId, token };
}
