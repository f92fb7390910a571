import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createAccountStore } from '../../src/accounts/account-store.ts';
import { type ApiKey, DAY_MS } from '../../src/keys/api-key.ts';
import { dormancyMail } from '../../src/key-reminders/dormancy-mail.ts';
import { leakMail } from '../../src/leaked-keys/leak-mail.ts';
import { QUERY_PLACE } from '../../src/leaked-keys/leaked-key.ts';
import { reminderMail } from '../../src/key-reminders/reminder-mail.ts';
import { keysRevokedMail } from '../../src/key-revocation/revocation-mail.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { resumedMail, suspendedMail } from '../../src/key-revocation/suspension-mail.ts';
import { withdrawalMail } from '../../src/key-reminders/withdrawal-mail.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { type House, NOW_MS, openHouse } from './house.ts';

const PORTAL = 'https://developers.example.com';
const DUE_MS = NOW_MS + 40 * DAY_MS;

let house: House;
let applicationId: string;
let key: ApiKey;
let about: { accountId: string; keyId: string };
beforeEach(async () => {
  house = await openHouse('sqlite');
  applicationId = await house.addApplication(house.nora);
  ({ key } = await house.addKey(applicationId, { expiresAtMs: DUE_MS }));
  about = { accountId: house.nora.accountId, keyId: key.id };
});
afterEach(() => house.test.close());

const deps = () => ({
  ...house.deps,
  accounts: createAccountStore(house.test.database, systemRandom),
  publicUrl: PORTAL,
});
const remind = (event: 'expiry' | 'rotation', dueAtMs = DUE_MS) => reminderMail(deps(), { ...about, event, dueAtMs });

describe('a reminder', () => {
  it('says when the key expires and links to its page', async () => {
    house.time.nowMs = DUE_MS - 7 * DAY_MS;
    const mail = await remind('expiry');
    expect(mail).toMatchObject({ to: house.nora.email, subject: 'The API key CI expires in 7 days' });
    expect(mail?.text).toContain('the API key "CI" of Depot expires on 3 January 2027 at 10:00 UTC');
    expect(mail?.text).toContain(`${PORTAL}/applications/${applicationId}/keys/${key.id}`);
  });

  it.each([
    [DUE_MS - 1, 'The API key CI expires within a day'],
    [DUE_MS, 'The API key CI has expired'],
  ])('sent at %s says "%s"', async (nowMs, subject) => {
    house.time.nowMs = nowMs;
    expect((await remind('expiry'))?.subject).toBe(subject);
  });

  it('of a rotation says when it is due', async () => {
    house.time.nowMs = DUE_MS - 14 * DAY_MS;
    expect((await remind('rotation'))?.subject).toBe('Rotate the API key CI in 14 days');
    expect((await remind('rotation', NOW_MS))?.subject).toBe('Rotate the API key CI: it is due');
  });

  it('is not sent once the key was rotated or revoked, or to who has left the team', async () => {
    const { key: revoked } = await house.addKey(applicationId, { expiresAtMs: DUE_MS });
    await revokeKey(house.deps, house.nora, { applicationId, keyId: revoked.id, reason: '' });
    const send = (keyId: string, accountId = about.accountId) =>
      reminderMail(deps(), { accountId, keyId, event: 'expiry', dueAtMs: DUE_MS });
    expect(await send(revoked.id)).toBeNull();
    expect(await send(key.id, house.mallory.accountId)).toBeNull();
    expect(await send(key.id)).not.toBeNull();
    await house.rotate(key);
    expect(await send(key.id)).toBeNull();
  });
});

describe('the mails about a suspension', () => {
  it('carry the message of the provider, marked as theirs line by line', async () => {
    const payload = { ...about, message: 'Too many calls.\nPlease write to us.' };
    const suspended = await suspendedMail(deps(), payload);
    expect(suspended?.subject).toBe('The API key CI was suspended');
    expect(suspended?.text).toContain('> Too many calls.\n> Please write to us.\n');
    expect((await resumedMail(deps(), payload))?.subject).toBe('The API key CI works again');
  });
});

