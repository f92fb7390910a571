/** The rows of webhooks; part of `PortalSchema`. */
export interface WebhookTables {
  webhook_endpoint: {
    id: string;
    /** null: the owners', told of every team's events. */
    team_id: string | null;
    url: string;
    description: string;
    /** JSON array of event types; `[]` means all, also those of later versions. */
    event_types: string;
    /** AES-256-GCM, bound to the row. */
    encrypted_secret: Uint8Array;
    /** Signs as well until `previous_secret_ends_at_ms`. */
    previous_encrypted_secret: Uint8Array | null;
    previous_secret_ends_at_ms: number | null;
    created_by_account_id: string;
    created_at_ms: number;
    off_at_ms: number | null;
    off_reason: 'by_hand' | 'gone' | 'failing' | null;
    /** First failure since the last success; null while all is well. */
    failing_since_ms: number | null;
    /** Last success. */
    succeeded_at_ms: number | null;
  };
  /** What is told, once for all who are told: the same bytes for everybody, and again when it is redelivered. */
  webhook_event: { id: string; type: string; body: string; at_ms: number; created_at_ms: number };
  webhook_delivery: {
    id: string;
    event_id: string;
    endpoint_id: string;
    state: 'waiting' | 'delivered' | 'failed';
    created_at_ms: number;
    /** All that were begun. */
    attempts: number;
    /** Those since it was queued, or queued again by hand. */
    tries: number;
    /** While it waits: when the next attempt is due, or when the lease of the one under way ends. */
    due_at_ms: number;
  };
  webhook_attempt: {
    delivery_id: string;
    number: number;
    at_ms: number;
    latency_ms: number;
    /** null when there was no answer. */
    status: number | null;
    /** A word for what went wrong; null when it was delivered. */
    failure: string | null;
    /** The first 1 KiB of the answer's body. */
    answer: string;
  };
}
