/** Everything the outbox can be asked to do. Payloads hold ids, never tokens: a token is made when the mail is sent. */
export interface OutboxPayloads {
  'mail.verify_email': { accountId: string };
  /** Someone signed up with an address that has an account already. */
  'mail.sign_up_attempt': { accountId: string };
}

export type OutboxKind = keyof OutboxPayloads;
