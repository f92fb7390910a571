import type { Account, Actor, OwnTeam } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { teamsWith } from '../teams/role.ts';
import type { ApplicationStore } from './application-store.ts';
import type { DecideRequestResult, RequestDecision } from './subscription-request.ts';
import type { SubscriptionRequestStore } from './subscription-request-store.ts';

export interface DecideRequestDeps {
  requests: SubscriptionRequestStore;
  clock: Clock;
}

/** Approves or declines, for owners; for everybody else there is no request. Approved, keys work from the next call on. */
export async function decideRequest(
  deps: DecideRequestDeps,
  actor: Actor,
  requestId: string,
  decision: RequestDecision,
): Promise<DecideRequestResult> {
  if (actor.role !== 'owner') return { ok: false, reason: 'not_found' };
  return deps.requests.decide(requestId, decision, { accountId: actor.accountId, nowMs: deps.clock.nowMs() });
}

/** The team takes its request back, for example to ask for another plan. */
export async function withdrawRequest(
  deps: DecideRequestDeps & { applications: Pick<ApplicationStore, 'find'> },
  actor: Actor,
  { applicationId, requestId }: { applicationId: string; requestId: string },
): Promise<boolean> {
  const application = await deps.applications.find(teamsWith(actor, 'manage'), applicationId);
  if (!application) return false;
  return deps.requests.withdraw(requestId, applicationId, {
    atMs: deps.clock.nowMs(),
    actor: actor.accountId,
    action: 'application.subscription_request_withdrawn',
    subject: applicationId,
    teamId: application.teamId,
    details: { requestId },
  });
}

export interface RequestMailDeps {
  accounts: {
    find(accountId: string): Promise<Account | null>;
    teamsOf(accountId: string): Promise<readonly OwnTeam[]>;
  };
  requests: Pick<SubscriptionRequestStore, 'find'>;
  publicUrl: string;
}

/** To an owner; null when somebody was faster. */
export async function subscriptionRequestedMail(
  deps: RequestMailDeps,
  { accountId, requestId }: OutboxPayloads['mail.subscription_requested'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  const request = await deps.requests.find(requestId);
  if (account?.role !== 'owner' || account.suspendedAtMs !== null || request?.decision !== null) return null;
  return {
    to: account.email,
    subject: `${request.teamName} asks for the plan ${request.planTitle}`,
    text: `Hello,

the team "${request.teamName}" asks for the plan ${request.planTitle} on the API ${request.apiTitle},
for its application "${request.applicationName}". Approve or decline it here:

${deps.publicUrl}/owner/requests/${requestId}
`,
  };
}

/** To a member of the team. */
export async function subscriptionDecidedMail(
  deps: RequestMailDeps,
  { accountId, requestId }: OutboxPayloads['mail.subscription_decided'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  const request = await deps.requests.find(requestId);
  if (account?.suspendedAtMs !== null || !request) return null;
  if (!(await deps.accounts.teamsOf(accountId)).some(({ id }) => id === request.teamId)) return null;
  const isApproved = request.decision === 'approved';
  const quoted = request.message
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  return {
    to: account.email,
    subject: `${isApproved ? 'Approved' : 'Declined'}: ${request.planTitle} for ${request.applicationName}`,
    text: `Hello,

the provider has ${isApproved ? 'approved' : 'declined'} the plan ${request.planTitle} on the API ${request.apiTitle}
for the application "${request.applicationName}".${isApproved ? ' Its keys can call the API now.' : ''}
${request.message === '' ? '' : `\nThe provider writes:\n\n${quoted}\n`}
${deps.publicUrl}/applications/${request.applicationId}
`,
  };
}
