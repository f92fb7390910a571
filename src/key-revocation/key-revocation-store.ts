import { type Transaction, sql } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { ApiKey } from '../keys/api-key.ts';
import { tellOfKey } from '../keys/key-event-store.ts';
import { lockApplication, notExpiredAt, toApiKey } from '../keys/key-row.ts';
import { mailTeam } from '../key-reminders/team-mail-store.ts';

export interface KeyRevocationStore {
  /**
   * Revokes every key that has not ended, of one application or of all applications of a team, with an audit entry for
   * each and a mail to the rest of the team, in one transaction. What is issued or rotated meanwhile waits.
   */
  revokeAll(revocation: Revocation, random: Random): Promise<readonly ApiKey[]>;
}

export interface Revocation {
  teamId: string;
  /** null: all applications of the team. */
  applicationId: string | null;
  reason: string;
  /** Account id. */
  actor: string;
  nowMs: number;
}

export function createKeyRevocationStore({ kysely }: Database<PortalSchema>): KeyRevocationStore {
  return {
    revokeAll: (revocation, random) =>
      kysely.transaction().execute(async (transaction) => {
        const keys: ApiKey[] = [];
        for (const applicationId of await lockApplications(transaction, revocation)) {
          keys.push(...(await revokeKeysOf(transaction, applicationId, revocation, random)));
        }
        if (keys.length > 0) await tell(transaction, revocation, keys.length, random);
        return keys;
      }),
  };
}

async function lockApplications(
  transaction: Transaction<PortalSchema>,
  { teamId, applicationId }: Revocation,
): Promise<string[]> {
  if (applicationId !== null) return (await lockApplication(transaction, applicationId)) ? [applicationId] : [];
  // The team first: two revocations of a team would otherwise wait for each other's applications. Id order, likewise.
  await transaction
    .updateTable('team')
    .set({ name: sql.ref('name') })
    .where('id', '=', teamId)
    .execute();
  const rows = await transaction
    .selectFrom('application')
    .select('id')
    .where('team_id', '=', teamId)
    .where('deleted_at_ms', 'is', null)
    .orderBy('id')
    .execute();
  for (const { id } of rows) await lockApplication(transaction, id);
  return rows.map(({ id }) => id);
}

async function revokeKeysOf(
  transaction: Transaction<PortalSchema>,
  applicationId: string,
  { teamId, reason, actor, nowMs, applicationId: asked }: Revocation,
  random: Random,
): Promise<ApiKey[]> {
  const rows = await transaction
    .updateTable('api_key')
    .set({ revoked_at_ms: nowMs, revoke_reason: reason })
    .where('application_id', '=', applicationId)
    .where('revoked_at_ms', 'is', null)
    .where(notExpiredAt(nowMs))
    .returningAll()
    .execute();
  const details = { reason, all: asked === null ? 'keys of the team' : 'keys of the application' };
  const keys = rows.map(toApiKey);
  for (const key of keys) {
    const entry = { atMs: nowMs, actor, action: 'key.revoked', subject: key.id, teamId, details };
    await appendAudit(transaction, entry);
    await tellOfKey(transaction, key, 'key.revoked', { reason }, entry, random);
  }
  return keys;
}

function tell(
  transaction: Transaction<PortalSchema>,
  { teamId, applicationId, reason, actor, nowMs }: Revocation,
  keys: number,
  random: Random,
): Promise<void> {
  const payloadFor = (accountId: string) => ({ accountId, teamId, applicationId, keys, reason });
  return mailTeam(transaction, { teamId, except: actor, kind: 'mail.keys_revoked', payloadFor, random, nowMs });
}
