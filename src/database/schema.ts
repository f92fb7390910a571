import type { Generated } from 'kysely';

import type { AccountTables } from './account-tables.ts';
import type { FeedbackTables } from './feedback-tables.ts';
import type { PlanTables } from './plan-tables.ts';
import type { PolicyTables } from './policy-tables.ts';
import type { PublishingTables } from './publishing-tables.ts';
import type { SignInTables } from './sign-in-tables.ts';
import type { TeamTables } from './team-tables.ts';
import type { TykTables } from './tyk-tables.ts';
import type { WebhookTables } from './webhook-tables.ts';
import type { WrittenNoticeTables } from './written-notice-tables.ts';

/**
 * The rows of both databases as the program sees them. Times are milliseconds since the Unix epoch, flags 0 or 1,
 * JSON is text. `db/migrations/` creates the tables.
 */
export interface PortalSchema
  extends
    AccountTables,
    TeamTables,
    PlanTables,
    WebhookTables,
    TykTables,
    PolicyTables,
    SignInTables,
    FeedbackTables,
    PublishingTables,
    WrittenNoticeTables {
  api: { slug: string; title: string; summary: string; removed_at_ms: number | null };
  api_version: {
    api_slug: string;
    version: string;
    lifecycle: 'active' | 'deprecated' | 'retired';
    deprecated_at_ms: number | null;
    sunset_at_ms: number | null;
    /** Where the built-in gateway sends calls that pass. */
    upstream_url: string;
    /** Canonical OpenAPI 3.1 or 3.2 document, JSON. */
    document: string;
    document_sha256: string;
    /** `info.title`, `info.version` and `info.description` of the document: lists show them without parsing megabytes. */
    title: Generated<string>;
    document_version: Generated<string>;
    description: Generated<string>;
    removed_at_ms: number | null;
    /** Calls are refused from the sunset on. */
    gone_after_sunset: Generated<number>;
    /** JSON array of pairs of times between which calls are refused. */
    brown_outs: Generated<string>;
    /** The notice that tells of its end; null when none does. */
    notice_slug: string | null;
    /** 1: lifecycle and dates are those of the notice; the file says active. */
    dated_by_notice: Generated<number>;
    /** JSON array of operations that end alone: id, dates, and the notice that tells of it. */
    operation_ends: Generated<string>;
    /** Of the file's document when it was last published; null for a version whose document is pushed. */
    file_sha256: string | null;
    /** Of the reader and the text that `file_sha256` came from; null: the file is read again. */
    file_reading: string | null;
    /** Number of the revision that readers see; 0 for none. */
    published_revision: Generated<number>;
    /** Its document is pushed, and nothing was published yet: the version is not listed (`removed_at_ms`). */
    awaits_document: Generated<number>;
  };
  operation: {
    api_slug: string;
    version: string;
    operation_id: string;
    /** As it is sent: upper case, unless OpenAPI 3.2 names one that is not. */
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
    /** What one call costs, from `x-gatehouse-cost`. */
    cost: Generated<number>;
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
    /** JSON object: canonical CIDR -> note. For people; the verifier does not read it. */
    allowlist_notes: Generated<string>;
    /** JSON object with those of `scopes`, `methods`, `operations`, `referrers` that restrict; `{}` for none. */
    restrictions: Generated<string>;
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
    /** The first key of its chain of rotations; null: the key itself. Limits per key are counted for it. */
    lineage_id: string | null;
    replaced_at_ms: number | null;
    /** The expiry before the rotation: the overlap never outlives it. */
    former_expires_at_ms: number | null;
    /** The developer's own; the plan's may be stricter. */
    rotation_interval_days: number | null;
    /** Since when the token waits for somebody to say that it arrived; null once that is known. */
    unconfirmed_since_ms: number | null;
    /** `dormancy`: the developer may resume it. null while not suspended, and for what only owners resume. */
    suspend_cause: 'dormancy' | null;
    resumed_at_ms: number | null;
    /** When the team was told that the token stood in a query string. */
    exposed_at_ms: number | null;
  };
  /** Reminders that were sent: each once for a due time. */
  key_reminder: {
    key_id: string;
    event: 'expiry' | 'rotation' | 'dormancy';
    due_at_ms: number;
    /** Days before; 0 when due. */
    days: number;
    sent_at_ms: number;
  };
  /** One row, written to find out whether anything can be written. */
  write_probe: { id: number; tried_at_ms: number };
  /** Shares of a quota that were reached and told: each once for a counter and its window. */
  quota_alert: {
    counter: string;
    window_start_ms: number;
    threshold_percent: number;
    application_id: string;
    api_slug: string;
    plan_slug: string;
    quota_name: string;
    operation_id: string;
    /** Of the key that the quota is counted for, its first in the chain of rotations; '' when it is the subscription's. */
    key_id: string;
    used: number;
    quota_calls: number;
    window_end_ms: number;
    told_at_ms: number;
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
  /** A secret address under which a calendar program reads due dates; one for each account. */
  calendar_feed: {
    account_id: string;
    /** HMAC-SHA-256 of the token in the address. */
    token_hash: Uint8Array;
    created_at_ms: number;
    last_read_at_ms: number | null;
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

export type { Measures, UsageSchema } from './usage-tables.ts';
