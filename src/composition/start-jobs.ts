import { confirmNewEmailMail, emailChangeRequestedMail, emailChangedMail } from '../accounts/email-change-mail.ts';
import { passwordChangedMail, resetPasswordMail, secondFactorChangedMail } from '../accounts/password-mail.ts';
import { signUpAttemptMail, verificationMail } from '../accounts/verification-mail.ts';
import { createApplicationStore } from '../applications/application-store.ts';
import { type MailWriters, startOutboxDelivery } from '../jobs/deliver-outbox.ts';
import { startNoticeDelivery } from '../jobs/deliver-notices.ts';
import { startKeyReminders } from '../jobs/remind-expiring-keys.ts';
import { startRemoval } from '../jobs/remove-expired.ts';
import { createKeyReminderStore } from '../keys/key-reminder-store.ts';
import { createKeyStore } from '../keys/key-store.ts';
import { leakMail } from '../keys/leak-mail.ts';
import { reminderMail } from '../keys/reminder-mail.ts';
import { keysRevokedMail } from '../keys/revocation-mail.ts';
import { resumedMail, suspendedMail } from '../keys/suspension-mail.ts';
import { createMailer } from '../platform/mailer.ts';
import { createOutboxStore } from '../platform/outbox.ts';
import type { AccountParts } from './bind-accounts.ts';
import { type NoticeParts, noticeMailWriters } from './bind-notices.ts';
import type { Foundation } from './foundation.ts';

/** Everything that runs beside requests in the portal process. */
export function startJobs(
  foundation: Foundation,
  accounts: AccountParts,
  notices: NoticeParts,
): { stop(): Promise<void> } {
  const { config, clock, random, log } = foundation;
  const outbox = createOutboxStore(foundation.databases.portal);
  const delivery = startOutboxDelivery({
    outbox,
    mailer: createMailer({ ...config, clock, random }),
    writers: { ...createMailWriters(foundation, accounts), ...noticeMailWriters(notices) },
    clock,
    log,
  });
  const removal = startRemoval({
    ...accounts,
    sessions: accounts.sessionStore,
    outbox,
    clock,
    log,
  });
  const reminders = startKeyReminders({
    reminders: createKeyReminderStore(foundation.databases.portal),
    leadDays: config.keyReminderDays,
    clock,
    random,
    log,
  });
  const noticeDelivery = startNoticeDelivery({ ...notices, log });
  return {
    stop: async () => {
      removal.stop();
      await noticeDelivery.stop();
      await reminders.stop();
      await delivery.stop();
    },
  };
}

function createMailWriters(
  { databases, clock }: Foundation,
  parts: AccountParts,
): Omit<MailWriters, keyof ReturnType<typeof noticeMailWriters>> {
  const { accounts, publicUrl } = parts;
  const deps = {
    accounts,
    applications: createApplicationStore(databases.portal),
    keys: createKeyStore(databases.portal),
    clock,
    publicUrl,
  };
  return {
    'mail.verify_email': (payload) => verificationMail(parts, payload),
    'mail.sign_up_attempt': (payload) => signUpAttemptMail(parts, payload),
    'mail.reset_password': (payload) => resetPasswordMail(parts, payload),
    'mail.password_changed': (payload) => passwordChangedMail(parts, payload),
    'mail.confirm_new_email': (payload) => confirmNewEmailMail(parts, payload),
    'mail.email_change_requested': (payload) => emailChangeRequestedMail(parts, payload),
    'mail.email_changed': (payload) => Promise.resolve(emailChangedMail(parts, payload)),
    'mail.second_factor_changed': (payload) => secondFactorChangedMail(parts, payload),
    'mail.key_reminder': (payload) => reminderMail(deps, payload),
    'mail.key_suspended': (payload) => suspendedMail(deps, payload),
    'mail.key_resumed': (payload) => resumedMail(deps, payload),
    'mail.key_leaked': (payload) => leakMail(deps, payload),
    'mail.keys_revoked': (payload) => keysRevokedMail(deps, payload),
  };
}
