import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { allows } from '../teams/role.ts';
import { lockTeam, roleOf } from '../teams/team-row.ts';

export interface ApplicationMove {
  applicationId: string;
  name: string;
  fromTeamId: string;
  toTeamId: string;
  /** Most applications of one team. */
  limit: number;
  byAccountId: string;
  nowMs: number;
}

export interface ApplicationMoveStore {
  /**
   * One step with an audit entry in both teams. Both teams are locked, and the actor's roles are looked at under the
   * lock: who lost one a moment ago moves nothing. `gone` also when it was moved meanwhile.
   */
  move(move: ApplicationMove): Promise<'moved' | 'full' | 'gone'>;
}

export function createApplicationMoveStore({ kysely }: Database<PortalSchema>, random: Random): ApplicationMoveStore {
  return { move: (move) => kysely.transaction().execute((transaction) => moveBetween(transaction, move, random)) };
}

async function moveBetween(
  transaction: Transaction<PortalSchema>,
  move: ApplicationMove,
  random: Random,
): Promise<'moved' | 'full' | 'gone'> {
  const { applicationId, name, fromTeamId, toTeamId, limit, byAccountId, nowMs } = move;
  // In one order, so that two moves in opposite directions do not wait for each other.
  for (const teamId of [fromTeamId, toTeamId].sort()) {
    if (!(await lockForManager(transaction, teamId, byAccountId))) return 'gone';
  }
  const { count } = await transaction
    .selectFrom('application')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('team_id', '=', toTeamId)
    .where('deleted_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  if (count >= limit) return 'full';
  const row = await transaction
    .updateTable('application')
    .set({ team_id: toTeamId })
    .where('id', '=', applicationId)
    .where('team_id', '=', fromTeamId)
    .where('deleted_at_ms', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!row) return 'gone';
  const entry = { atMs: nowMs, actor: byAccountId, action: 'application.moved', subject: applicationId };
  for (const teamId of [fromTeamId, toTeamId]) {
    await appendAudit(transaction, { ...entry, teamId, details: { name, fromTeamId, toTeamId } });
  }
  const about = { teamId: null, teamIds: [fromTeamId, toTeamId], applicationId, atMs: nowMs };
  const payload = { ...about, type: 'application.moved', data: { fromTeamId, toTeamId } } as const;
  await enqueue(transaction, { kind: 'event', payload, random, nowMs });
  return 'moved';
}

/** Holds the team, and says whether this account may change its applications at this moment. */
async function lockForManager(
  transaction: Transaction<PortalSchema>,
  teamId: string,
  accountId: string,
): Promise<boolean> {
  if (!(await lockTeam(transaction, teamId))) return false;
  return allows(await roleOf(transaction, teamId, accountId), 'manage');
}
