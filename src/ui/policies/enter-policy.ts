import type { APIContext } from 'astro';

import type { Actor } from '../../accounts/account.ts';
import type { SecurityPolicy } from '../../policies/policy.ts';
import type { LookBackDays } from '../../policies/read-policy-impact.ts';
import type { PolicyReport } from '../../policies/read-policy-report.ts';
import { enterAsOwner } from '../guard.ts';

export interface EnteredPolicy {
  actor: Actor;
  policy: SecurityPolicy;
  report: PolicyReport;
  /** Of its page; its forms stand below it. */
  path: string;
  trail: readonly { href: string; text: string }[];
}

/** The owner who asks and the policy that the address names; null for everybody else, and when there is none. */
export async function enterPolicy(
  { locals, params }: Pick<APIContext, 'locals' | 'params'>,
  days: LookBackDays = 7,
): Promise<EnteredPolicy | null> {
  const actor = enterAsOwner(locals.signedIn);
  const report = actor && (await locals.portal.policies.owner.report(actor, params.policyId ?? '', days));
  if (!report) return null;
  const { policy } = report;
  const path = `/owner/policies/${policy.id}`;
  const trail = [
    { href: '/owner', text: 'Owner' },
    { href: '/owner/policies', text: 'Policies' },
    { href: path, text: policy.title },
  ];
  return { actor, policy, report, path, trail };
}
