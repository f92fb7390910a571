import type { Generated } from 'kysely';

import type { AccountTables } from './account-tables.ts';

/**
 * The rows of both databases as the program sees them. Times are milliseconds since the Unix epoch, flags 0 or 1,
 * JSON is text. `db/migrations/` creates the tables; `tests/platform/schema.test.ts` compares the two.
 */
export interface PortalSchema extends AccountTables {
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
    /** Its address below the version, such as `create-parcel`. */
    slug: Generated<string>;
  };
  /** The canonical document in pieces, so that no page reads all of it. */
  document_part: {
    api_slug: string;
    version: string;
    /** JSON pointer (RFC 6901), such as `/components/schemas/Parcel`; '' for the rest. */
    pointer: string;
    kind: 'root' | 'path' | 'operation' | 'webhook' | 'schema' | 'component';
    /** Its address below `schemas/` or `webhooks/`; '' if it has no page of its own. */
    slug: string;
    json: string;
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
    overlap_max_days: Generated<number>;
    /** null: the plan asks for none. */
    rotation_interval_days: number | null;
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
    suspend_reason: string | null;
    /** The successor after a rotation; `expires_at_ms` is then the end of the overlap. */
    replaced_by_key_id: string | null;
    replaced_at_ms: number | null;
    /** The expiry before the rotation: the overlap never outlives it. */
    former_expires_at_ms: number | null;
    /** The developer's own; the plan's may be stricter. */
    rotation_interval_days: number | null;
  };
  /** Reminders that were sent: each once for a due time. */
  key_reminder: {
    key_id: string;
    event: 'expiry' | 'rotation';
    due_at_ms: number;
    /** Days before; 0 when due. */
    days: number;
    sent_at_ms: number;
  };
  /** One row: notices that were there at the first look are known and not mailed. */
  notice_watch: { id: number; first_looked_at_ms: number };
  /** Each wording of each notice that was seen published. A new wording has a new `updated`. */
  notice_publication: {
    notice_slug: string;
    revision_at_ms: number;
    seen_at_ms: number;
    /** When all it concerns had been told; null while that is under way. */
    announced_at_ms: number | null;
    reminded_at_ms: number | null;
  };
  /** A wording is mailed to an account once. */
  notice_delivery: {
    notice_slug: string;
    revision_at_ms: number;
    account_id: string;
    manner: 'immediate' | 'digest' | 'none';
    created_at_ms: number;
    /** When its mail went to the outbox; null while it waits, and without mail. */
    queued_at_ms: number | null;
  };
  notice_reading: { notice_slug: string; revision_at_ms: number; account_id: string; read_at_ms: number };
  /** One member acknowledges for the team. */
  notice_acknowledgement: {
    notice_slug: string;
    revision_at_ms: number;
    team_id: string;
    account_id: string;
    acknowledged_at_ms: number;
  };
  /** What an account chose for notices that are no advisories; the digest when it chose nothing. */
  notice_preference: { account_id: string; mail: 'immediate' | 'digest' | 'none'; changed_at_ms: number };
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
