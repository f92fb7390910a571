import type { AnyOperation } from './operation.ts';
import { accountOperations } from './operations/account.ts';
import { applicationOperations } from './operations/applications.ts';
import { auditOperations } from './operations/audit.ts';
import { catalogOperations } from './operations/catalog.ts';
import { deliveryOperations } from './operations/deliveries.ts';
import { defineDocumentOperation } from './operations/document.ts';
import { issuingOperations } from './operations/issuing.ts';
import { keyOperations } from './operations/keys.ts';
import { noticeOperations } from './operations/notices.ts';
import { ownerNoticeOperations } from './operations/owner-notices.ts';
import { ownerOperations } from './operations/owner.ts';
import { ownerPolicyOperations } from './operations/owner-policies.ts';
import { policyOperations } from './operations/policies.ts';
import { ownerQuotaOperations, quotaOperations } from './operations/quotas.ts';
import { restrictionOperations } from './operations/restrictions.ts';
import { usageOperations } from './operations/usage.ts';
import { ownerUsageOperations, usageReportOperations } from './operations/usage-reports.ts';
import { ownerWebhooks, teamWebhooks } from './operations/webhook-resource.ts';
import { webhookOperations } from './operations/webhooks.ts';

/** Every operation of the management API, in the order in which the document lists them. */
export const operations: readonly AnyOperation[] = [
  ...catalogOperations,
  ...applicationOperations,
  ...quotaOperations,
  ...keyOperations,
  ...issuingOperations,
  ...restrictionOperations,
  ...usageOperations,
  ...usageReportOperations,
  ...noticeOperations,
  ...webhookOperations(teamWebhooks),
  ...deliveryOperations(teamWebhooks),
  ...auditOperations,
  ...accountOperations,
  ...ownerOperations,
  ...ownerNoticeOperations,
  ...ownerUsageOperations,
  ...ownerQuotaOperations,
  ...ownerPolicyOperations,
  ...policyOperations,
  ...webhookOperations(ownerWebhooks),
  ...deliveryOperations(ownerWebhooks),
  defineDocumentOperation(() => operations),
];
