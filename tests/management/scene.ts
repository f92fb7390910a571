import { setTimeout as pause } from 'node:timers/promises';

import type { Actor } from '../../src/accounts/account.ts';
import type { WebhookAudience } from '../../src/webhooks/webhook.ts';
import { NO_DATES } from '../../src/policies/policy.ts';
import { type Desk, ORIGIN, openDesk } from './desk.ts';
import { draftNoticeOf } from './notice-cases.ts';
import type { Scene } from './operation-case.ts';

/** Concerns everybody who is subscribed to Parcels. */
const NOTICE = '2026-09-15-tls-1-2-required';

/** Two developers and an owner, each with a token for everything; nora has an application with a key. */
export async function openScene(desk?: Desk): Promise<Scene> {
  const opened = desk ?? (await openDesk());
  const [nora, mallory, olga] = [
    await opened.addPerson('nora'),
    await opened.addPerson('mallory'),
    await opened.addPerson('olga', 'owner'),
  ];
  const applicationId = await opened.addApplication(nora);
  const plan = { apiSlug: 'parcels', planSlug: 'free' };
  await opened.portal.applications.subscribe(nora, applicationId, plan);
  const team = await addTeam(opened, nora);
  const { keyId, token: keyToken } = await opened.addKey(nora, applicationId);
  return {
    desk: opened,
    nora,
    mallory,
    olga,
    noraToken: (await opened.addToken(nora)).token,
    malloryToken: (await opened.addToken(mallory)).token,
    olgaToken: (await opened.addToken(olga)).token,
    ...team,
    ownerInvitationId: await inviteOwner(opened, olga),
    applicationId,
    keyId,
    keyToken,
    noticeSlug: NOTICE,
    ...(await addWebhook(opened, 'team', nora)),
    ownerWebhook: await addWebhook(opened, 'owner', olga),
    policySlug: await draftPolicy(opened, olga),
    writtenNoticeId: await draftNoticeOf(opened, olga),
    ...(await addReports(opened, keyId)),
  };
}

async function addTeam({ addPerson, portal, kysely }: Desk, nora: Actor) {
  const [teamId = ''] = nora.teamIds;
  const { accountId: memberId } = await addPerson('wim');
  await kysely.insertInto('team_member').values({ team_id: teamId, account_id: memberId, role: 'viewer' }).execute();
  const email = `invited-${memberId}@consumer.example`;
  const invited = await portal.teams.invite(nora, teamId, email, 'viewer');
  const created = await portal.teams.create(nora, 'Empty');
  // Teams are listed by age, in milliseconds.
  await pause(2);
  const shared = await portal.teams.create(nora, 'Shared');
  if (!invited.ok || !created.ok || !shared.ok) throw new Error('the teams of the scene could not be made');
  const other = { team_id: shared.teamId, account_id: memberId, role: 'admin' } as const;
  await kysely.insertInto('team_member').values(other).execute();
  return {
    ...{ memberId, invitationId: invited.invitationId },
    ...{ emptyTeamId: created.teamId, sharedTeamId: shared.teamId },
  };
}

/** Owners share these, and each scene has another owner. */
async function inviteOwner({ portal, kysely }: Desk, olga: Actor): Promise<string> {
  await kysely.deleteFrom('invitation').where('team_id', 'is', null).execute();
  const invited = await portal.directory.inviteOwner(olga, `next-${olga.accountId}@provider.example`);
  if (!invited.ok) throw new Error(invited.reason);
  return invited.invitationId;
}

async function addWebhook(
  { portal }: Desk,
  audience: WebhookAudience,
  actor: Actor,
): Promise<{ webhookId: string; deliveryId: string }> {
  const desk = portal.webhooks[audience];
  // Owners share theirs, and each scene has another owner.
  for (const { id } of audience === 'owner' ? await desk.list(actor) : []) await desk.remove(actor, id);
  const created = await desk.create(actor, { url: 'http://127.0.0.1:9/first', description: '', eventTypes: [] });
  const webhookId = created.ok ? created.endpoint.id : '';
  const sent = await desk.sendTest(actor, webhookId);
  return { webhookId, deliveryId: sent.ok ? sent.deliveryId : '' };
}

/** The one policy there is: a draft of the first revision. */
async function draftPolicy({ portal, kysely }: Desk, olga: Actor): Promise<string> {
  await kysely.deleteFrom('policy_told').execute();
  await kysely.deleteFrom('security_policy').execute();
  const drafted = await portal.policies.owner.draft(olga, {
    title: 'Every key ends',
    reason: 'Keys that nobody looks after are found by others.',
    apiSlug: 'parcels',
    planSlug: 'free',
    environment: 'all',
    rules: [{ kind: 'expiry_required', days: 365 }],
    dates: NO_DATES,
  });
  if (!drafted.ok) throw new Error(drafted.reason);
  return drafted.policy.slug;
}

/** What readers said of a guide, and a report of a weakness. */
async function addReports({ portal, kysely }: Desk, keyId: string): Promise<{ commentId: string; reportId: string }> {
  await kysely.deleteFrom('page_feedback').execute();
  const commentId = `fbk_${keyId.slice(4)}`;
  const said = { page: '/guides/keys', revision: '1', clear: 0, comment: 'What is an overlap?', created_at_ms: 1 };
  await kysely
    .insertInto('page_feedback')
    .values({ id: commentId, ...said })
    .execute();
  // One address may report a few times a day only.
  await kysely.deleteFrom('allowance').execute();
  const filed = await portal.securityReports.file({ text: 'The link can be guessed.', email: null }, ORIGIN);
  if (!filed.ok) throw new Error(filed.reason);
  return { commentId, reportId: filed.reportId };
}
