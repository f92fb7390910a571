import type { Generated } from 'kysely';

/**
 * The rows of both databases as the program sees them. Times are milliseconds since the Unix epoch, flags 0 or 1,
 * JSON is text. `db/migrations/` creates the tables; `tests/platform/schema.test.ts` compares the two.
 */
export interface PortalSchema {
  account: {
    id: string;
    email: string;
    /** Lower case, NFKC: one person cannot have two accounts by spelling. */
    email_normalized: string;
    /** argon2id, PHC string. */
    password_hash: string;
    role: 'developer' | 'owner';
    email_verified_at_ms: number | null;
    suspended_at_ms: number | null;
    created_at_ms: number;
  };
  session: {
    /** HMAC-SHA-256 of the cookie value, hex. The value itself is stored nowhere. */
    id: string;
    account_id: string;
    created_at_ms: number;
    expires_at_ms: number;
    user_agent: string;
    address: string;
  };
  /** Links in mails: e-mail verification and the first owner. Only the HMAC of the token is stored. */
  one_time_token: {
    token_hash: string;
    purpose: 'verify_email' | 'first_owner';
    account_id: string | null;
    created_at_ms: number;
    expires_at_ms: number;
    used_at_ms: number | null;
  };
  /** Failed sign-ins per normalised e-mail or address; survives restarts. */
  sign_in_failure: { subject: string; failures: number; last_failed_at_ms: number };
  team: { id: string; name: string; created_at_ms: number };
  team_member: { team_id: string; account_id: string; role: 'admin' | 'manager' | 'viewer' };
  application: {
    id: string;
    team_id: string;
    name: string;
    description: string;
    created_at_ms: number;
    deleted_at_ms: number | null;
  };
  api: { slug: string; title: string; summary: string; removed_at_ms: number | null };
  api_version: {
    api_slug: string;
    version: string;
    lifecycle: 'active' | 'deprecated' | 'retired';
    deprecated_at_ms: number | null;
    sunset_at_ms: number | null;
    /** Where the built-in gateway sends calls that pass. */
    upstream_url: string;
    /** Canonical OpenAPI 3.1 document, JSON. */
    document: string;
    document_sha256: string;
    /** `info.title`, `info.version` and `info.description` of the document: lists show them without parsing megabytes. */
    title: Generated<string>;
    document_version: Generated<string>;
    description: Generated<string>;
    removed_at_ms: number | null;
  };
  operation: {
    api_slug: string;
    version: string;
    operation_id: string;
    /** Upper case. */
    method: string;
    /** OpenAPI path template such as `/parcels/{parcelId}`. */
    path: string;
    summary: string;
    deprecated: number;
    /** Space-separated scopes the document asks for. */
    scopes: string;
    /** First tag; '' if none. */
    tag: Generated<string>;
    /** Order within the document. */
    position: Generated<number>;
  };
  plan: {
    api_slug: string;
    slug: string;
    title: string;
    summary: string;
    /** Space-separated. */
    scopes: string;
    rate_limit: number;
    rate_window_seconds: number;
    quota: number;
    quota_period: 'day' | 'month';
    position: number;
    removed_at_ms: number | null;
  };
  subscription: {
    id: string;
    application_id: string;
    api_slug: string;
    plan_slug: string;
    created_at_ms: number;
    ended_at_ms: number | null;
  };
  api_key: {
    id: string;
    application_id: string;
    name: string;
    environment: 'live' | 'test';
    /** HMAC-SHA-256 of the whole token under the pepper named by pepper_id. */
    token_hash: Uint8Array;
    pepper_id: number;
    first_four: string;
    last_four: string;
    /** JSON array of canonical CIDRs; `[]` means any address. */
    allowlist: string;
    /** The form's request id: a repeated request never makes a second key. */
    request_id: string;
    created_by_account_id: string;
    created_at_ms: number;
    expires_at_ms: number | null;
    suspended_at_ms: number | null;
    revoked_at_ms: number | null;
    revoke_reason: string | null;
  };
  audit_head: { id: number; sequence: number; hash: string };
  audit_entry: {
    sequence: number;
    at_ms: number;
    /** Account id, or `system`. */
    actor: string;
    action: string;
    subject: string;
    team_id: string | null;
    /** JSON; never a secret. */
    details: string;
    previous_hash: string;
    hash: string;
  };
  /** Work that must happen after a commit: mails now, webhooks later. Holds no secret. */
  outbox: {
    id: string;
    kind: string;
    payload: string;
    created_at_ms: number;
    available_at_ms: number;
    attempts: number;
    last_error: string | null;
    done_at_ms: number | null;
  };
}

/** The usage database, written by the verifier only (on PostgreSQL: tables of the same database). */
export interface UsageSchema {
  quota_usage: { subscription_id: string; window_start_ms: number; used: number };
  /** Calls by hour. `verdict` is `allowed` or the code of the refusal. `operation_id` is '' when no operation matched. */
  call_count: {
    hour_start_ms: number;
    application_id: string;
    key_id: string;
    api_slug: string;
    version: string;
    operation_id: string;
    verdict: string;
    calls: number;
  };
  key_activity: {
    key_id: string;
    application_id: string;
    last_called_at_ms: number;
    last_address: string;
    last_verdict: string;
    /** When the whole token was last seen in a query string (yardstick A25); null if never. */
    leaked_in_query_at_ms: number | null;
  };
}
