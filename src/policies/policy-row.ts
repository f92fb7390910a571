import type { PortalSchema } from '../database/schema.ts';
import type { PolicyDates, SecurityPolicy } from './policy.ts';
import type { PolicyRule } from './policy-rule.ts';

/** What the stores of policies share: a row and a record. */

export type PolicyRow = PortalSchema['security_policy'];

export function toPolicy(row: PolicyRow): SecurityPolicy {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    reason: row.reason,
    apiSlug: row.api_slug,
    planSlug: row.plan_slug,
    environment: row.environment,
    // Written by this program from rules that its form had checked.
    rules: JSON.parse(row.rules) as PolicyRule[],
    stage: row.stage,
    dates: {
      announced: row.announced_at_ms,
      observed: row.observed_at_ms,
      warned: row.warned_at_ms,
      enforced: row.enforced_at_ms,
    },
    createdAtMs: row.created_at_ms,
    replannedAtMs: row.replanned_at_ms,
    revision: row.revision,
  };
}

export function toPolicyRow(policy: SecurityPolicy): PolicyRow {
  return {
    id: policy.id,
    slug: policy.slug,
    title: policy.title,
    reason: policy.reason,
    api_slug: policy.apiSlug,
    plan_slug: policy.planSlug,
    environment: policy.environment,
    rules: JSON.stringify(policy.rules),
    stage: policy.stage,
    ...dateColumns(policy.dates),
    created_at_ms: policy.createdAtMs,
    replanned_at_ms: policy.replannedAtMs,
    revision: policy.revision,
  };
}

export function dateColumns(dates: PolicyDates) {
  return {
    announced_at_ms: dates.announced,
    observed_at_ms: dates.observed,
    warned_at_ms: dates.warned,
    enforced_at_ms: dates.enforced,
  };
}
