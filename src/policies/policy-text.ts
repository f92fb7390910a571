import type { PolicyScope, PolicyStage } from './policy.ts';
import type { PolicyRule, PolicyRuleKind } from './policy-rule.ts';

/** What policies are called for people: on pages, in mails and in refusals. */

/** What a rule asks for, as a whole sentence. */
export function ruleText(rule: PolicyRule): string {
  switch (rule.kind) {
    case 'max_key_age':
      return `No key may be older than ${daysText(rule.days)}.`;
    case 'allowlist_required':
      return 'Every key needs an IP allowlist.';
    case 'basic_refused':
      return 'Keys are no longer accepted as user name of HTTP Basic.';
    case 'scopes_required':
      return 'Every key must be limited to the scopes that it needs.';
    case 'test_networks':
      return `Test keys may be used from ${rule.networks.join(', ')} only.`;
    case 'expiry_required':
      return `Every key needs an expiry date, at most ${daysText(rule.days)} after it was issued.`;
  }
}

export const ruleNames: Readonly<Record<PolicyRuleKind, string>> = {
  max_key_age: 'Age of keys',
  allowlist_required: 'IP allowlist',
  basic_refused: 'No HTTP Basic',
  scopes_required: 'Limited scopes',
  test_networks: 'Networks of test keys',
  expiry_required: 'Expiry date',
};

/** What is wrong when a rule is broken; the subject is the key. */
export const ruleBroken: Readonly<Record<PolicyRuleKind, string>> = {
  max_key_age: 'is too old',
  allowlist_required: 'has no IP allowlist',
  basic_refused: 'is sent as user name of HTTP Basic',
  scopes_required: 'is not limited to scopes',
  test_networks: 'is a test key used from another network',
  expiry_required: 'has no expiry date, or one too far away',
};

/** What to do about it. */
export const ruleRemedies: Readonly<Record<PolicyRuleKind, string>> = {
  max_key_age: 'Rotate the key; the old and the new one work side by side for a while.',
  allowlist_required: 'Give the key an IP allowlist on its page.',
  basic_refused: 'Send the key as "Authorization: Bearer <key>" or "X-API-Key: <key>" instead.',
  scopes_required: 'Limit the key to the scopes that it needs, on its page.',
  test_networks: 'Use test keys from the listed networks only, and a live key elsewhere.',
  expiry_required: 'Replace the key by one with an expiry date.',
};

export interface RemedyPath {
  of: 'key' | 'application';
  below: string;
  text: string;
}

/** Where a developer does that: below the page of the key or of its application; null where it is done in their software. */
export const remedyPaths: Readonly<Record<PolicyRuleKind, RemedyPath | null>> = {
  max_key_age: { of: 'key', below: '/rotation', text: 'Rotate it' },
  allowlist_required: { of: 'key', below: '/allowlist', text: 'Add an allowlist' },
  basic_refused: null,
  scopes_required: { of: 'key', below: '/restrictions', text: 'Limit its scopes' },
  test_networks: null,
  expiry_required: { of: 'application', below: '/keys/new', text: 'Issue one that ends' },
};

/** "API parcels, plan free, live keys" */
export function scopeText({ apiSlug, planSlug, environment }: PolicyScope): string {
  const api = apiSlug === null ? 'All APIs' : `API ${apiSlug}${planSlug === null ? '' : `, plan ${planSlug}`}`;
  return environment === 'all' ? api : `${api}, ${environment} keys`;
}

/** What a stage means for who calls. */
export const stageMeanings: Readonly<Record<PolicyStage, string>> = {
  draft: 'Only owners see it.',
  announced: 'Everybody can read it; calls are not looked at.',
  observed: 'Calls that it would refuse are counted; nothing changes for them.',
  warned: 'Calls that it will refuse pass, with a warning in a header of the answer.',
  enforced: 'Calls that are against it are refused.',
  withdrawn: 'It has no effect.',
};

function daysText(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
