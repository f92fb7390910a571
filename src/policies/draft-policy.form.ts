import { z } from 'zod';

import { nameField, textField } from '../applications/text.form.ts';
import { readAllowlist } from '../key-restrictions/allowlist-text.ts';
import { type Parsed, typedValues } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { datesFields, readDates, revision } from './policy-dates.form.ts';
import { type PolicyDates, type PolicyScope, stageOutOfOrder } from './policy.ts';
import { MOST_DAYS, POLICY_RULE_KINDS, type PolicyRule, type PolicyRuleKind } from './policy-rule.ts';

export const TITLE_MAX_LENGTH = 100;
export const REASON_MAX_LENGTH = 2000;

export interface PolicyDraft extends PolicyScope {
  title: string;
  reason: string;
  rules: readonly PolicyRule[];
  dates: PolicyDates;
}

const text = z.string().default('');
const DAYS = `Enter a number of days from 1 to ${MOST_DAYS}.`;

const schema = z.strictObject({
  title: nameField(TITLE_MAX_LENGTH),
  reason: textField(REASON_MAX_LENGTH),
  /** '' for all APIs, `api` or `api/plan`. */
  scope: text,
  environment: z.enum(['all', 'live', 'test'], 'Choose which keys.'),
  maxAgeDays: text,
  expiryDays: text,
  networks: text,
  ...datesFields,
});

type Fields = z.infer<typeof schema>;
type RuleReading = { ok: true; rule: PolicyRule } | { ok: false; field: string; message: string };

/**
 * Fields: `title`, `reason`, `scope`, `environment`, a box named `rule` for each kind of rule with `maxAgeDays`,
 * `expiryDays` and `networks`, and a date for each stage (see `policy-dates.form.ts`).
 */
export function parsePolicyForm(form: FormData, nowMs: number): Parsed<PolicyDraft> {
  const kinds = form.getAll('rule').map((kind) => (typeof kind === 'string' ? kind : ''));
  const rest = new FormData();
  for (const [name, value] of form) if (name !== 'rule') rest.append(name, value);
  const parsed = parseStrictForm(rest, schema);
  const values = { ...typedValues(rest), rule: kinds.join(' ') };
  if (!parsed.ok) return { ...parsed, values };
  const errors: Record<string, string> = {};
  const rules: PolicyRule[] = [];
  for (const kind of POLICY_RULE_KINDS.filter((known) => kinds.includes(known))) {
    const read = readRule(kind, parsed.value);
    if (read.ok) rules.push(read.rule);
    else errors[read.field] = read.message;
  }
  if (kinds.length === 0) errors.rule = 'Choose at least one rule.';
  else if (new Set(kinds).size !== rules.length + Object.keys(errors).length)
    errors[''] = 'This form has a rule we do not know. Reload the page and try again.';
  const dates = readDates(parsed.value);
  Object.assign(errors, dates.errors, mistakesOf(dates.dates, nowMs));
  const scope = /^(?:([a-z0-9][a-z0-9-]*)(?:\/([a-z0-9][a-z0-9-]*))?)?$/.exec(parsed.value.scope);
  if (!scope) errors.scope = 'Choose an API or a plan from the list.';
  if (Object.keys(errors).length > 0) return { ok: false, errors, values };
  const { title, reason, environment } = parsed.value;
  const where = { apiSlug: scope?.[1] ?? null, planSlug: scope?.[2] ?? null, environment };
  return { ok: true, value: { title, reason, rules, dates: dates.dates, ...where } };
}

/** As `parsePolicyForm`, with a field `revision`: what the sender has seen. */
export function parseRedraftPolicyForm(
  form: FormData,
  nowMs: number,
): Parsed<{ draft: PolicyDraft; revision: number }> {
  const rest = new FormData();
  for (const [name, value] of form) if (name !== 'revision') rest.append(name, value);
  const parsed = parsePolicyForm(rest, nowMs);
  const sent = typedValues(form);
  if (!parsed.ok) return { ...parsed, values: { ...parsed.values, revision: sent.revision ?? '' } };
  const seen = revision.safeParse(form.getAll('revision').length === 1 ? form.get('revision') : undefined);
  if (seen.success) return { ok: true, value: { draft: parsed.value, revision: seen.data } };
  return { ok: false, errors: { '': 'This form is incomplete. Reload the page and try again.' }, values: sent };
}

/** A draft begins nowhere in the past, and its stages follow each other. */
export function mistakesOf(dates: PolicyDates, nowMs: number): Record<string, string> {
  const past = Object.entries(dates).find(([, atMs]) => atMs !== null && atMs <= nowMs);
  if (past)
    return { [past[0]]: 'Choose a moment in the future, or leave it empty and press the button when it is time.' };
  const wrong = stageOutOfOrder(dates);
  return wrong ? { [wrong]: 'This must be later than the stages before it.' } : {};
}

function readRule(kind: PolicyRuleKind, fields: Fields): RuleReading {
  switch (kind) {
    case 'max_key_age':
      return readDays(kind, 'maxAgeDays', fields.maxAgeDays);
    case 'expiry_required':
      return readDays(kind, 'expiryDays', fields.expiryDays);
    case 'test_networks':
      return readNetworks(fields.networks);
    case 'allowlist_required':
    case 'basic_refused':
    case 'scopes_required':
      return { ok: true, rule: { kind } };
  }
}

function readDays(kind: 'max_key_age' | 'expiry_required', field: string, typed: string): RuleReading {
  const days = /^\s*([1-9]\d{0,3})\s*$/.exec(typed)?.[1];
  if (days === undefined || Number(days) > MOST_DAYS) return { ok: false, field, message: DAYS };
  return { ok: true, rule: { kind, days: Number(days) } };
}

function readNetworks(typed: string): RuleReading {
  const field = 'networks';
  const read = readAllowlist(typed);
  if (!read.ok) return { ok: false, field, message: read.problem };
  if (read.entries.length === 0)
    return { ok: false, field, message: 'Enter at least one network, such as 10.0.0.0/8.' };
  return { ok: true, rule: { kind: 'test_networks', networks: read.entries.map(({ cidr }) => cidr) } };
}
