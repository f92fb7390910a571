import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';

/** What there is about one account, section by section. No column that opens something is ever read. */
export interface AccountDataStore {
  /** Name of a section -> its rows, as they stand. */
  sections(accountId: string): Promise<Record<string, readonly object[]>>;
  /** Entries of the audit log that the account made or that are about it, oldest first, after `afterSequence`. */
  auditEntries(accountId: string, afterSequence: number, limit: number): Promise<readonly DataAuditEntry[]>;
}

export interface DataAuditEntry {
  sequence: number;
  at_ms: number;
  actor: string;
  action: string;
  subject: string;
  team_id: string | null;
  details: string;
}

export function createAccountDataStore({ kysely }: Database<PortalSchema>): AccountDataStore {
  return {
    sections: async (accountId) => ({
      account: await kysely
        .selectFrom('account')
        .select(['id', 'email', 'role', 'email_verified_at_ms', 'suspended_at_ms', 'suspend_message'])
        .select(['created_at_ms', 'deletion_asked_at_ms'])
        .where('id', '=', accountId)
        .execute(),
      sessions: await kysely
        .selectFrom('session')
        .select(['created_at_ms', 'last_used_at_ms', 'expires_at_ms', 'user_agent', 'address'])
        .where('account_id', '=', accountId)
        .orderBy('created_at_ms')
        .execute(),
      accessTokens: await kysely
        .selectFrom('access_token')
        .select(['id', 'name', 'scopes', 'created_at_ms', 'expires_at_ms', 'revoked_at_ms'])
        .select(['last_used_at_ms', 'last_used_address'])
        .where('account_id', '=', accountId)
        .orderBy('created_at_ms')
        .execute(),
      passkeys: await kysely
        .selectFrom('passkey')
        .select(['id', 'name', 'is_backed_up', 'counter', 'created_at_ms', 'last_used_at_ms'])
        .where('account_id', '=', accountId)
        .orderBy('created_at_ms')
        .execute(),
      connectedAccounts: await kysely
        .selectFrom('linked_identity')
        .select(['provider', 'issuer', 'subject', 'label', 'created_at_ms', 'last_used_at_ms'])
        .where('account_id', '=', accountId)
        .orderBy('created_at_ms')
        .execute(),
      authenticatorApps: await kysely
        .selectFrom('totp_factor')
        .select(['created_at_ms', 'confirmed_at_ms'])
        .where('account_id', '=', accountId)
        .execute(),
      passkeysAsSecondStep: await kysely
        .selectFrom('passkey_step')
        .select('turned_on_at_ms')
        .where('account_id', '=', accountId)
        .execute(),
      emailChanges: await kysely
        .selectFrom('email_change')
        .select(['email', 'requested_at_ms'])
        .where('account_id', '=', accountId)
        .execute(),
      mailPreferences: await kysely
        .selectFrom('notice_preference')
        .select(['mail', 'changed_at_ms'])
        .where('account_id', '=', accountId)
        .execute(),
      noticesRead: await kysely
        .selectFrom('notice_reading')
        .select(['notice_slug', 'read_at_ms'])
        .where('account_id', '=', accountId)
        .orderBy('read_at_ms')
        .execute(),
      noticesMailed: await kysely
        .selectFrom('notice_delivery')
        .select(['notice_slug', 'manner', 'created_at_ms'])
        .where('account_id', '=', accountId)
        .orderBy('created_at_ms')
        .execute(),
      teams: await kysely
        .selectFrom('team_member')
        .innerJoin('team', 'team.id', 'team_member.team_id')
        .select(['team.id', 'team.name', 'team_member.role', 'team_member.joined_at_ms'])
        .where('team_member.account_id', '=', accountId)
        .orderBy('team.id')
        .execute(),
      keysIssued: await kysely
        .selectFrom('api_key')
        .select(['id', 'application_id', 'name', 'environment', 'first_four', 'last_four'])
        .select(['created_at_ms', 'expires_at_ms', 'revoked_at_ms'])
        .where('created_by_account_id', '=', accountId)
        .orderBy('created_at_ms')
        .execute(),
    }),
    auditEntries: (accountId, afterSequence, limit) =>
      kysely
        .selectFrom('audit_entry')
        .select(['sequence', 'at_ms', 'actor', 'action', 'subject', 'team_id', 'details'])
        .where('sequence', '>', afterSequence)
        .where((where) => where.or([where('actor', '=', accountId), where('subject', '=', accountId)]))
        .orderBy('sequence')
        .limit(limit)
        .execute(),
  };
}