describe('the mail about a leak', () => {
  it('says what was done, where the key was found, and what to do next', async () => {
    const found = await leakMail(deps(), { ...about, action: 'revoked', place: 'https://github.com/o/r' });
    expect(found?.subject).toBe('The API key CI has leaked and was revoked');
    expect(found?.text).toContain('A secret scan found it in https://github.com/o/r.');
    const reported = await leakMail(deps(), { ...about, action: 'suspended', place: '' });
    expect(reported?.text).toContain('Somebody who holds it reported it to us.\nIt was suspended');
    expect(reported?.text).toContain('1. Issue a new key');
  });
});

describe('the mail about a revocation of all keys', () => {
  const send = (scope: string | null, keys: number) => {
    const [teamId = ''] = house.nora.teamIds;
    const payload = { accountId: about.accountId, teamId, applicationId: scope, keys, reason: 'laptop stolen' };
    return keysRevokedMail(deps(), payload);
  };

  it('names the application or the team, the number of keys and the reason', async () => {
    const one = await send(applicationId, 1);
    expect(one).toMatchObject({ to: house.nora.email, subject: 'All API keys of Depot were revoked' });
    expect(one?.text).toContain('revoked: 1 key.');
    expect(one?.text).toContain('> laptop stolen');
    const all = await send(null, 12);
    expect(all?.subject).toBe('All API keys of your team were revoked');
    expect(all?.text).toContain('12 keys');
  });
});

describe('the mail about a key in a URL', () => {
  it('asks to rotate a key that goes on working, and says what was done with one that does not', async () => {
    const flagged = await leakMail(deps(), { ...about, action: 'flagged', place: QUERY_PLACE });
    expect(flagged?.subject).toBe('The API key CI was sent in a URL: rotate it');
    expect(flagged?.text).toContain('It still works.');
    const revoked = await leakMail(deps(), { ...about, action: 'revoked', place: QUERY_PLACE });
    expect(revoked?.text).toContain('It was sent in the URL of a call, and URLs are written to logs');
    await revokeKey(house.deps, house.nora, { applicationId, keyId: key.id, reason: '' });
    expect(await leakMail(deps(), { ...about, action: 'flagged', place: QUERY_PLACE })).toBeNull();
  });
});

describe('the mail about a lost token', () => {
  it.each([
    ['key_old', 'The rotation was undone: the old key works as it did before'],
    [null, 'issue another one and confirm it'],
  ])('with %s restored says what to do', async (restoredKeyId, text) => {
    const mail = await withdrawalMail(deps(), { ...about, restoredKeyId });
    expect(mail?.subject).toBe('The new API key CI was withdrawn: nobody confirmed it');
    expect(mail?.text).toContain(text);
  });
});

describe('the mail about a key that nobody uses', () => {
  const silent = { lastCalledAtMs: NOW_MS - 90 * DAY_MS, suspendAtMs: null };

  it('says since when, and whether it will be suspended', async () => {
    const mail = await dormancyMail(deps(), { ...about, ...silent });
    expect(mail?.subject).toBe('The API key CI is not used');
    expect(mail?.text).toContain('was last called on 26 August 2026 at 10:00 UTC');
    expect(mail?.text).toContain('If you keep it, there is nothing to do.');
    const warned = await dormancyMail(deps(), { ...about, lastCalledAtMs: null, suspendAtMs: NOW_MS + 14 * DAY_MS });
    expect(warned?.text).toMatch(/was never called[\s\S]*it is suspended on 8 December 2026/);
  });

  it('is not sent once the key has ended', async () => {
    await revokeKey(house.deps, house.nora, { applicationId, keyId: key.id, reason: '' });
    expect(await dormancyMail(deps(), { ...about, ...silent })).toBeNull();
  });
});
