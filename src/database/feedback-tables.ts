/** What readers say: whether pages are clear, and where something is weak. */
export interface FeedbackTables {
  /** Nothing of who said it is kept. */
  page_feedback: {
    id: string;
    /** Path, such as `/guides/keys`. */
    page: string;
    /** Of the page, as far as it has one; '' otherwise. */
    revision: string;
    clear: number;
    /** '' for none. */
    comment: string;
    created_at_ms: number;
  };
  security_report: {
    id: string;
    /** HMAC-SHA-256 of the token in the reporter's link, hex. */
    token_hash: string;
    state: 'received' | 'confirmed' | 'fixed' | 'declined';
    /** JSON of the reporter's address and the token, as `encrypted_text`; null when they left no address. */
    encrypted_contact: Uint8Array | null;
    created_at_ms: number;
    changed_at_ms: number;
  };
  security_report_message: {
    id: string;
    report_id: string;
    author: 'reporter' | 'owner';
    /** AES-256-GCM under a key derived from SESSION_SECRET, bound to the report. */
    encrypted_text: Uint8Array;
    created_at_ms: number;
  };
}
