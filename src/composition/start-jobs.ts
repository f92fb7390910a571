import { signUpAttemptMail, verificationMail } from '../accounts/verification-mail.ts';
import { startOutboxDelivery } from '../jobs/deliver-outbox.ts';
import { startRemoval } from '../jobs/remove-expired.ts';
import { createMailer } from '../platform/mailer.ts';
import { createOutboxStore } from '../platform/outbox.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';

/** Everything that runs beside requests in the portal process. */
export function startJobs(foundation: Foundation, accounts: AccountParts): { stop(): Promise<void> } {
  const { config, clock, random, log } = foundation;
  const outbox = createOutboxStore(foundation.databases.portal);
  const delivery = startOutboxDelivery({
    outbox,
    mailer: createMailer({ ...config, clock, random }),
    writers: {
      'mail.verify_email': (payload) => verificationMail(accounts, payload),
      'mail.sign_up_attempt': (payload) => signUpAttemptMail(accounts, payload),
    },
    clock,
    log,
  });
  const removal = startRemoval({
    sessions: accounts.sessionStore,
    tokens: accounts.tokens,
    failures: accounts.failures,
    outbox,
    clock,
    log,
  });
  return {
    stop: async () => {
      removal.stop();
      await delivery.stop();
    },
  };
}
