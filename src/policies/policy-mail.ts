import type { Account, Team } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { utcText } from '../platform/utc-text.ts';
import type { PolicyStore } from './policy-store.ts';
import { ruleBroken, ruleRemedies, ruleText } from './policy-text.ts';
import type { SecurityPolicy } from './policy.ts';
import { type PolicyImpactDeps, readPolicyImpact } from './read-policy-impact.ts';
import type { HitKey } from './simulate-policy.ts';

export interface PolicyMailDeps extends PolicyImpactDeps {
  accounts: {
    find(accountId: string): Promise<Account | null>;
    teamsOf(accountId: string): Promise<readonly Team[]>;
  };
  policies: Pick<PolicyStore, 'find'>;
  clock: Clock;
  /** Origin that links are made from. */
  publicUrl: string;
}

const MOST_KEYS = 20;

/**
 * Tells a member of a team of the stage that a policy reached, with the keys to change and how. null when the policy
 * has moved on meanwhile, or nothing of the team is against it any more.
 */
export async function policyStageMail(
  deps: PolicyMailDeps,
  { accountId, policyId, stage, isMilder }: OutboxPayloads['mail.policy_stage'],
): Promise<Mail | null> {
  const policy = await deps.policies.find(policyId);
  const account = await deps.accounts.find(accountId);
  if (policy?.stage !== stage || account?.suspendedAtMs !== null) return null;
  const page = `${deps.publicUrl}/policies/${policy.slug}`;
  if (isMilder) return { to: account.email, ...milderText(policy, page) };
  const teamIds = (await deps.accounts.teamsOf(accountId)).map(({ id }) => id);
  const about = { days: 30, teamIds, nowMs: deps.clock.nowMs() } as const;
  const { keys } = await readPolicyImpact(deps, policy, about);
  if (keys.length === 0) return null;
  return { to: account.email, ...seriousText(policy, keys, deps.publicUrl) };
}

/** What it asks for, and why. */
export function rulesText({ title, rules, reason }: SecurityPolicy): string {
  return `${title}
${rules.map((rule) => `- ${ruleText(rule)}`).join('\n')}
${reason === '' ? '' : `\n${reason}\n`}`;
}

/** Which keys are against it, and what to do; ends with a line end. */
export function keysAgainst(keys: readonly HitKey[], publicUrl: string): string {
  const count = keys.length === 1 ? 'One of your keys is' : `${keys.length} of your keys are`;
  const listed = keys.slice(0, MOST_KEYS).map((key) => keyText(key, publicUrl));
  const more =
    keys.length > MOST_KEYS ? `\n... and ${keys.length - MOST_KEYS} more; the page of the policy lists all.\n` : '';
  return `${count} against it:

${listed.join('\n')}
${more}`;
}

function seriousText(policy: SecurityPolicy, keys: readonly HitKey[], publicUrl: string) {
  return {
    subject: `${subjectOf(policy)}: ${policy.title}`,
    text: `Hello,

${whenText(policy)}

${rulesText(policy)}
${keysAgainst(keys, publicUrl)}
The policy, with its dates: ${publicUrl}/policies/${policy.slug}
`,
  };
}

function keyText({ keyId, keyName, applicationId, applicationName, broken }: HitKey, publicUrl: string): string {
  const reasons = broken.map((rule) => `    It ${ruleBroken[rule]}. ${ruleRemedies[rule]}`);
  return `- "${keyName}" of ${applicationName}
${reasons.join('\n')}
    ${publicUrl}/applications/${applicationId}/keys/${keyId}`;
}

function subjectOf({ stage }: SecurityPolicy): string {
  if (stage === 'enforced') return 'Enforced now';
  return stage === 'warned' ? 'Please change your keys' : 'Security policy';
}

function whenText({ stage, dates }: SecurityPolicy): string {
  if (stage === 'enforced') return 'A security policy is enforced as of now. Calls that are against it are refused:';
  const when =
    dates.enforced === null ? 'Its date is not decided yet' : `It is enforced from ${utcText(dates.enforced)}`;
  return stage === 'warned'
    ? `Calls of yours still pass, and will be refused by a security policy. ${when}:`
    : `A security policy was announced that some of your keys are against. ${when}:`;
}

function milderText({ title, stage }: SecurityPolicy, page: string) {
  const text =
    stage === 'withdrawn'
      ? 'It has no effect any more, and you need not do anything.'
      : 'Calls that are against it are not refused at present. It may come back; its page will say when.';
  const what = stage === 'withdrawn' ? 'withdrawn' : 'taken back a step';
  return {
    subject: `Security policy ${what}: ${title}`,
    text: `Hello,

the security policy "${title}" was ${what}. ${text}

${page}
`,
  };
}
