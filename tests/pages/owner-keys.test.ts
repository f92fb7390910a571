import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { mailedPath, tokenOf } from './mailbox.ts';
import {
  type Visitor,
  createVisitor,
  issueKey,
  keyPathIn,
  newApplication,
  ownerVisitor,
  signedInVisitor,
  tokenIn,
} from './visitor.ts';

const MESSAGE = 'Your nightly job calls in a loop.\nPlease add a pause and write to us.';

let portal: PortalProcess;
let owner: Visitor;
beforeAll(async () => {
  portal = await startPortalProcess();
  owner = await ownerVisitor(portal);
});
afterAll(() => portal.stop());

interface Fixture {
  person: Visitor & { email: string };
  /** Of the key's page for its developers. */
  path: string;
  /** Of the key's page for owners. */
  ownerPath: string;
  keyId: string;
  token: string;
}

/** A key of somebody whose address is confirmed. */
async function newKey(): Promise<Fixture> {
  const person = await signedInVisitor(portal.portalUrl);
  const link = await mailedPath(portal.portalUrl, person.email, '/verify-email?');
  await person.post('/verify-email', { token: tokenOf(link) });
  const application = await newApplication(person, 'Night shift');
  await person.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
  const issued = await issueKey(person, application, { name: 'Nightly' });
  const path = keyPathIn(issued);
  const keyId = path.split('/').at(-1) ?? '';
  return { person, path, ownerPath: `/owner/keys/${keyId}`, keyId, token: tokenIn(issued) ?? '' };
}

/** Status and, of a refusal, its code. */
async function call(token: string): Promise<[number, unknown]> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${portal.gatewayUrl}/parcels/v2/parcels`, { headers });
  const body = (await answer.json()) as { code?: unknown };
  return [answer.status, answer.ok ? null : body.code];
}

/** The text of the mail with this subject to somebody; waits for it. */
function mailed(email: string, subject: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const mails = (await createVisitor(portal.portalUrl).get('/dev/mail')).all('.kept-mail');
      const texts = mails.map((mail) => mail.textContent).filter((text) => text.includes(email));
      const found = texts.find((text) => text.includes(subject));
      if (found === undefined) throw new Error(`no mail to ${email} with ${subject} yet`);
      return found;
    },
    { timeout: 60_000, interval: 200 },
  );
}

const badge = async (person: Visitor, path: string) => (await person.get(path)).text('.title-line .badge');

describe('an owner', () => {
  test('finds a key of any team by its id, and reads whose it is and what happened to it', async () => {
    const { ownerPath, keyId, token } = await newKey();
    expect((await owner.get('/owner')).all('a[href="/owner/keys"]')).toHaveLength(1);
    const found = await owner.post('/owner/keys', { keyId: ` ${keyId} ` });
    expect([found.status, found.location]).toEqual([303, ownerPath]);
    const page = await owner.get(ownerPath);
    expect([page.status, page.text('h1'), page.text('.title-line .badge')]).toEqual([200, 'Nightly', 'active']);
    expect(page.text('.facts')).toMatch(/^ApplicationNight shiftTeamperson-\d+Issued/);
    expect(page.text('.facts')).toContain('Last callnone yet');
    expect(page.text('.timeline')).toContain('Issued');
    expect(page.html).not.toContain(token);
  });

  test('who pastes a token or an unknown id is told so, and a token is not shown again', async () => {
    const { token } = await newKey();
    const pasted = await owner.post('/owner/keys', { keyId: token });
    expect([pasted.status, pasted.text('#keyId-error')]).toEqual([422, expect.stringContaining('not the token')]);
    expect(pasted.html).not.toContain(token);
    const unknown = await owner.post('/owner/keys', { keyId: `key_${'0'.repeat(20)}` });
    expect([unknown.status, unknown.text('#keyId-error')]).toEqual([
      422,
      expect.stringContaining('No key has this id'),
    ]);
  });

  test('suspends a key: its next call is refused and its team is told why; resumed, its next call passes', async () => {
    const { person, path, ownerPath, token } = await newKey();
    expect(await call(token)).toEqual([200, null]);

    const suspended = await owner.post(`${ownerPath}/suspension`, { message: MESSAGE });
    expect([suspended.status, suspended.location]).toEqual([303, ownerPath]);
    expect(await call(token)).toEqual([403, 'key_suspended']);
    expect(await badge(owner, ownerPath)).toBe('suspended');
    expect((await owner.get(ownerPath)).all('form[action$="/suspension"]')).toHaveLength(0);
    expect((await person.get(path)).text('.page-notice')).toContain('calls in a loop');
    const mail = await mailed(person.email, 'The API key Nightly was suspended');
    for (const line of MESSAGE.split('\n')) expect(mail).toContain(line);
    expect(mail).toContain(`${portal.portalUrl}${path}`);

    const resumed = await owner.post(`${ownerPath}/resumption`, { message: 'Thank you, it is quiet now.' });
    expect([resumed.status, resumed.location]).toEqual([303, ownerPath]);
    expect(await call(token)).toEqual([200, null]);
    expect(await mailed(person.email, 'The API key Nightly works again')).toContain('it is quiet now');
    for (const [reader, page] of [[owner, ownerPath] as const, [person, path] as const]) {
      const history = (await reader.get(page)).text('.timeline');
      expect(history).toMatch(/Resumed: Thank you, it is quiet now\..*Suspended: Your nightly job calls in a loop\./);
    }
    // Written four times a second.
    const facts = async () => (await owner.get(ownerPath)).text('.facts');
    await vi.waitFor(async () => expect(await facts()).toContain('from 127.0.0.1, allowed'), 60_000);
  });

  test('who gives no message, or comes second, changes nothing and keeps what was typed', async () => {
    const { ownerPath, token } = await newKey();
    const silent = await owner.post(`${ownerPath}/suspension`, { message: '' });
    expect([silent.status, silent.text('#message-error')]).toEqual([422, expect.stringContaining('Tell the team')]);
    const early = await owner.post(`${ownerPath}/resumption`, { message: MESSAGE });
    expect([early.status, early.text('main')]).toEqual([422, expect.stringContaining('This key is not suspended')]);
    expect(await call(token)).toEqual([200, null]);
    await owner.post(`${ownerPath}/suspension`, { message: MESSAGE });
    const second = await owner.post(`${ownerPath}/suspension`, { message: 'Another reason.' });
    expect([second.status, second.text('#message')]).toEqual([422, 'Another reason.']);
    expect(second.text('main')).toContain('suspended already');
    expect((await owner.get(ownerPath)).text('.page-notice')).toContain('calls in a loop');
  });
});

test('for everybody but owners, the key’s own developer too, the pages and forms are not there', async () => {
  const { person, ownerPath, keyId, token } = await newKey();
  for (const reader of [person, createVisitor(portal.portalUrl)]) {
    for (const path of ['/owner/keys', ownerPath, `${ownerPath}/suspension`, `${ownerPath}/resumption`]) {
      const statuses = [await reader.get(path), await reader.post(path, { message: MESSAGE, keyId })];
      expect(statuses.map(({ status, location }) => [status, location])).toEqual([
        [404, null],
        [404, null],
      ]);
    }
  }
  expect(await call(token)).toEqual([200, null]);
});
