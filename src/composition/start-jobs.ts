import {
  confirmNewEmailMail,
  emailChangeRequestedMail,
  emailChangedMail,
} from '../email-addresses/email-change-mail.ts';
import { passwordChangedMail, resetPasswordMail, secondFactorChangedMail } from '../passwords/password-mail.ts';
import { signUpAttemptMail, verificationMail } from '../email-addresses/verification-mail.ts';
import { type MailWriters, startOutboxDelivery } from '../jobs/deliver-outbox.ts';
import { startNoticeDelivery } from '../jobs/deliver-notices.ts';
import { keepReadersCurrent } from '../editor/keep-readers-current.ts';
import { startRemoval } from '../jobs/remove-expired.ts';
import { createMailer } from '../platform/mailer.ts';
import { createOutboxStore } from '../database/outbox.ts';
import type { AccountParts } from './bind-accounts.ts';
import { securityReportMailWriters } from './bind-feedback.ts';
import { type NoticeParts, noticeMailWriters } from './bind-notices.ts';
import { policyMailWriters, startPolicyJobs } from './bind-policies.ts';
import { quotaMailWriters, startQuotaJobs } from './bind-quotas.ts';
import { startWebhookJobs, webhookMailWriters } from './bind-webhooks.ts';
import { startTyk, tykMailWriters } from './bind-tyk.ts';
import { privacyMailWriters, startPrivacyJobs } from './bind-privacy.ts';
import { createSignInParts, signInMailWriters } from './bind-sign-in.ts';
import { requestMailWriters } from './bind-applications.ts';
import { teamMailWriters } from './bind-teams.ts';
import type { Foundation } from './foundation.ts';
import { accessTokenMailWriters, createManagementParts } from './bind-management.ts';
import { keyMailWriters, startKeyJobs } from './key-jobs.ts';

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
    accessTokens: createManagementParts(foundation, accounts).accessTokens,
    usedTickets: createSignInParts(foundation, accounts).usedTickets,
    idempotentRequests: createManagementParts(foundation, accounts).requests,
    outbox,
    clock,
    log,
  });
  const keyJobs = startKeyJobs(foundation);
  const quotas = startQuotaJobs(foundation);
  const policies = startPolicyJobs(foundation);
  const noticeDelivery = startNoticeDelivery({
    ...notices,
    keepReadersCurrent: () => keepReadersCurrent({ ...notices, ...notices.editor }),
    log,
  });
  const webhooks = startWebhookJobs(foundation, outbox);
  const privacy = startPrivacyJobs(foundation);
  const tyk = startTyk(foundation);
  return {
    stop: async () => {
      removal.stop();
      await noticeDelivery.stop();
      await webhooks.stop();
      await tyk.stop();
      await privacy.stop();
      await keyJobs.stop();
      await quotas.stop();
      await policies.stop();
      await delivery.stop();
    },
  };
}

function createMailWriters(
  foundation: Foundation,
  parts: AccountParts,
): Omit<MailWriters, keyof ReturnType<typeof noticeMailWriters>> {
  return {
    ...keyMailWriters(foundation, parts),
    ...quotaMailWriters(foundation, parts),
    ...policyMailWriters(foundation, parts),
    ...accessTokenMailWriters(createManagementParts(foundation, parts)),
    ...webhookMailWriters(foundation, parts),
    ...teamMailWriters(foundation, parts),
    ...requestMailWriters(foundation, parts),
    ...securityReportMailWriters(foundation, parts),
    ...tykMailWriters(foundation, parts),
    ...signInMailWriters(createSignInParts(foundation, parts)),
    ...privacyMailWriters(parts),
    'mail.verify_email': (payload) => verificationMail(parts, payload),
    'mail.sign_up_attempt': (payload) => signUpAttemptMail(parts, payload),
    'mail.reset_password': (payload) => resetPasswordMail(parts, payload),
    'mail.password_changed': (payload) => passwordChangedMail(parts, payload),
    'mail.confirm_new_email': (payload) => confirmNewEmailMail(parts, payload),
    'mail.email_change_requested': (payload) => emailChangeRequestedMail(parts, payload),
    'mail.email_changed': (payload) => Promise.resolve(emailChangedMail(parts, payload)),
    'mail.second_factor_changed': (payload) => secondFactorChangedMail(parts, payload),
  };
}
