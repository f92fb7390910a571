import type { Actor } from '../accounts/account.ts';
import type { AskDeletionResult, DeletionState } from '../privacy/deletion.ts';

/** What people may ask about what is kept of them. */
export interface PrivacyDesk {
  /** Everything about the account, as pieces of one JSON object. */
  export(actor: Actor): AsyncIterable<string>;
  deletion(actor: Actor): Promise<DeletionState>;
  /** Signs the account out everywhere. */
  askDeletion(actor: Actor): Promise<AskDeletionResult>;
}
