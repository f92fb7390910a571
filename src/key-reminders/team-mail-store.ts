import type { Transaction } from 'kysely';

import { type OutboxKind, type OutboxPayloads, enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';

export type KeyMailKind = Extract<OutboxKind, `mail.key${string}`>;

export interface TeamMail<Kind extends KeyMailKind> {
  teamId: string;
  /** Who did it needs no mail about it. */
  except: string | null;
  kind: Kind;
  payloadFor: (accountId: string) => OutboxPayloads[Kind];
  random: Random;
  nowMs: number;
}

/**
 * Queues one mail for each member of a team who can act on it, in the transaction of the change it tells of.
 * Addresses that were never verified get none: they may be somebody else's.
 */
export async function mailTeam<Kind extends KeyMailKind>(
  transaction: Transaction<PortalSchema>,
  mail: TeamMail<Kind>,
): Promise<void> {
  const members = await transaction
    .selectFrom('team_member')
    .innerJoin('account', 'account.id', 'team_member.account_id')
    .select('account.id')
    .where('team_member.team_id', '=', mail.teamId)
    .where('team_member.role', '!=', 'viewer')
    .where('account.email_verified_at_ms', 'is not', null)
    .where('account.suspended_at_ms', 'is', null)
    .orderBy('account.id')
    .execute();
  for (const { id } of members.filter((member) => member.id !== mail.except)) {
    const { kind, random, nowMs } = mail;
    await enqueue(transaction, { kind, payload: mail.payloadFor(id), random, nowMs });
  }
}
