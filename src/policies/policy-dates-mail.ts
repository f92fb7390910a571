import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { utcText } from '../platform/utc-text.ts';
import { type PolicyMailDeps, keysAgainst, rulesText } from './policy-mail.ts';
import { readPolicyImpact } from './read-policy-impact.ts';

/**
 * Tells a member of a team that a policy comes at another time than they were told. null when the dates have been
 * changed again or reached meanwhile, of which another mail tells, or nothing of the team is against it any more.
 */
export async function policyDatesMail(
  deps: PolicyMailDeps,
  { accountId, policyId, dates, former }: OutboxPayloads['mail.policy_dates'],
): Promise<Mail | null> {
  const policy = await deps.policies.find(policyId);
  const account = await deps.accounts.find(accountId);
  if (!policy || account?.suspendedAtMs !== null) return null;
  if (policy.stage === 'enforced' || policy.stage === 'withdrawn') return null;
  if (policy.dates.warned !== dates.warned || policy.dates.enforced !== dates.enforced) return null;
  const teamIds = (await deps.accounts.teamsOf(accountId)).map(({ id }) => id);
  const { keys } = await readPolicyImpact(deps, policy, { days: 30, teamIds, nowMs: deps.clock.nowMs() });
  if (keys.length === 0) return null;
  const lines = [
    ...(policy.stage === 'warned' ? [] : [dateLine('warned about', dates.warned, former.warned)]),
    dateLine('refused', dates.enforced, former.enforced),
  ];
  return {
    to: account.email,
    subject: `New dates of a security policy: ${policy.title}`,
    text: `Hello,

the dates of a security policy that some of your keys are against were changed. Calls that are against it are

${lines.join('\n')}

${rulesText(policy)}
${keysAgainst(keys, deps.publicUrl)}
The policy, with its dates: ${deps.publicUrl}/policies/${policy.slug}
`,
  };
}

function dateLine(what: string, atMs: number | null, formerMs: number | null): string {
  const when = atMs === null ? 'a date that is not decided yet' : utcText(atMs);
  if (atMs === formerMs) return `- ${what} from ${when}, as before`;
  return `- ${what} from ${when} (so far: ${formerMs === null ? 'not decided' : utcText(formerMs)})`;
}
