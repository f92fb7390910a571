/** Rows of the provisioner for Tyk; a part of the portal's database. */
export interface TykTables {
  /** What is known of a key in Tyk. A key without a row was issued before Tyk was connected. */
  tyk_key: {
    key_id: string;
    /** Under which Tyk has it; '' while it does not. The token itself is nowhere. */
    tyk_hash: string;
    /** Of tokens that another one replaced, until Tyk has forgotten them; separated by blanks. */
    former_hashes: string;
    state: 'missing' | 'present' | 'lost' | 'removed';
    /** Why it is inactive in Tyk though it works here; '' when it is not. */
    held_back: string;
    /** Why the last attempt failed; '' when it did not. */
    problem: string;
    /** Fields that somebody else had changed in Tyk, separated by blanks, as last found; '' for none. */
    drift: string;
    drift_at_ms: number | null;
    /** Since when `state` is what it is. */
    since_ms: number;
    synced_at_ms: number | null;
    /** Rises with every change of the key: an attempt that began before does not count as done. */
    mark: number;
    /** The mark at which Tyk last had what it should. */
    synced_mark: number;
    /** When to look at it next; null: not before something changes. */
    due_at_ms: number | null;
    attempts: number;
    leased_until_ms: number;
  };
  /** One row: how far the audit log was followed, and how Tyk is. */
  tyk_watch: {
    id: number;
    audit_sequence: number;
    seen_at_ms: number | null;
    checked_at_ms: number | null;
    check_wanted: number;
    problem: string;
    /** Since when keys are lost that no owner was told of; null: none. */
    untold_loss_ms: number | null;
    /** When owners were last told of lost keys. */
    loss_told_at_ms: number | null;
  };
}
