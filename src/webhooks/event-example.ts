import type { PortalEvent, PortalEventData, PortalEventType } from '../platform/portal-event.ts';
import { eventBody } from './event-body.ts';

/** What a type means, and an event of it: for the guide, and for the list of types in forms. */
export interface EventExample<Type extends PortalEventType> {
  /** When it is sent; a sentence without its subject. */
  when: string;
  data: PortalEventData<Type>;
}

const AT_MS = Date.UTC(2026, 10, 24, 10);
const DAY_MS = 86_400_000;
const key = { keyId: 'key_5pQ0tXrYd2LmVw8KcZ1a', keyName: 'ci-prod', environment: 'live' } as const;
const notice = {
  slug: '2026-11-24-token-in-log',
  revisionAtMs: AT_MS,
  kind: 'advisory',
  title: 'Tokens in the access log',
  severity: 'high',
  apiSlugs: ['parcels'],
} as const;

const policy = {
  policyId: 'pol_4fTz',
  slug: 'allowlist-for-live-keys',
  title: 'Live keys need an IP allowlist',
} as const;

const member = { accountId: 'acc_4Jt7yHcN2sEv9KqXgU5B', email: 'vera@consumer.example', role: 'viewer' } as const;
const decided = { requestId: 'srq_6mQ2xTzB9wLfHs4VnKdA', apiSlug: 'parcels', planSlug: 'partner' } as const;
const message = 'Calls look like a loop. Stop it and write to us.';

