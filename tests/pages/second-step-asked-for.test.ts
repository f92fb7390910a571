import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { mailedPath, tokenOf } from './mailbox.ts';
import { routes } from './route-matrix.ts';
import { PASSWORD, createVisitor, signedInVisitor } from './visitor.ts';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess({ SECOND_STEP_FOR: 'everybody' });
});
afterAll(() => portal.stop());

/** What somebody with a password alone may open, to have more than that. */
const LEADS_TO_SECOND_STEP = /^\/(account\/(two-step|passkeys)|sign-in|sign-out|sign-up|verify-email)(\/|$)/;
const PUBLIC = new Set(['everyone', 'guests', 'nobody']);

test('where a second step is asked for, a password alone opens nothing else, and everything once it is there', async () => {
  const person = await signedInVisitor(portal.portalUrl);
  const closed = routes.filter(({ path, read }) => !PUBLIC.has(read) && !LEADS_TO_SECOND_STEP.test(path));
  expect(closed.length).toBeGreaterThan(60);
  for (const { path, read, post } of closed) {
    const address = path.replaceAll(/\[[^\]]+\]/g, 'x');
    const page = await person.get(address);
    expect([page.status, page.location?.split('?')[0]], path).toEqual(
      read === 'owners' ? [404, undefined] : [303, '/sign-in'],
    );
    if (post) expect((await person.post(address, post.form())).status, path).not.toBe(200);
  }
  const sent = await person.post('/applications/new', { name: 'Depot', description: '' });
  expect(sent.location).toMatch(/^\/sign-in/);
  expect((await person.get('/docs')).status).toBe(200);

  expect((await person.get('/sign-in?next=%2Fhome')).location).toBe('/account/two-step');
  const asked = await person.get('/account/two-step');
  expect(asked.text('main')).toContain('Set up a second step to go on');
  expect(asked.text('main')).toContain('Confirm your e-mail address first');
  expect((await person.post('/sign-up/check-mail?next=/account/two-step')).status).toBe(200);
  const token = tokenOf(await mailedPath(portal.portalUrl, person.email, '/verify-email?'));
  await person.post('/verify-email', { token });
  await person.post('/account/two-step/setup');
  const setup = await person.get('/account/two-step');
  const app = new TOTP({ secret: (setup.text('#setup-key') ?? '').replaceAll(' ', '') });
  const on = await person.post('/account/two-step', { code: app.generate() });
  const [recoveryCode = ''] = (on.text('#recovery-codes') ?? '').split(/\s+/);
  expect((await person.get('/home')).status).toBe(200);
  expect((await person.get('/applications')).text('main')).not.toContain('Depot');

  const thief = createVisitor(portal.portalUrl);
  await thief.post('/sign-in', { email: person.email, password: PASSWORD });
  expect((await thief.get('/home')).location).toBe('/sign-in');
  await thief.post('/sign-in/code', { code: recoveryCode });
  expect((await thief.get('/home')).status).toBe(200);
});
