import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { mailedPath, mailedSubjects, tokenOf } from './mailbox.ts';
import { PASSWORD, type Visitor, issueKey, newApplication, ownerVisitor, signedInVisitor, tokenIn } from './visitor.ts';

let portal: PortalProcess;
let owner: Visitor;
let nora: Visitor & { email: string };
beforeAll(async () => {
  portal = await startPortalProcess();
  const email = 'owner@provider.example';
  owner = await ownerVisitor(portal, email);
  await confirm(owner, email);
  nora = await signedInVisitor(portal.portalUrl);
  await confirm(nora, nora.email);
});
afterAll(() => portal.stop());

async function confirm(person: Visitor, email: string): Promise<void> {
  const link = await mailedPath(portal.portalUrl, email, '/verify-email?');
  await person.post('/verify-email', { token: tokenOf(link) });
}

/** The code of a refused call; null when it passed. */
async function call(token: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${portal.gatewayUrl}/parcels/v2/services`, { headers });
  const body = (await answer.json()) as { code?: unknown };
  return answer.ok ? null : body.code;
}

test('a form for a team keeps what was typed and says beside the field what is wrong', async () => {
  const page = await nora.post('/teams', { name: ' ' });
  expect(page.status).toBe(422);
  expect(page.text('#name-error')).toBe('Enter a name.');
  const made = await nora.post('/teams', { name: 'Night shift' });
  const invited = await nora.post(`${made.location ?? ''}/invitations`, { email: 'kim@', role: 'manager' });
  expect(invited.status).toBe(422);
  expect(invited.all('[name=email]')[0]?.getAttribute('value')).toBe('kim@');
  expect(invited.all('[value=manager]')[0]?.hasAttribute('checked')).toBe(true);
});

test('with several teams a new application asks for the team, and lists stand below its name', async () => {
  const form = await nora.get('/applications/new');
  const [, second] = form.all('#team option');
  const teamId = second?.getAttribute('value') ?? '';
  await nora.post('/applications', { name: 'Night courier', description: '', team: teamId });
  const foreign = await nora.post('/applications', { name: 'X', description: '', team: 'team_nobodys' });
  expect(foreign.status).toBe(422);
  expect(foreign.text('#team-error')).toContain('Choose a team');
  const list = await nora.get('/applications');
  expect(list.all('.group').map(({ textContent }) => textContent.trim())).toContain('Night shift');
});

test('an application that an owner suspends is refused at the gateway, says why, and goes on when it is resumed', async () => {
  const path = await newApplication(nora, 'Looping');
  await nora.post(`${path}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
  const token = tokenIn(await issueKey(nora, path)) ?? '';
  expect(await call(token)).toBeNull();
  const missing = await owner.post(`/owner${path}/suspension`, { message: '' });
  expect(missing.text('#message-error')).toContain('Say why');
  await owner.post(`/owner${path}/suspension`, { message: 'It calls in a loop.' });
  expect(await call(token)).toBe('application_suspended');
  expect((await nora.get(path)).text('.quoted')).toBe('It calls in a loop.');
  expect((await owner.get('/owner/applications?state=suspended')).text('main')).toContain('Looping');
  await owner.post(`/owner${path}/resumption`, { message: 'Thank you.' });
  expect(await call(token)).toBeNull();
  await vi.waitFor(
    async () => {
      const subjects = await mailedSubjects(portal.portalUrl, nora.email);
      expect(subjects).toEqual(expect.arrayContaining(['Suspended: Looping', 'Resumed: Looping']));
    },
    { timeout: 60_000, interval: 200 },
  );
});

test('a suspended account is signed out at once and cannot sign in', async () => {
  const sue = await signedInVisitor(portal.portalUrl);
  const list = await owner.get(`/owner/accounts?q=${encodeURIComponent(sue.email)}`);
  const path = list.all('tbody a')[0]?.getAttribute('href') ?? '';
  await owner.post(`${path}/suspension`, { message: 'Spam.' });
  expect((await sue.get('/home')).location).toContain('/sign-in');
  expect((await sue.post('/sign-in', { email: sue.email, password: PASSWORD })).status).toBe(422);
});

test('a second owner comes by a mailed link, and the first can be removed then', async () => {
  const oscar = await signedInVisitor(portal.portalUrl);
  const before = await owner.get('/owner/owners');
  const first = before.all('a[href$="/removal"]')[0]?.getAttribute('href') ?? '';
  const refused = await owner.post(first, {});
  expect(refused.status).toBe(422);
  expect(refused.text('[role=alert]')).toContain('only owner');
  await owner.post('/owner/owners', { email: oscar.email });
  const link = await mailedPath(portal.portalUrl, oscar.email, '/teams/invitation?');
  expect((await oscar.get(link)).text('h1')).toBe('You are invited');
  const accepted = await oscar.post('/teams/invitation', { token: tokenOf(link), answer: 'accept' });
  expect(accepted.location).toBe('/owner');
  expect((await oscar.get('/owner')).status).toBe(200);
  const path = (await owner.get('/owner/owners')).all('a[href$="/removal"]').at(-1)?.getAttribute('href') ?? '';
  expect((await owner.post(path, {})).location).toBe('/owner/owners');
  expect((await oscar.get('/owner')).status).toBe(404);
});

test('a plan that needs approval waits for an owner, and its calls pass once it is approved', async () => {
  const database = openDatabase<PortalSchema>({ url: `sqlite:${join(portal.dataDir, 'portal.sqlite')}` });
  await database.kysely.updateTable('plan').set({ approval_required: 1 }).where('slug', '=', 'pro').execute();
  await database.close();
  const path = await newApplication(nora, 'Warehouse');
  expect((await nora.get(path)).text('main')).toContain('The provider approves each use of it.');
  await nora.post(`${path}/subscriptions`, { apiSlug: 'parcels', planSlug: 'pro' });
  const token = tokenIn(await issueKey(nora, path)) ?? '';
  expect((await nora.get(path)).text('main')).toContain('It waits for the provider');
  expect(await call(token)).toBe('not_subscribed');
  expect((await owner.get('/owner')).text('main')).toContain('1 request waits for an owner');
  const request = (await owner.get('/owner/requests')).all('tbody th a')[0]?.getAttribute('href') ?? '';
  const unexplained = await owner.post(request, { decision: 'decline', message: '' });
  expect(unexplained.text('#message-error')).toContain('why');
  expect((await owner.post(request, { decision: 'approve', message: '' })).location).toBe('/owner/requests');
  expect(await call(token)).toBeNull();
});
