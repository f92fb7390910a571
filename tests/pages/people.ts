import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { addNotice } from './notice-objects.ts';
import { addPolicy, announcePolicy } from './policy-objects.ts';
import type { WatchedPortal } from './watched-portal.ts';
import { type WebhookIds, addWebhook } from './webhook-objects.ts';

export type Role =
  'anonymous' | 'signed out' | 'API key' | 'unverified' | 'developer' | 'neighbour' | 'manager' | 'viewer' | 'owner';

/** What an account has; every name holds the role, so that it is recognised wherever it turns up. */
export interface Belongings {
  email: string;
  accountId: string;
  teamId: string;
  applicationId: string;
  /** A second application of the same team, without keys. */
  otherApplicationId: string;
  keyId: string;
  webhook: WebhookIds;
  /** One of the owners; only an owner has it. */
  ownersWebhook: WebhookIds | null;
  /** A draft; only an owner has it. */
  policy: { policyId: string } | null;
  /** A draft; only an owner has it. */
  notice: { noticeId: string } | null;
}

export interface Person {
  role: Role;
  /** Value of the cookie that they send; null for none. */
  session: string | null;
  /** Used up where a session ends. */
  spareSession: string | null;
  /** A token to send as bearer. */
  apiKey: string | null;
  isSignedIn: boolean;
  /** In the team that has what the person owns. */
  teamRole: 'admin' | 'manager' | 'viewer';
  owns: Belongings | null;
}

export type Cast = Readonly<Record<Role, Person>>;

export const PASSWORD = 'seven herons cross the estuary';
export const KEY_NAME = 'Build server';

/** Everybody the portal knows, made through its own pages: sign-up, mail, sign-in, application, key. */
export async function makeCast(portal: WatchedPortal): Promise<Cast> {
  await createOwner(portal);
  for (const role of ['unverified', 'developer', 'neighbour', 'manager', 'viewer'] as const)
    await signUp(portal, emailOf(role));
  await verify(portal, emailOf('developer'));
  await verify(portal, emailOf('neighbour'));
  await verify(portal, emailOf('manager'));
  await verify(portal, emailOf('viewer'));
  const ended = await signIn(portal, emailOf('developer'));
  await portal.send({ path: '/sign-out', session: ended, form: {} });
  const nobody = {
    session: null,
    spareSession: null,
    apiKey: null,
    isSignedIn: false,
    teamRole: 'admin',
    owns: null,
  } as const;
  const developer = await settle(portal, 'developer');
  const { token } = await issueKey(portal, developer.session ?? '', developer.owns?.applicationId ?? '');
  return {
    anonymous: { ...nobody, role: 'anonymous' },
    'signed out': { ...nobody, role: 'signed out', session: ended },
    'API key': { ...nobody, role: 'API key', apiKey: token },
    unverified: await settle(portal, 'unverified'),
    developer,
    neighbour: await settle(portal, 'neighbour'),
    manager: await settleAs(portal, 'manager'),
    viewer: await settleAs(portal, 'viewer'),
    owner: await settle(portal, 'owner'),
  };
}

export function emailOf(role: Role): string {
  return `${role}@consumer.example`;
}

export async function signUp(portal: WatchedPortal, email: string): Promise<void> {
  await expectRedirect(portal, { path: '/sign-up', form: { email, password: PASSWORD } });
}

export async function signIn(portal: WatchedPortal, email: string): Promise<string> {
  const answer = await portal.send({ path: '/sign-in', form: { email, password: PASSWORD } });
  const session = /^gatehouse=([^;]+)/.exec(answer.headers.get('set-cookie')?.[0] ?? '')?.[1];
  if (answer.status !== 303 || session === undefined) throw new Error(`${email} cannot sign in: ${answer.status}`);
  return session;
}

async function createOwner(portal: WatchedPortal): Promise<void> {
  const token = new URL(portal.process.firstOwnerUrl).searchParams.get('token') ?? '';
  await expectRedirect(portal, { path: '/first-owner', form: { token, email: emailOf('owner'), password: PASSWORD } });
}

async function verify(portal: WatchedPortal, email: string): Promise<void> {
  const session = await signIn(portal, email);
  const form = { token: await mailedToken(portal, email) };
  const answer = await portal.send({ path: '/verify-email', session, form });
  if (answer.status !== 200) throw new Error(`${email} cannot be verified: ${answer.status}`);
}

