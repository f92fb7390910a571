import { timingSafeEqual } from 'node:crypto';

import type { Transaction, Updateable } from 'kysely';

import { ownedBy } from '../applications/application-store.ts';
import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { type Random, systemRandom } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { ApiKey } from './api-key.ts';
import { tellOfKey } from './key-event-store.ts';
import { type NewKey, countKeys, findByRequest, lockApplication, notExpiredAt, toApiKey, toRow } from './key-row.ts';

/** Reads take the actor's teams, so that another team's key cannot be told from an absent one. */
export interface KeyStore {
  /** Newest first. */
  list(teamIds: readonly string[], applicationId: string): Promise<readonly ApiKey[]>;
  find(teamIds: readonly string[], applicationId: string, keyId: string): Promise<ApiKey | null>;
  findByTokenHash(tokenHash: Uint8Array): Promise<ApiKey | null>;
  /** Whoever's it is: for owners, and for mails to its team. null when its application was deleted. */
  findWithTeam(keyId: string): Promise<KeyOfTeam | null>;
  /** Adds a key unless its application is gone, its request made a key before, or `limit` keys have not ended. */
  addUnlessFull(key: NewKey, limit: number, audit: AuditRecord): Promise<AddKeyOutcome>;
  /** null when the key was revoked or has expired at `audit.atMs`; then nothing is written. */
  renameUnlessEnded(keyId: string, name: string, audit: AuditRecord): Promise<ApiKey | null>;
  scheduleUnlessEnded(keyId: string, rotationIntervalDays: number | null, audit: AuditRecord): Promise<ApiKey | null>;
  /** null when the key was revoked before: the first revocation is the one that stays. */
  revokeUnlessRevoked(keyId: string, reason: string | null, audit: AuditRecord): Promise<ApiKey | null>;
}

export interface KeyOfTeam {
  key: ApiKey;
  teamId: string;
  teamName: string;
  applicationName: string;
}

export type AddKeyOutcome =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'too_many_keys' }
  | { ok: false; reason: 'already_issued'; keyId: string };

type KeyChange = Updateable<PortalSchema['api_key']>;

interface Change {
  evenIfExpired?: boolean;
  /** Queues the event of the change. */
  tell?: (transaction: Transaction<PortalSchema>, key: ApiKey) => Promise<void>;
}

export function createKeyStore(database: Database<PortalSchema>, random: Random = systemRandom): KeyStore {
  const { kysely } = database;
  const owned = (teamIds: readonly string[], applicationId: string) =>
    kysely
      .selectFrom('api_key')
      .innerJoin('application', 'application.id', 'api_key.application_id')
      .selectAll('api_key')
      .where(ownedBy(teamIds))
      .where('application.deleted_at_ms', 'is', null)
      .where('application_id', '=', applicationId);
  const change = (keyId: string, values: KeyChange, audit: AuditRecord, { evenIfExpired = false, tell }: Change = {}) =>
    kysely.transaction().execute(async (transaction) => {
      const key = await changeKey(transaction, keyId, values, audit, evenIfExpired);
      if (key) await tell?.(transaction, key);
      return key;
    });
  return {
    async list(teamIds, applicationId) {
      const rows = await owned(teamIds, applicationId)
        .orderBy('api_key.created_at_ms', 'desc')
        .orderBy('api_key.id')
        .execute();
      return rows.map(toApiKey);
    },
    async find(teamIds, applicationId, keyId) {
      const row = await owned(teamIds, applicationId).where('api_key.id', '=', keyId).executeTakeFirst();
      return row ? toApiKey(row) : null;
    },
    async findByTokenHash(tokenHash) {
      const row = await kysely.selectFrom('api_key').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
      return row && timingSafeEqual(row.token_hash, tokenHash) ? toApiKey(row) : null;
    },
    async findWithTeam(keyId) {
      const row = await kysely
        .selectFrom('api_key')
        .innerJoin('application', 'application.id', 'api_key.application_id')
        .innerJoin('team', 'team.id', 'application.team_id')
        .selectAll('api_key')
        .select(['application.team_id', 'application.name as application_name', 'team.name as team_name'])
        .where('api_key.id', '=', keyId)
        .where('application.deleted_at_ms', 'is', null)
        .executeTakeFirst();
      if (!row) return null;
      const { team_id: teamId, team_name: teamName, application_name: applicationName } = row;
      return { key: toApiKey(row), teamId, teamName, applicationName };
    },
    addUnlessFull: (newKey, limit, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const refusal = await refusalOf(transaction, newKey, limit, audit.atMs);
        if (refusal) return refusal;
        await transaction.insertInto('api_key').values(toRow(newKey)).execute();
        await appendAudit(transaction, audit);
        const { expiresAtMs } = newKey.key;
        await tellOfKey(transaction, newKey.key, 'key.issued', { expiresAtMs, replacesKeyId: null }, audit, random);
        return { ok: true };
      }),
    renameUnlessEnded: (keyId, name, audit) => change(keyId, { name }, audit),
    scheduleUnlessEnded: (keyId, rotationIntervalDays, audit) =>
      change(keyId, { rotation_interval_days: rotationIntervalDays }, audit),
    revokeUnlessRevoked: (keyId, reason, audit) =>
      change(keyId, { revoked_at_ms: audit.atMs, revoke_reason: reason }, audit, {
        evenIfExpired: true,
        tell: (transaction, key) => tellOfKey(transaction, key, 'key.revoked', { reason }, audit, random),
      }),
  };
}

/** Why a key cannot be added; takes the application's lock first, so that the limit is exact in parallel. */
async function refusalOf(
  transaction: Transaction<PortalSchema>,
  { key, requestId }: NewKey,
  limit: number,
  nowMs: number,
): Promise<Exclude<AddKeyOutcome, { ok: true }> | null> {
  if (!(await lockApplication(transaction, key.applicationId))) return { ok: false, reason: 'not_found' };
  const keyId = await findByRequest(transaction, key.applicationId, requestId);
  if (keyId !== null) return { ok: false, reason: 'already_issued', keyId };
  // A key in its overlap takes no place: its successor does, or a full application could not rotate.
  const count = await countKeys(transaction, key.applicationId, 'unreplaced', nowMs);
  return count >= limit ? { ok: false, reason: 'too_many_keys' } : null;
}

async function changeKey(
  transaction: Transaction<PortalSchema>,
  keyId: string,
  values: KeyChange,
  audit: AuditRecord,
  evenIfExpired: boolean,
): Promise<ApiKey | null> {
  const unrevoked = transaction
    .updateTable('api_key')
    .set(values)
    .where('id', '=', keyId)
    .where('revoked_at_ms', 'is', null);
  const changeable = evenIfExpired ? unrevoked : unrevoked.where(notExpiredAt(audit.atMs));
  const row = await changeable.returningAll().executeTakeFirst();
  if (!row) return null;
  await appendAudit(transaction, audit);
  return toApiKey(row);
}
