import { afterAll, beforeAll, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { mailedSubjects } from '../pages/mailbox.ts';
import { PASSWORD, createVisitor, newApplication, signedInVisitor } from '../pages/visitor.ts';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

test('everything about an account is one download', async () => {
  const person = await signedInVisitor(portal.portalUrl);
  expect((await person.get('/account')).all('a[href="/account/privacy"]')).toHaveLength(1);
  expect((await person.get('/account/privacy')).all('a[href="/account/privacy/export"]')).toHaveLength(1);
  const page = await person.get('/account/privacy/export');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  expect(page.headers.get('content-disposition')).toMatch(/^attachment; filename="account-\d{4}-\d\d-\d\d\.json"$/);
  expect(page.headers.get('cache-control')).toBe('private, no-store');
  const data = JSON.parse(page.html) as { account: { email: string }[] };
  expect(data.account).toMatchObject([{ email: person.email }]);
  for (const secret of [PASSWORD, person.cookies.get('gatehouse') ?? '']) expect(page.html).not.toContain(secret);
});

test('an account is deleted on request, after its address was typed, and kept by signing in', async () => {
  const person = await signedInVisitor(portal.portalUrl);
  await newApplication(person);
  const asked = await person.get('/account/privacy');
  expect(asked.text('main')).toContain('1 application with 0 keys');
  const wrong = await person.post('/account/privacy', { confirmation: 'not@mine.example' });
  expect([wrong.status, wrong.text('#confirmation-error')]).toEqual([
    422,
    'Type the e-mail address of the account to confirm.',
  ]);

  const page = await person.post('/account/privacy', { confirmation: person.email.toUpperCase() });
  expect([page.status, page.text('h1')]).toEqual([200, 'Your account will be deleted']);
  expect(page.all('main time')).toHaveLength(1);
  expect(person.cookies.has('gatehouse')).toBe(false);
  expect((await person.get('/account')).location).toMatch(/^\/sign-in/);
  await expect
    .poll(() => mailedSubjects(portal.portalUrl, person.email), { timeout: 15_000 })
    .toContain('Your account will be deleted');

  const again = createVisitor(portal.portalUrl);
  expect((await again.post('/sign-in', { email: person.email, password: PASSWORD })).location).toBe('/home');
  expect((await again.get('/account/privacy')).text('h1')).toBe('Your data');
});