export const eventExamples: { readonly [Type in PortalEventType]: EventExample<Type> } = {
  'key.issued': {
    when: 'A key was issued, by itself or as the successor of another.',
    data: { ...key, expiresAtMs: AT_MS + 90 * DAY_MS, replacesKeyId: null },
  },
  'key.rotated': {
    when: 'A key was replaced. It works until `endsAt`; its successor works already.',
    data: { ...key, successorKeyId: 'key_9sT4uVwXyZ0aBcDeFgH1', endsAtMs: AT_MS + DAY_MS },
  },
  'key.rotation_undone': {
    when: 'The token of a new key was lost and the new key revoked: the old one goes on until `expiresAt`, as before.',
    data: { ...key, withdrawnKeyId: 'key_9sT4uVwXyZ0aBcDeFgH1', expiresAtMs: AT_MS + 60 * DAY_MS },
  },
  'key.dormant': {
    when: 'Nobody calls a key; if its plan says so, it is suspended at `suspendAt` unless that changes.',
    data: { ...key, lastCalledAtMs: AT_MS - 90 * DAY_MS, suspendAtMs: AT_MS + 14 * DAY_MS },
  },
  'key.expiring': {
    when: 'A key expires in so many `days`; sent on the days of the reminders.',
    data: { ...key, expiresAtMs: AT_MS + 7 * DAY_MS, days: 7 },
  },
  'key.expired': { when: 'A key has expired; its calls are refused.', data: { ...key, expiredAtMs: AT_MS } },
  'key.rotation_due': {
    when: 'A key is to be rotated in so many `days`; 0 when it is due.',
    data: { ...key, dueAtMs: AT_MS + 14 * DAY_MS, days: 14 },
  },
  'key.restricted': {
    when: 'What a key may do, or from where, was changed; `changed` names the restrictions.',
    data: { ...key, changed: ['allowlist'] },
  },
  'key.suspended': {
    when: 'A key was paused; its calls are refused until it is resumed.',
    data: { ...key, reason: 'Calls of it look like a loop.' },
  },
  'key.resumed': { when: 'A suspended key works again.', data: { ...key, reason: 'The loop was found.' } },
  'key.revoked': { when: 'A key was ended for good.', data: { ...key, reason: 'laptop lost' } },
  'key.exposed': {
    when: 'The token of a key was found where it must not be; `action` says what was done about it.',
    data: { ...key, action: 'revoked', place: 'https://git.example/acme/depot/blob/main/.env' },
  },
  'key.lost_at_gateway': {
    when: 'A gateway has lost a key and refuses its calls. Rotate it: its token is stored nowhere.',
    data: { ...key, gateway: 'tyk' },
  },
  'quota.reached': {
    when: 'So many per cent of a quota are used; sent once for each threshold and period.',
    data: { threshold: 80, apiSlug: 'parcels', planSlug: 'free', used: 800, limit: 1000, periodStartMs: AT_MS },
  },
  'subscription.approved': {
    when: 'An owner approved a request for a plan; the keys of the application may call the API.',
    data: { ...decided, message: 'Welcome.' },
  },
  'subscription.declined': {
    when: 'An owner declined a request for a plan, and says why.',
    data: { ...decided, message: 'This plan is for partners.' },
  },
  'notice.published': {
    when: 'A notice that concerns your team was published, or corrected (`revisionAt` is later).',
    data: { ...notice, apiSlugs: [...notice.apiSlugs] },
  },
  'notice.reminded': {
    when: 'The provider reminds of a notice, because your team still calls what it names.',
    data: { ...notice, apiSlugs: [...notice.apiSlugs] },
  },
  'notice.withdrawn': {
    when: 'A notice that concerns your team was taken back: it does not hold any more.',
    data: { ...notice, apiSlugs: [...notice.apiSlugs], reason: 'The log was never readable from outside.' },
  },
  'policy.announced': {
    when: 'A security policy that concerns your team was announced; it is enforced at `enforcedAt`.',
    data: { ...policy, enforcedAtMs: AT_MS + 30 * DAY_MS },
  },
  'policy.dates_changed': {
    when: 'A policy that concerns your team comes at another time than was announced; null: not decided yet.',
    data: {
      ...policy,
      ...{ warnedAtMs: AT_MS + 30 * DAY_MS, enforcedAtMs: AT_MS + 60 * DAY_MS },
    },
  },
  'policy.stage_changed': {
    when: 'A policy went from one stage to another.',
    data: { ...policy, from: 'observed', to: 'warned' },
  },
  'team.member_joined': { when: 'Somebody accepted an invitation to your team.', data: member },
  'team.member_left': { when: 'A member left your team or was removed; `role` is the one they had.', data: member },
  'team.member_role_changed': {
    when: 'An admin gave a member another role.',
    data: { ...member, role: 'manager', formerRole: 'viewer' },
  },
  'team.suspended': { when: 'The provider paused your team: calls with all its keys are refused.', data: { message } },
  'team.resumed': { when: 'Your team works again.', data: { message: 'Thank you for the fix.' } },
  'application.suspended': {
    when: 'The provider paused an application: calls with all its keys are refused.',
    data: { message },
  },
  'application.resumed': { when: 'An application works again.', data: { message: 'Thank you for the fix.' } },
  'application.moved': {
    when: 'An application belongs to another team now, with its keys and its usage; both teams are told.',
    data: { fromTeamId: 'team_2Hf8sKpW5dJm7GxYqB1N', toTeamId: 'team_8Rk3nVbQ1xTz6MwLpC4D' },
  },
  'document.published': {
    when: 'The document of an API that your team uses was published anew; `breakingChanges` counts what breaks clients.',
    data: { apiSlug: 'parcels', version: 'v2', revision: 7, documentVersion: '2.4.0', breakingChanges: 0 },
  },
  'webhook.test': { when: 'Somebody asked for a test.', data: { message: 'This is a test.' } },
};

/** The message of an example, as a receiver gets it. */
export function exampleBody(type: PortalEventType, publicUrl: string): string {
  const isOfTeam = !/^(?:notice|policy|document)\./.test(type);
  const isOfApplication = /^(?:key|quota|subscription)\./.test(type);
  const event = {
    type,
    teamId: isOfTeam ? 'team_2bC3dE4fG5hI6jK7lM8n' : null,
    applicationId: isOfApplication ? 'app_7aB8cD9eF0gH1iJ2kL3m' : null,
    atMs: AT_MS,
    data: eventExamples[type].data,
  } as PortalEvent;
  const subject = { teamName: isOfTeam ? 'Acme' : null, applicationName: isOfApplication ? 'Depot' : null };
  return eventBody(event, subject, publicUrl);
}
