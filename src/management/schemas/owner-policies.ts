import { z } from 'zod';

import { nameField, textField } from '../../applications/text.form.ts';
import { readAllowlist } from '../../key-restrictions/allowlist-text.ts';
import { type PolicyDraft, REASON_MAX_LENGTH, TITLE_MAX_LENGTH } from '../../policies/draft-policy.form.ts';
import { DATED_STAGES, NO_DATES, type SecurityPolicy } from '../../policies/policy.ts';
import { MOST_DAYS, POLICY_RULE_KINDS, type PolicyRule } from '../../policies/policy-rule.ts';
import type { PolicyReport } from '../../policies/read-policy-report.ts';
import type { PolicyImpact } from '../../policies/simulate-policy.ts';
import { checkedBy, nextCursor } from './parts.ts';
import { describeHitKey, describePolicy, hitKey, policySchema, ruleKind } from './policies.ts';
import { answerSchema, bodySchema, maybeTime, maybeTimeText, time, timeText } from './registry.ts';

/** Longest lists of a report. */
const MOST_SHOWN = 200;

const revision = z.int().min(1).meta({ description: 'As you read it last; it rises with every change.' });

const impactMembers = {
  keys: z.int().meta({ description: 'Keys that it hits.' }),
  teams: z.int(),
  calls: z.int().meta({ description: 'Recorded calls that would be refused.' }),
  callsInScope: z.int().meta({ description: 'All recorded calls that it is about.' }),
};

/** A policy as its owners see it. */
export const ownerPolicySchema = answerSchema(
  'OwnerPolicy',
  z.object({ ...policySchema.shape, revision, createdAt: time() }),
);

export const ownerPolicyListSchema = answerSchema(
  'OwnerPolicyList',
  z.object({
    policies: z
      .array(z.object({ policy: ownerPolicySchema, impact: z.object(impactMembers) }))
      .meta({ description: 'Newest first, also drafts.' }),
    nextCursor,
  }),
);

export const policyReportSchema = answerSchema(
  'PolicyReport',
  z.object({
    policy: ownerPolicySchema,
    days: z.int(),
    impact: z.object(impactMembers),
    keys: z
      .array(z.object({ ...hitKey.shape, teamId: z.string(), teamName: z.string() }))
      .meta({ description: `Those with most calls first; ${MOST_SHOWN} at most.` }),
    teams: z
      .array(
        z.object({
          teamId: z.string(),
          name: z.string(),
          toldAt: maybeTime(),
          told: z.int().meta({ description: 'Keys that were hit when the team was told.' }),
          fixed: z.int().meta({ description: 'Those of them that are hit no more.' }),
          still: z.int().meta({ description: 'Keys that are hit now.' }),
          calls: z.int(),
        }),
      )
      .meta({ description: `Those with most calls first; ${MOST_SHOWN} at most.` }),
    counted: z
      .array(
        z.object({
          keyId: z.string(),
          rule: ruleKind,
          outcome: z.enum(['observed', 'warned', 'refused']),
          calls: z.int(),
        }),
      )
      .meta({ description: `What happened to calls since it was observed; ${MOST_SHOWN} at most.` }),
  }),
);

export const reportQuery = z.strictObject({
  days: z
    .enum(['7', '30'], 'days must be 7 or 30.')
    .transform((days) => (days === '7' ? 7 : 30))
    .default(7)
    .meta({ description: 'On the calls of how many days the estimate rests.', examples: ['7'] }),
});

const moment = z.iso
  .datetime({ offset: true, error: 'This is not a time such as 2027-03-01T09:00:00Z.' })
  .transform((text) => Date.parse(text))
  .nullable()
  .default(null)
  .meta({ description: 'null: when you say so.', examples: ['2027-03-01T09:00:00Z'] });

const dates = z.strictObject({ announced: moment, observed: moment, warned: moment, enforced: moment });

const rule = z
  .strictObject({
    kind: ruleKind,
    days: z.int().min(1).max(MOST_DAYS).optional().meta({ description: 'Of `max_key_age` and `expiry_required`.' }),
    networks: z
      .array(z.string().regex(/^[\da-fA-F.:/]{1,50}$/, 'This is no address and no range.'))
      .min(1)
      .optional()
      .meta({ description: 'Of `test_networks`.', examples: [['10.0.0.0/8']] }),
  })
  .transform(toRule);

