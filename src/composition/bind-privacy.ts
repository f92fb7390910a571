import type { MailWriters } from '../jobs/deliver-outbox.ts';
import { startAccountDeletion } from '../jobs/delete-accounts.ts';
import { createKeyRevocationStore } from '../key-revocation/key-revocation-store.ts';
import { createAccountDataStore } from '../privacy/account-data-store.ts';
import { askDeletion } from '../privacy/ask-deletion.ts';
import { accountDeletedMail, deletionAskedMail } from '../privacy/deletion-mail.ts';
import { createDeletionStore } from '../privacy/deletion-store.ts';
import { exportAccount } from '../privacy/export-account.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';
import type { PrivacyDesk } from '../portal/portal-privacy.ts';

export function bindPrivacy({ databases, clock, random }: Foundation): PrivacyDesk {
  const deletions = createDeletionStore(databases.portal, random);
  const data = createAccountDataStore(databases.portal);
  return {
    export: ({ accountId }) => exportAccount(data, accountId, clock.nowMs()),
    deletion: ({ accountId }) => deletions.read(accountId),
    askDeletion: (actor) => askDeletion({ deletions, clock }, actor),
  };
}

/** What happens when the two weeks are over. */
export function startPrivacyJobs({ databases, clock, random, log }: Foundation): { stop(): Promise<void> } {
  const revocations = createKeyRevocationStore(databases.portal);
  return startAccountDeletion({
    deletions: createDeletionStore(databases.portal, random),
    revokeKeysOfTeam: (actor, teamId, reason) =>
      revocations.revokeAll({ actor, teamId, applicationId: null, reason, nowMs: clock.nowMs() }, random),
    clock,
    log,
  });
}

export function privacyMailWriters(
  parts: AccountParts,
): Pick<MailWriters, 'mail.deletion_asked' | 'mail.account_deleted'> {
  return {
    'mail.deletion_asked': (payload) => deletionAskedMail(parts, payload),
    'mail.account_deleted': (payload) => Promise.resolve(accountDeletedMail(parts, payload)),
  };
}
