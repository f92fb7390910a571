import type { Generated } from 'kysely';

/** The part of the portal's database that is about who acts together, what they own, and who is asked to join. */
export interface TeamTables {
  team: {
    id: string;
    name: string;
    created_at_ms: number;
    /** By an owner: every key of the team is refused. */
    suspended_at_ms: number | null;
    /** What the owner wrote; null while it is not suspended. */
    suspend_message: string | null;
    /** It has no members and no applications any more; its audit entries stay. */
    deleted_at_ms: number | null;
  };
  team_member: {
    team_id: string;
    account_id: string;
    role: 'admin' | 'manager' | 'viewer';
    joined_at_ms: Generated<number>;
  };
  application: {
    id: string;
    team_id: string;
    name: string;
    description: string;
    created_at_ms: number;
    deleted_at_ms: number | null;
    /** Whether its team gets mails about quotas. */
    quota_mail: Generated<number>;
    /** By an owner: every key of it is refused. */
    suspended_at_ms: number | null;
    suspend_message: string | null;
  };
  invitation: {
    id: string;
    /** null: to become an owner. */
    team_id: string | null;
    email: string;
    /** As that of an account: the invitation is for whoever has this address. */
    email_normalized: string;
    role: 'admin' | 'manager' | 'viewer' | 'owner';
    invited_by: string;
    /** HMAC-SHA-256, hex, of the token in the newest mail; null before it is written. */
    token_hash: string | null;
    created_at_ms: number;
    expires_at_ms: number;
    /** Accepted, declined or withdrawn: the audit log says which. */
    ended_at_ms: number | null;
  };
}