/** Waits for the mail; the outbox is looked at every second. */
export async function mailedToken(portal: WatchedPortal, email: string): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { body } = await portal.send({ path: '/dev/mail' });
    const mail = body.split('<article').find((text) => text.includes(email));
    const token = /verify-email\?token=([\w-]+)/.exec(mail ?? '')?.[1];
    if (token !== undefined) return token;
    await sleep(50);
  }
  throw new Error(`no mail for ${email}`);
}

/** Signs in and makes what the person owns. */
async function settle(portal: WatchedPortal, role: Role): Promise<Person> {
  const email = emailOf(role);
  const session = await signIn(portal, email);
  const applicationId = await makeApplication(portal, session, `First of ${role}`);
  const otherApplicationId = await makeApplication(portal, session, `Second of ${role}`);
  const subscription = { apiSlug: 'parcels', planSlug: 'free' };
  await expectRedirect(portal, { path: `/applications/${applicationId}/subscriptions`, session, form: subscription });
  const { keyId } = await issueKey(portal, session, applicationId);
  const webhook = await addWebhook(portal, session, '/webhooks');
  const ownersWebhook = role === 'owner' ? await addWebhook(portal, session, '/owner/webhooks') : null;
  const policy = role === 'owner' ? await addPolicy(portal, session) : null;
  if (policy) await announcePolicy(portal, session);
  const notice = role === 'owner' ? await addNotice(portal, session) : null;
  const owns = {
    email,
    ...(await teamOf(portal, session)),
    applicationId,
    otherApplicationId,
    keyId,
    webhook,
    ownersWebhook,
    policy,
    notice,
  };
  return {
    role,
    session,
    spareSession: await signIn(portal, email),
    apiKey: null,
    isSignedIn: true,
    teamRole: 'admin',
    owns,
  };
}

/** What they have was made while they were admin of their team; from now on they have this role in it. */
async function settleAs(portal: WatchedPortal, role: 'manager' | 'viewer'): Promise<Person> {
  const person = await settle(portal, role);
  const database = openDatabase<PortalSchema>({ url: `sqlite:${join(portal.process.dataDir, 'portal.sqlite')}` });
  const members = database.kysely.updateTable('team_member').set({ role });
  await members.where('team_id', '=', person.owns?.teamId ?? '').execute();
  await database.close();
  return { ...person, teamRole: role };
}

/** Ids of the account and its team, from the team's page. */
async function teamOf(portal: WatchedPortal, session: string): Promise<{ teamId: string; accountId: string }> {
  const teamId = /\/teams\/(team_\w+)/.exec((await portal.send({ path: '/teams', session })).body)?.[1] ?? '';
  const { body } = await portal.send({ path: `/teams/${teamId}`, session });
  const accountId = /\/members\/(acc_\w+)\/role/.exec(body)?.[1];
  if (!accountId) throw new Error('no team page');
  return { teamId, accountId };
}

async function makeApplication(portal: WatchedPortal, session: string, name: string): Promise<string> {
  const location = await expectRedirect(portal, { path: '/applications', session, form: { name, description: '' } });
  return location.replace('/applications/', '');
}

let issued = 0;

/** A form for a new test key; no two are alike, since a form that is sent twice makes one key. */
export function newKeyForm(): Record<string, string> {
  issued += 1;
  const requestId = `request-${String(issued).padStart(16, '0')}`;
  return { name: KEY_NAME, environment: 'test', expiry: '90', allowlist: '127.0.0.0/8', requestId };
}

export async function issueKey(
  portal: WatchedPortal,
  session: string,
  applicationId: string,
): Promise<{ keyId: string; token: string }> {
  const answer = await portal.send({ path: `/applications/${applicationId}/keys`, session, form: newKeyForm() });
  const keyId = new RegExp(`/applications/${applicationId}/keys/([\\w-]+)"`).exec(answer.body)?.[1];
  const token = /gth_test_\w{36}/.exec(answer.body)?.[0];
  if (!keyId || !token) throw new Error(`no key issued: ${answer.status}`);
  return { keyId, token };
}

async function expectRedirect(portal: WatchedPortal, request: Parameters<WatchedPortal['send']>[0]): Promise<string> {
  const answer = await portal.send(request);
  if (answer.status !== 303) throw new Error(`${request.path} answered ${answer.status} to its form`);
  return answer.headers.get('location')?.[0] ?? '';
}