const draftMembers = {
  title: z
    .string()
    .min(1)
    .max(TITLE_MAX_LENGTH)
    .transform(checkedBy(nameField(TITLE_MAX_LENGTH)))
    .meta({ examples: ['Live keys need an allowlist'] }),
  reason: z
    .string()
    .max(REASON_MAX_LENGTH)
    .transform(checkedBy(textField(REASON_MAX_LENGTH)))
    .default('')
    .meta({ description: 'Why, for those whom it concerns.' }),
  api: z
    .string()
    .nullable()
    .default(null)
    .meta({ description: 'null: all APIs.', examples: ['parcels'] }),
  plan: z.string().nullable().default(null).meta({ description: 'Only with an API; null: all plans.' }),
  environment: z.enum(['all', 'live', 'test']).default('all'),
  rules: z
    .array(rule)
    .min(1)
    .refine((rules) => new Set(rules.map(({ kind }) => kind)).size === rules.length, 'Send each kind of rule once.')
    .transform((rules) => POLICY_RULE_KINDS.flatMap((kind) => rules.filter((one) => one.kind === kind))),
  dates: dates.default(NO_DATES),
};

export const draftPolicyBody = bodySchema('NewPolicy', z.strictObject(draftMembers));
export const redraftPolicyBody = bodySchema('PolicyChange', z.strictObject({ ...draftMembers, revision }));
export const planPolicyBody = bodySchema('PolicyDates', z.strictObject({ dates, revision }));
export const movePolicyBody = bodySchema(
  'PolicyMove',
  z.strictObject({ stage: z.enum([...DATED_STAGES, 'withdrawn']), revision }),
);

export function draftOf(body: z.infer<typeof draftPolicyBody>): PolicyDraft {
  const { title, reason, api, plan, environment, rules } = body;
  return { title, reason, apiSlug: api, planSlug: plan, environment, rules, dates: body.dates };
}

export function describeOwnerPolicy(policy: SecurityPolicy, publicUrl: string) {
  const { revision: seen, createdAtMs } = policy;
  return { ...describePolicy(policy, publicUrl), revision: seen, createdAt: timeText(createdAtMs) };
}

export function describePolicyImpact({ keys, teams, calls, callsInScope }: PolicyImpact) {
  return { keys: keys.length, teams, calls, callsInScope };
}

export function describePolicyReport({ policy, days, impact, teams, counted }: PolicyReport, publicUrl: string) {
  return {
    policy: describeOwnerPolicy(policy, publicUrl),
    days,
    impact: describePolicyImpact(impact),
    keys: impact.keys
      .slice(0, MOST_SHOWN)
      .map((key) => ({ ...describeHitKey(key), teamId: key.teamId, teamName: key.teamName })),
    teams: teams.slice(0, MOST_SHOWN).map(({ teamId, teamName, toldAtMs, told, fixed, still, calls }) => ({
      teamId,
      name: teamName,
      toldAt: maybeTimeText(toldAtMs),
      told,
      fixed,
      still,
      calls,
    })),
    counted: counted
      .slice(0, MOST_SHOWN)
      .map(({ keyId, rule: broken, outcome, calls }) => ({ keyId, rule: broken, outcome, calls })),
  };
}

interface SentRule {
  kind: PolicyRule['kind'];
  days?: number | undefined;
  networks?: readonly string[] | undefined;
}

/** Checks and canonicalises as the form does; what a kind has no use for is refused. */
function toRule({ kind, days, networks }: SentRule, context: z.RefinementCtx): PolicyRule {
  const refuse = (member: string, message: string): never => {
    context.addIssue({ code: 'custom', message, path: [member] });
    return z.NEVER;
  };
  const hasDays = kind === 'max_key_age' || kind === 'expiry_required';
  if (days !== undefined && !hasDays) return refuse('days', 'This kind of rule has no days.');
  if (networks !== undefined && kind !== 'test_networks')
    return refuse('networks', 'This kind of rule has no networks.');
  if (hasDays) return days === undefined ? refuse('days', 'This kind of rule needs days.') : { kind, days };
  if (kind !== 'test_networks') return { kind };
  const read = readAllowlist(networks?.join('\n') ?? '');
  if (!read.ok) return refuse('networks', read.problem);
  if (read.entries.length === 0) return refuse('networks', 'This kind of rule needs networks.');
  return { kind, networks: read.entries.map(({ cidr }) => cidr) };
}
