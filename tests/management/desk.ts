import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Insertable } from 'kysely';

import type { AccessScope, AccessToken } from '../../src/access-tokens/access-token.ts';
import { accessScopes, isOwnerScope } from '../../src/access-tokens/access-token.ts';
import type { Actor } from '../../src/accounts/account.ts';
import { composePortal } from '../../src/composition/compose-portal.ts';
import { answerCall } from '../../src/management/answer-call.ts';
import { readConfig } from '../../src/settings/config.ts';
import { type DialectName, openDatabase } from '../../src/database/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { blockStart, dayColumn } from '../../src/usage/caller-days.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import { addActor } from '../applications/cast.ts';
import { openTestDatabase } from '../support/databases.ts';
import { TYK_SECRET, startFakeTyk } from '../tyk/fake-tyk.ts';
import { documentMistakes } from './document-check.ts';

export const PUBLIC_URL = 'https://developers.example';
export const ORIGIN = { address: '203.0.113.7', userAgent: 'curl/8' };
const secret = (name: string): string => `${name} of more than thirty-two characters`;

export interface ApiRequest {
  method?: string;
  /** Below /api/v1. */
  path: string;
  token?: string | null | undefined;
  /** Written as JSON; a string is sent as it is. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed; undefined when there is no body. */
  body: Record<string, unknown>;
}

/** The management API on a real database, with everything behind it; every answer is compared with the document. */
export async function openDesk(dialect: DialectName = 'sqlite') {
  const test = await openTestDatabase(dialect);
  const tyk = await startFakeTyk(Date.now());
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-desk-'));
  const config = readConfig(
    {
      DATABASE_URL: test.url,
      DATA_DIR: dataDir,
      PUBLIC_URL,
      WEBHOOK_ALLOW_PRIVATE: 'yes',
      KEY_PEPPER: secret('pepper'),
      SESSION_SECRET: secret('session secret'),
      GATEWAY_SECRET: secret('gateway secret'),
      TYK_URL: tyk.url,
      TYK_SECRET,
      TYK_ORG_ID: 'portal',
      TYK_APIS: 'parcels=api1',
    },
    'demo',
  );
  if (!config.ok) throw new Error(config.errors.join('\n'));
  const { usageDatabaseUrl } = config.config;
  const composed = await composePortal(config.config, createLog('test', 'silent'));
  const { portal } = composed;
  const { kysely } = test.database;

  async function call({ method = 'GET', path, token, body, headers = {} }: ApiRequest): Promise<ApiAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request = new Request(`${PUBLIC_URL}/api/v1${path}`, {
      method,
      headers: {
        ...(token != null && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: text }),
    });
    const response = await answerCall(portal, request, ORIGIN);
    const answered = await response.text();
    const mistakes = documentMistakes(method, path, response, answered);
    if (mistakes.length > 0) throw new Error(`${method} ${path} ${response.status}: ${mistakes.join('; ')}`);
    const parsed = (answered === '' ? undefined : JSON.parse(answered)) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, text: answered, body: parsed };
  }

  async function addPerson(name: string, role: Actor['role'] = 'developer'): Promise<Actor> {
    const actor = await addActor(test.database, name, { role });
    await kysely.updateTable('account').set({ role }).where('id', '=', actor.accountId).execute();
    return actor;
  }

  async function addToken(
    actor: Actor,
    scopes: readonly AccessScope[] = allScopes(actor),
  ): Promise<{ token: string; accessToken: AccessToken }> {
    const request = { name: 'Script', scopes, expiresInDays: 90, requestId: newId(systemRandom, 'req') };
    const result = await portal.accessTokens.create(actor, request, ORIGIN);
    if (!result.ok) throw new Error(result.reason);
    return result;
  }

  async function addApplication(actor: Actor, name = 'Depot'): Promise<string> {
    const result = await portal.applications.create(actor, { name, description: '' });
    if (!result.ok) throw new Error(result.reason);
    return result.application.id;
  }

  async function addKey(actor: Actor, applicationId: string): Promise<{ keyId: string; token: string }> {
    const request = { name: 'CI', environment: 'test' as const, expiresAtMs: null, allowlist: [] };
    const requestId = newId(systemRandom, 'req');
    const result = await portal.keys.issue(actor, applicationId, { ...request, requestId });
    if (!result.ok) throw new Error(result.reason);
    await portal.keys.confirm(actor, applicationId, result.key.id);
    return { keyId: result.key.id, token: result.token };
  }

  /** As the verifier counts it. */
  async function addCall(applicationId: string, keyId: string): Promise<void> {
    const usage = openDatabase<UsageSchema>({ url: usageDatabaseUrl });
    const nowMs = portal.nowMs();
    const who = { application_id: applicationId, key_id: keyId, api_slug: 'parcels', version: 'v2' };
    const operation = { ...who, operation_id: 'listParcels' };
    const row = { ...operation, verdict: 'allowed', calls: 1 };
    const grains = [['hour', 3_600_000] as const, ['day', 86_400_000] as const];
    const rows = grains.map(([grain, ms]) => ({ ...row, grain, start_ms: nowMs - (nowMs % ms) }));
    await usage.kysely
      .insertInto('call_total')
      .values(rows as unknown as Insertable<UsageSchema['call_total']>[])
      .execute();
    await usage.kysely
      .insertInto('api_caller')
      .values({ ...operation, block_start_ms: blockStart(nowMs), [dayColumn(nowMs)]: 1 })
      .execute();
    await usage.close();
  }

  return {
    portal: portal,
    addCall,
    kysely,
    call,
    addPerson,
    addToken,
    addApplication,
    addKey,
    async close(): Promise<void> {
      await composed.close();
      await test.close();
      await tyk.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** The highest level of everything that the account can have. */
function allScopes({ role }: Actor): AccessScope[] {
  const highest: AccessScope[] = [
    'applications:write',
    'keys:widen',
    'usage:read',
    'notices:write',
    'webhooks:write',
    'teams:write',
    'audit:read',
    'documents:write',
    'owner:write',
  ];
  return highest.filter((scope) => accessScopes.includes(scope) && (role === 'owner' || !isOwnerScope(scope)));
}
