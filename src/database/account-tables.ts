import type { Generated } from 'kysely';

/** The part of the portal's database that is about people: how they prove who they are, and where they are signed in. */
export interface AccountTables {
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
    /** What the owner who suspended it wrote. */
    suspend_message: string | null;
    created_at_ms: number;
    /** Two weeks after that it is deleted, unless somebody signs in; null: nobody has asked for it. */
    deletion_asked_at_ms: number | null;
    /** Nothing is left of it but its id, which the audit log names. */
    deleted_at_ms: number | null;
  };
  session: {
    /** HMAC-SHA-256 of the cookie value, hex. The value itself is stored nowhere. */
    id: string;
    account_id: string;
    created_at_ms: number;
    expires_at_ms: number;
    /** Within five minutes. */
    last_used_at_ms: Generated<number>;
    /** 1 once it went unused for an hour: then it has no rights of an owner. */
    rested: Generated<number>;
    user_agent: string;
    address: string;
  };
  /** Links in mails, and the one of the first owner. Only the HMAC of the token is stored. */
  one_time_token: {
    token_hash: string;
    purpose: 'verify_email' | 'first_owner' | 'reset_password' | 'change_email';
    account_id: string | null;
    /** Where the link was mailed to, which is what it proves; null for the first owner's. */
    email: string | null;
    created_at_ms: number;
    expires_at_ms: number;
    used_at_ms: number | null;
  };
  /** Failed sign-ins per normalised e-mail or address; survives restarts. */
  sign_in_failure: { subject: string; failures: number; last_failed_at_ms: number };
  /** What a network or an address has used up of what it may ask for; forgotten once the time has passed. */
  allowance: { subject: string; spent_until_ms: number };
  /** An address that is to become the account's once its owner confirms it; the newest request counts. */
  email_change: { account_id: string; email: string; requested_at_ms: number };
  /** Time-based one-time passwords (RFC 6238) as second factor. */
  totp_factor: {
    account_id: string;
    /** AES-256-GCM under a key derived from SESSION_SECRET, bound to the account. */
    encrypted_secret: Uint8Array;
    created_at_ms: number;
    /** null: being set up, asked for by no sign-in. */
    confirmed_at_ms: number | null;
    /** The newest time step whose code was accepted; no code of it or of an earlier one is accepted again. */
    last_step: number;
  };
  /** Accounts whose second step after the password is one of their passkeys; without a row, that of an app, or none. */
  passkey_step: { account_id: string; turned_on_at_ms: number };
  recovery_code: { code_hash: string; account_id: string; used_at_ms: number | null };
  /** Personal access tokens: what programs of an account sign in to the management API with. */
  access_token: {
    id: string;
    account_id: string;
    name: string;
    /** HMAC-SHA-256 of the whole token, hex. The token itself is stored nowhere. */
    token_hash: string;
    first_four: string;
    last_four: string;
    /** Space-separated. */
    scopes: string;
    /** The form's request id: a form that is sent twice makes one token. */
    request_id: string;
    created_at_ms: number;
    expires_at_ms: number;
    /** Within a minute; null when it was never used. */
    last_used_at_ms: number | null;
    last_used_address: string | null;
    revoked_at_ms: number | null;
    revoke_reason: string | null;
  };
  /** Calls of the management API that were sent with an Idempotency-Key in the last 24 hours. */
  idempotent_request: {
    token_id: string;
    /** SHA-256, hex. */
    key_hash: string;
    /** SHA-256 of method, path and body, hex. */
    request_hash: string;
    started_at_ms: number;
    expires_at_ms: number;
    /** AES-256-GCM under a key that only who sent the call can derive; null while it is under way. */
    answer: Uint8Array | null;
  };
  /** A program that waits for a person to give it an access token in the browser (RFC 8628). */
  command_line_sign_in: {
    /** Also the request id of the token, so that there is one at most. */
    id: string;
    /** HMAC-SHA-256, hex, of what the program has, and of what the person types. */
    device_code_hash: string;
    user_code_hash: string;
    device_name: string;
    /** From where the program asked. */
    address: string;
    /** Space-separated: what the program asked for. */
    wanted_scopes: string;
    created_at_ms: number;
    expires_at_ms: number;
    polled_at_ms: number;
    /** null: nobody has decided. */
    decided_at_ms: number | null;
    /** Who allowed it; null when it was refused, or not decided. The rest is what was allowed. */
    account_id: string | null;
    token_name: string | null;
    scopes: string | null;
    expires_in_days: number | null;
  };
  /** A right password of an account with a second factor: not a session, and good for nothing but the second step. */
  pending_sign_in: {
    /** HMAC-SHA-256 of the cookie value, hex. */
    id: string;
    account_id: string;
    expires_at_ms: number;
  };
}
