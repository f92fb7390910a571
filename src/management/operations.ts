import type { AnyOperation } from './operation.ts';
import { accountOperations } from './operations/account.ts';
import { applicationOperations } from './operations/applications.ts';
import { auditOperations } from './operations/audit.ts';
import { catalogOperations } from './operations/catalog.ts';
import { deliveryOperations } from './operations/deliveries.ts';
import { directoryOperations } from './operations/directory.ts';
import { defineDocumentOperation } from './operations/document.ts';
import { ownerFeedbackOperations } from './operations/feedback.ts';
import { issuingOperations } from './operations/issuing.ts';
import { keyChoiceOperations } from './operations/key-choices.ts';
import { keyOperations } from './operations/keys.ts';
import { noticeOperations } from './operations/notices.ts';
import { noticeReleaseOperations } from './operations/notice-releases.ts';
import { writtenNoticeOperations } from './operations/written-notices.ts';
import { ownerNoticeOperations } from './operations/owner-notices.ts';
import { ownerOperations } from './operations/owner.ts';
import { ownerPolicyOperations } from './operations/owner-policies.ts';
import { publishingOperations } from './operations/publishing.ts';
import { policyOperations } from './operations/policies.ts';
import { preferenceOperations } from './operations/preferences.ts';
import { ownerQuotaOperations, quotaOperations } from './operations/quotas.ts';
import { restrictionOperations } from './operations/restrictions.ts';
import { ownerReportOperations } from './operations/security-reports.ts';
import { ownerRequestOperations, requestOperations } from './operations/subscription-requests.ts';
import { ownerTykOperations, tykOperations } from './operations/tyk.ts';
import { usageOperations } from './operations/usage.ts';
import { ownerUsageOperations, usageReportOperations } from './operations/usage-reports.ts';
import { memberOperations } from './operations/members.ts';
import { ownersOperations } from './operations/owners.ts';
import { ownerSuspensionOperations } from './operations/owner-suspensions.ts';
import { teamOperations } from './operations/teams.ts';
import { ownerWebhooks, teamWebhooks } from './operations/webhook-resource.ts';
import { webhookOperations } from './operations/webhooks.ts';

/** Every operation of the management API, in the order in which the document lists them. */
export const operations: readonly AnyOperation[] = [
  ...catalogOperations,
  ...applicationOperations,
  ...teamOperations,
  ...memberOperations,
  ...requestOperations,
  ...quotaOperations,
  ...keyOperations,
  ...issuingOperations,
  ...restrictionOperations,
  ...keyChoiceOperations,
  ...tykOperations,
  ...usageOperations,
  ...usageReportOperations,
  ...noticeOperations,
  ...webhookOperations(teamWebhooks),
  ...deliveryOperations(teamWebhooks),
  ...auditOperations,
  ...accountOperations,
  ...preferenceOperations,
  ...publishingOperations,
  ...ownerOperations,
  ...directoryOperations,
  ...ownersOperations,
  ...ownerRequestOperations,
  ...ownerSuspensionOperations,
  ...ownerNoticeOperations,
  ...writtenNoticeOperations,
  ...noticeReleaseOperations,
  ...ownerUsageOperations,
  ...ownerQuotaOperations,
  ...ownerTykOperations,
  ...ownerFeedbackOperations,
  ...ownerReportOperations,
  ...ownerPolicyOperations,
  ...policyOperations,
  ...webhookOperations(ownerWebhooks),
  ...deliveryOperations(ownerWebhooks),
  defineDocumentOperation(() => operations),
];
