import { afterAll, beforeAll, expect, test } from 'vitest';

import { NO_PASSWORD_HASH } from '../../src/passwords/password-hasher.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { issueKey, keyPathIn, newApplication, signedInVisitor } from './visitor.ts';

let portal: PortalProcess;
let database: Database<PortalSchema>;
beforeAll(async () => {
  portal = await startPortalProcess();
  database = openDatabase<PortalSchema>({ url: `sqlite:${portal.dataDir}/portal.sqlite` });
});
afterAll(async () => {
  await database.close();
  await portal.stop();
});

/** As if somebody had signed up with an account elsewhere. */
async function withoutPassword() {
  const person = await signedInVisitor(portal.portalUrl);
  const none = { password_hash: NO_PASSWORD_HASH };
  await database.kysely.updateTable('account').set(none).where('email', '=', person.email).execute();
  const age = async (ms: number) => {
    const own = database.kysely.selectFrom('account').select('id').where('email', '=', person.email);
    const older = database.kysely
      .updateTable('session')
      .set((row) => ({ created_at_ms: row('created_at_ms', '-', ms) }));
    await older.where('account_id', '=', own).execute();
  };
  return { person, age };
}

test('an account without a password changes its address after a recent sign-in, and is not asked for one', async () => {
  const { person, age } = await withoutPassword();
  const page = await person.get('/account/email');
  expect([page.status, page.all('input[type=password]').length, page.all('#email').length]).toEqual([200, 0, 1]);
  const guessed = await person.post('/account/email', { email: 'new@example.com', currentPassword: 'anything' });
  expect(guessed.status).toBe(422);
  const asked = await person.post('/account/email', { email: `new-${person.email}` });
  expect([asked.status, asked.text('main')]).toEqual([200, expect.stringContaining(`new-${person.email}`) as string]);
  await age(11 * 60_000);
  for (const late of [
    await person.get('/account/email'),
    await person.post('/account/email', { email: 'x@example.com' }),
  ])
    expect([late.status, late.location]).toEqual([303, '/sign-in/again?next=%2Faccount%2Femail']);
});

test('an account with a password cannot leave it out', async () => {
  const person = await signedInVisitor(portal.portalUrl);
  const page = await person.post('/account/email', { email: 'other@example.com' });
  expect([page.status, page.text('#currentPassword-error')]).toEqual([422, 'Enter your password.']);
});

test('changing a password that there is not leads to choosing one by mail', async () => {
  const { person } = await withoutPassword();
  expect((await person.get('/account/password')).location).toBe('/password-reset');
});

test('letting more through with a key says how to confirm who is there', async () => {
  const { person, age } = await withoutPassword();
  const application = await newApplication(person);
  const path = keyPathIn(await issueKey(person, application, { allowlist: '10.0.0.0/8' }));
  await age(11 * 60_000);
  const page = await person.post(`${path}/allowlist`, { allowlist: '', step: 'save' });
  expect([page.status, page.all('input[type=password]').length]).toEqual([422, 0]);
  expect(page.all('main a[href^="/sign-in/again?next="]')).toHaveLength(1);
});
