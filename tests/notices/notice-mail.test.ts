import { afterEach, beforeEach, expect, test } from 'vitest';

import { deliverNotices } from '../../src/jobs/deliver-notices.ts';
import { changeMailPreference, unsubscribe } from '../../src/notices/change-mail-preference.ts';
import { noticeDigestMail } from '../../src/notices/notice-digest-mail.ts';
import { noticeMail, noticeReminderMail } from '../../src/notices/notice-mail.ts';
import { unsubscribeUrl } from '../../src/notices/unsubscribe-link.ts';
import {
  type Consumer,
  DAY_MS,
  HOUR_MS,
  NOW_MS,
  type Newsroom,
  advisory,
  deprecation,
  openNewsroom,
} from './newsroom.ts';

const END = '2026-11-24-v1-ends';
const LEAK = '2026-11-24-leak';

let room: Newsroom;
let nora: Consumer;

beforeEach(async () => {
  room = await openNewsroom('sqlite');
  nora = await room.addConsumer('nora');
  await room.call(nora, 1204);
  await deliverNotices(room.deps);
});
afterEach(() => room.close());

const payload = (slug: string) => ({
  accountId: nora.accountId,
  slug,
  revisionAtMs: room.deps.library.find(slug)?.publishedAtMs ?? 0,
});
const linkIn = (text: string): string => /https:\S+\?token=\S+/.exec(text)?.[0] ?? '';

test('a mail says what happens, which key is concerned and how much, and can be ended with one click', async () => {
  room.publish(END, deprecation('2026-11-24'));
  const mail = await noticeMail(room.deps, payload(END));
  expect(mail).toMatchObject({ to: nora.email, subject: 'Deprecation: Version 1 ends' });
  expect(mail?.text).toContain('Your key ci-prod called parcels v1 1,204 times this week; it sunsets in 12 days.');
  expect(mail?.text).toContain(`Read it: https://portal.example/notices/${END}\n`);
  const url = linkIn(mail?.text ?? '');
  expect(mail?.headers).toEqual({
    'List-Unsubscribe': `<${url}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  });
  const token = new URL(url).searchParams.get('token') ?? '';
  expect(await unsubscribe(room.deps, token)).toBe(true);
  expect(await unsubscribe(room.deps, token)).toBe(true);
  expect(await room.deps.responses.preference(nora.accountId)).toBe('none');
  expect(await noticeMail(room.deps, payload(END))).toBeNull();
});

test('security advisories have no way out, and are mailed whatever was chosen', async () => {
  await changeMailPreference(room.deps, nora, 'none');
  room.publish(LEAK, advisory('2026-11-24', 'low'));
  const mail = await noticeMail(room.deps, payload(LEAK));
  expect(mail?.subject).toBe('Security advisory (low): A leak');
  expect(mail).not.toHaveProperty('headers');
  expect(linkIn(mail?.text ?? '')).toBe('');
});

test('a token of somebody else, a changed one and a made-up one end nothing', async () => {
  const url = unsubscribeUrl('https://portal.example', room.deps.sessionSecret, nora.accountId);
  const token = new URL(url).searchParams.get('token') ?? '';
  const omar = await room.addConsumer('omar');
  const otherSecret = new TextEncoder().encode('another secret of thirty-two bytes');
  const forged = new URL(unsubscribeUrl('https://portal.example', otherSecret, nora.accountId)).searchParams.get(
    'token',
  );
  for (const wrong of [
    '',
    'x',
    `${token}x`,
    token.replace(nora.accountId, omar.accountId),
    token.slice(0, -1),
    forged ?? '',
  ])
    expect(await unsubscribe(room.deps, wrong), wrong).toBe(false);
  expect(await room.db.selectFrom('notice_preference').selectAll().execute()).toEqual([]);
});

test('a mail that comes late is not sent when its wording was replaced, or the account was suspended', async () => {
  room.publish(END, deprecation('2026-11-24'));
  const late = payload(END);
  await room.db.updateTable('account').set({ suspended_at_ms: 1 }).execute();
  expect(await noticeMail(room.deps, late)).toBeNull();
  await room.db.updateTable('account').set({ suspended_at_ms: null }).execute();
  expect(await noticeMail(room.deps, late)).not.toBeNull();
  room.publish(END, `${deprecation('2026-11-24')}\nupdated: 2026-11-24T09:00:00Z`);
  expect(await noticeMail(room.deps, late)).toBeNull();
});

test('a reminder that comes late is not sent to who has stopped', async () => {
  room.publish(END, deprecation('2026-11-24'));
  expect((await noticeReminderMail(room.deps, payload(END)))?.subject).toBe('Reminder: Version 1 ends');
  room.time.nowMs += 8 * DAY_MS;
  expect(await noticeReminderMail(room.deps, payload(END))).toBeNull();
});

test('the digest holds all that waited, and can be ended when something in it is optional', async () => {
  await room.call(nora, 5, { version: 'v2', start_ms: NOW_MS - 2 * DAY_MS });
  room.publish(END, deprecation('2026-11-24'));
  room.publish(LEAK, advisory('2026-11-24', 'medium'));
  await deliverNotices(room.deps);
  room.time.nowMs += DAY_MS - 2 * HOUR_MS;
  await deliverNotices(room.deps);
  const [item] = await room.queued('mail.notice_digest');
  const digest = item as unknown as { accountId: string; queuedAtMs: number };
  const mail = await noticeDigestMail(room.deps, digest);
  expect(mail?.subject).toBe('2 notices that concern you');
  expect(mail?.text).toMatch(/Security advisory \(medium\): A leak[\s\S]*Deprecation: Version 1 ends|Deprecation/);
  expect(mail?.headers).toHaveProperty('List-Unsubscribe');
  await changeMailPreference(room.deps, nora, 'none');
  const security = await noticeDigestMail(room.deps, digest);
  expect(security?.subject).toBe('Security advisory (medium): A leak');
  expect(security).not.toHaveProperty('headers');
});
