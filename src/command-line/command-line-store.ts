import type { Selectable, Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { AccessScope } from '../access-tokens/access-token.ts';
import type { Allowance } from '../accounts/allowance.ts';
import { takeAllowances } from '../accounts/allowance-store.ts';
import type { CommandLineGrant, CommandLineSignIn } from './command-line-sign-in.ts';

export interface NewCommandLineSignIn extends CommandLineSignIn {
  deviceCodeHash: string;
  userCodeHash: string;
}

export interface PolledSignIn {
  signIn: CommandLineSignIn;
  /** Of the poll before; the beginning when there was none. */
  polledBeforeMs: number;
  decision: 'none' | 'refused' | CommandLineGrant;
}

export interface CommandLineStore {
  /** Adds it and forgets those that have expired; returns the milliseconds to wait instead when there were too many. */
  begin(signIn: NewCommandLineSignIn, allowance: Allowance): Promise<number>;
  /** What waits for a decision under this code; null for none, decided or expired. */
  findOpen(userCodeHash: string, nowMs: number): Promise<CommandLineSignIn | null>;
  /** False when somebody has decided before, or it has expired. With the audit entry in one transaction. */
  decideIfOpen(id: string, grant: CommandLineGrant | null, audit: AuditRecord): Promise<boolean>;
  /** Remembers that the program asked; null for an unknown code or one that has expired. */
  poll(deviceCodeHash: string, nowMs: number): Promise<PolledSignIn | null>;
}

type Row = Selectable<PortalSchema['command_line_sign_in']>;

export function createCommandLineStore({ kysely }: Database<PortalSchema>): CommandLineStore {
  return {
    begin: (signIn, allowance) =>
      kysely.transaction().execute(async (transaction) => {
        const waitMs = await takeAllowances(transaction, [allowance], signIn.createdAtMs);
        if (waitMs > 0) return waitMs;
        await transaction.deleteFrom('command_line_sign_in').where('expires_at_ms', '<=', signIn.createdAtMs).execute();
        await transaction.insertInto('command_line_sign_in').values(toRow(signIn)).execute();
        return 0;
      }),
    async findOpen(userCodeHash, nowMs) {
      const row = await kysely
        .selectFrom('command_line_sign_in')
        .selectAll()
        .where('user_code_hash', '=', userCodeHash)
        .where('decided_at_ms', 'is', null)
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      return row ? toSignIn(row) : null;
    },
    decideIfOpen: (id, grant, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const decided = await transaction
          .updateTable('command_line_sign_in')
          .set({
            decided_at_ms: audit.atMs,
            account_id: grant?.accountId ?? null,
            token_name: grant?.name ?? null,
            scopes: grant?.scopes.join(' ') ?? null,
            expires_in_days: grant?.expiresInDays ?? null,
          })
          .where('id', '=', id)
          .where('decided_at_ms', 'is', null)
          .where('expires_at_ms', '>', audit.atMs)
          .returning('id')
          .executeTakeFirst();
        if (!decided) return false;
        await appendAudit(transaction, audit);
        return true;
      }),
    poll: (deviceCodeHash, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await transaction
          .selectFrom('command_line_sign_in')
          .selectAll()
          .where('device_code_hash', '=', deviceCodeHash)
          .where('expires_at_ms', '>', nowMs)
          .executeTakeFirst();
        if (!row) return null;
        await transaction
          .updateTable('command_line_sign_in')
          .set({ polled_at_ms: nowMs })
          .where('id', '=', row.id)
          .execute();
        return { signIn: toSignIn(row), polledBeforeMs: row.polled_at_ms, decision: decisionOf(row) };
      }),
  };
}

/** Takes back what an account has allowed and no program has collected, in the caller's transaction. */
export async function withdrawCommandLineGrants(
  transaction: Transaction<PortalSchema>,
  accountId: string,
): Promise<void> {
  await transaction.deleteFrom('command_line_sign_in').where('account_id', '=', accountId).execute();
}

function decisionOf(row: Row): PolledSignIn['decision'] {
  const { account_id: accountId, token_name: name, scopes, expires_in_days: expiresInDays } = row;
  if (row.decided_at_ms === null) return 'none';
  if (accountId === null || name === null || scopes === null || expiresInDays === null) return 'refused';
  return { accountId, name, scopes: toScopes(scopes), expiresInDays };
}

function toRow(signIn: NewCommandLineSignIn): Row {
  return {
    id: signIn.id,
    device_code_hash: signIn.deviceCodeHash,
    user_code_hash: signIn.userCodeHash,
    device_name: signIn.deviceName,
    address: signIn.address,
    wanted_scopes: signIn.wantedScopes.join(' '),
    created_at_ms: signIn.createdAtMs,
    expires_at_ms: signIn.expiresAtMs,
    polled_at_ms: signIn.createdAtMs,
    decided_at_ms: null,
    account_id: null,
    token_name: null,
    scopes: null,
    expires_in_days: null,
  };
}

function toSignIn(row: Row): CommandLineSignIn {
  return {
    id: row.id,
    deviceName: row.device_name,
    address: row.address,
    wantedScopes: toScopes(row.wanted_scopes),
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}

function toScopes(text: string): AccessScope[] {
  return text === '' ? [] : (text.split(' ') as AccessScope[]);
}
