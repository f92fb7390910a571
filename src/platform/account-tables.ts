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
    created_at_ms: number;
  };
  session: {
    /** HMAC-SHA-256 of the cookie value, hex. The value itself is stored nowhere. */
    id: string;
    account_id: string;
    created_at_ms: number;
    expires_at_ms: number;
    /** Within five minutes. */
    last_used_at_ms: Generated<number>;
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
  recovery_code: { code_hash: string; account_id: string; used_at_ms: number | null };
  /** A right password of an account with a second factor: not a session, and good for nothing but the second step. */
  pending_sign_in: {
    /** HMAC-SHA-256 of the cookie value, hex. */
    id: string;
    account_id: string;
    expires_at_ms: number;
  };
}
