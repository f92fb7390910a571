import { z } from 'zod';

import { DATED_STAGES, type PolicyDates, STAGES, type SecurityPolicy } from '../../policies/policy.ts';
import { POLICY_RULE_KINDS, type PolicyRule } from '../../policies/policy-rule.ts';
import { ruleText } from '../../policies/policy-text.ts';
import type { OwnPolicy } from '../../policies/read-own-policies.ts';
import type { HitKey } from '../../policies/simulate-policy.ts';
import { nextCursor } from './parts.ts';
import { answerSchema, maybeTime, maybeTimeText } from './registry.ts';

const SLUG = 'live-keys-need-an-allowlist';

export const policyParams = z.strictObject({
  slug: z.string().meta({ description: 'Slug of the policy.', examples: [SLUG] }),
});

export const policyStage = z.enum([...STAGES, 'withdrawn']);
export const ruleKind = z.enum(POLICY_RULE_KINDS);

const policyMembers = {
  slug: z.string().meta({ examples: [SLUG] }),
  title: z.string().meta({ examples: ['Live keys need an allowlist'] }),
  reason: z.string(),
  url: z.url().meta({ description: 'Page for people.' }),
  api: z
    .string()
    .nullable()
    .meta({ description: 'null: all APIs.', examples: ['parcels'] }),
  plan: z
    .string()
    .nullable()
    .meta({ description: 'null: all plans.', examples: ['free'] }),
  environment: z.enum(['all', 'live', 'test']).meta({ description: 'Which keys.' }),
  rules: z.array(
    z.object({
      kind: ruleKind,
      text: z.string().meta({ description: 'For people.' }),
      days: z.int().nullable().meta({ description: 'Of `max_key_age` and `expiry_required`.' }),
      networks: z.array(z.string()).meta({ description: 'Of `test_networks`.' }),
    }),
  ),
  stage: policyStage,
  dates: z
    .object({ announced: maybeTime(), observed: maybeTime(), warned: maybeTime(), enforced: maybeTime() })
    .meta({ description: 'When each stage began or is to begin; null when no date is set.' }),
};

export const policySchema = answerSchema('Policy', z.object(policyMembers));

export const policyListSchema = answerSchema(
  'PolicyList',
  z.object({ policies: z.array(policySchema).meta({ description: 'Newest first.' }), nextCursor }),
);

export const hitKey = z.object({
  keyId: z.string(),
  keyName: z.string(),
  applicationId: z.string(),
  applicationName: z.string(),
  environment: z.enum(['live', 'test']),
  broken: z.array(ruleKind).meta({ description: 'Each rule that it breaks.' }),
  calls: z.int().meta({ description: 'Recorded calls that would be refused.' }),
});

export const ownPolicyListSchema = answerSchema(
  'OwnPolicyList',
  z.object({
    policies: z
      .array(z.object({ policy: policySchema, keys: z.array(hitKey) }))
      .meta({ description: 'Enforced first comes first.' }),
  }),
);

export function describePolicy(policy: SecurityPolicy, publicUrl: string) {
  const { slug, title, reason, apiSlug, planSlug, environment, rules, stage, dates } = policy;
  return {
    slug,
    title,
    reason,
    url: `${publicUrl}/policies/${slug}`,
    api: apiSlug,
    plan: planSlug,
    environment,
    rules: rules.map(describeRule),
    stage,
    dates: describeDates(dates),
  };
}

export function describeOwnPolicy({ policy, keys }: OwnPolicy, publicUrl: string) {
  return { policy: describePolicy(policy, publicUrl), keys: keys.map(describeHitKey) };
}

export function describeHitKey(key: HitKey) {
  const { keyId, keyName, applicationId, applicationName, environment, broken, calls } = key;
  return { keyId, keyName, applicationId, applicationName, environment, broken, calls };
}

function describeRule(rule: PolicyRule) {
  return {
    kind: rule.kind,
    text: ruleText(rule),
    days: 'days' in rule ? rule.days : null,
    networks: 'networks' in rule ? rule.networks : [],
  };
}

function describeDates(dates: PolicyDates) {
  const texts = DATED_STAGES.map((stage) => [stage, maybeTimeText(dates[stage])] as const);
  return Object.fromEntries(texts) as Record<(typeof DATED_STAGES)[number], string | null>;
}
