import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type VersionEnding, storeBrownOuts } from '../../src/catalog/version-ending.ts';
import { composeVerifier } from '../../src/composition/compose-verifier.ts';
import { type Databases, openMigratedDatabases } from '../../src/composition/databases.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { type Config, readConfig } from '../../src/settings/config.ts';
import { createLog } from '../../src/platform/log.ts';
import { type IssuedKey, type KeyColumns, type PlanName, addKey, addParcels } from './parcels.ts';

export const GATEWAY_SECRET = 'test-gateway-secret-of-32-characters';
export const NOW_MS = Date.UTC(2026, 2, 3, 10);

const root = join(import.meta.dirname, '../..');

/** Both databases on disk with the API `parcels` (v1 retired, v2 active) and whatever keys a test adds. */
export interface World {
  config: Config;
  environment: Record<string, string>;
  databases: Databases;
  /** A key of an application of its own, subscribed to `parcels`; null: to nothing. */
  addKey(plan?: PlanName | null, columns?: KeyColumns): Promise<IssuedKey>;
  revoke(keyId: string): Promise<void>;
  /** As a rotation leaves the old key. */
  replace(keyId: string, successorId: string, endsAtMs: number): Promise<void>;
  deprecate(version: string, dates: { deprecatedAtMs: number; sunsetAtMs: number }): Promise<void>;
  /** What happens to a version around its sunset. */
  endVersion(version: string, ending: VersionEnding): Promise<void>;
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
    replace: async (keyId, successorId, endsAtMs) => {
      await databases.portal.kysely
        .updateTable('api_key')
        .set({ replaced_by_key_id: successorId, replaced_at_ms: NOW_MS, expires_at_ms: endsAtMs })
        .where('id', '=', keyId)
        .execute();
    },
    deprecate: async (version, { deprecatedAtMs, sunsetAtMs }) => {
      await databases.portal.kysely
        .updateTable('api_version')
        .set({ lifecycle: 'deprecated', deprecated_at_ms: deprecatedAtMs, sunset_at_ms: sunsetAtMs })
        .where('version', '=', version)
        .execute();
    },
    endVersion: async (version, ending) => {
      await databases.portal.kysely
        .updateTable('api_version')
        .set({ gone_after_sunset: ending.isGoneAfterSunset ? 1 : 0, brown_outs: storeBrownOuts(ending) })
        .where('version', '=', version)
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
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const message = await new Promise<{ verifierPort: number; gatewayPort: number }>((resolve, reject) => {
    child.once('message', (ready) => resolve(ready as { verifierPort: number; gatewayPort: number }));
    child.once('exit', (code) => reject(new Error(`the verifier ended with ${String(code)}: ${said}`)));
  });
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
