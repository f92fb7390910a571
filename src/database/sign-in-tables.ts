/** The part of the portal's database that is about ways in beside the password. */
export interface SignInTables {
  /** WebAuthn credentials. A public key signs nobody in: nothing here is a secret. */
  passkey: {
    id: string;
    account_id: string;
    name: string;
    /** base64url, chosen by the authenticator. */
    credential_id: string;
    /** COSE key. */
    public_key: Uint8Array;
    /** Of the authenticator: how often it has signed; 0 when it does not count. */
    counter: number;
    /** JSON array of how browsers reach the authenticator. */
    transports: string;
    /** Whether it is kept in an account of its maker, and so on several devices. */
    is_backed_up: number;
    created_at_ms: number;
    last_used_at_ms: number | null;
  };
  /** Accounts elsewhere with which people sign in here. */
  linked_identity: {
    id: string;
    account_id: string;
    provider: 'oidc' | 'github';
    issuer: string;
    /** Of the account there; unique for the issuer, and never given to anybody else. */
    subject: string;
    /** What its owner knows it by. */
    label: string;
    created_at_ms: number;
    last_used_at_ms: number | null;
  };
  /** Challenges that were answered, and ways to a provider that came to their end: none is accepted a second time while it could still be valid. */
  used_ceremony: { id: string; expires_at_ms: number };
}
