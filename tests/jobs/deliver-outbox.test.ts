import { afterEach, beforeEach, expect, test } from 'vitest';

import { signUpAttemptMail, verificationMail } from '../../src/email-addresses/verification-mail.ts';
import { verifyEmail } from '../../src/email-addresses/verify-email.ts';
import { type MailWriters, deliverDue, startOutboxDelivery } from '../../src/jobs/deliver-outbox.ts';
import { createLog } from '../../src/platform/log.ts';
import { type Mail, MailError } from '../../src/platform/mailer.ts';
import { ADA, DAY_MS, GRACE, MINUTE_MS, type Parts, openParts, signedIn, signedUp } from '../accounts/parts.ts';

const running = new AbortController().signal;

let parts: Parts;
let sent: Mail[];
/** What the mail server does next; by default it takes the mail over. */
let server: (mail: Mail, signal: AbortSignal) => Promise<void>;

beforeEach(async () => {
  parts = await openParts();
  sent = [];
  server = (mail) => {
    sent.push(mail);
    return Promise.resolve();
  };
});
afterEach(() => parts.close());

/** Kinds that are not queued here need no writer. */
const writers: Partial<MailWriters> = {
  'mail.verify_email': (payload) => verificationMail(parts, payload),
  'mail.sign_up_attempt': (payload) => signUpAttemptMail(parts, payload),
};
const delivery = () => ({
  outbox: parts.outbox,
  mailer: { send: (mail: Mail, signal: AbortSignal) => server(mail, signal) },
  writers: writers as MailWriters,
  clock: parts.clock,
  log: createLog('test', 'silent'),
});
const outboxRow = () => parts.db.selectFrom('outbox').selectAll().executeTakeFirstOrThrow();
const refuse = () => Promise.reject(new MailError('EENVELOPE 450'));

test('what is queued is sent once, with a link that works', async () => {
  await signedUp(parts);
  expect(await deliverDue(delivery(), running)).toBe(1);
  expect(await deliverDue(delivery(), running)).toBe(0);
  expect(sent).toMatchObject([{ to: ADA.email }]);
  const token = /token=([\w-]+)/.exec(sent[0]?.text ?? '')?.[1] ?? '';
  expect(await verifyEmail(parts, (await signedIn(parts)).actor, token)).toMatchObject({ ok: true });
});

test('a mail that nobody needs any more is not sent', async () => {
  const accountId = await signedUp(parts);
  await parts.db.updateTable('account').set({ email_verified_at_ms: 1 }).where('id', '=', accountId).execute();
  await deliverDue(delivery(), running);
  expect(sent).toEqual([]);
  expect(await outboxRow()).toMatchObject({ done_at_ms: parts.clock.now, last_error: null });
});

test('a refused mail is tried again after 10, 20, 40 seconds and so on, and given up after a day', async () => {
  await signedUp(parts);
  server = refuse;
  const createdAtMs = parts.clock.now;
  const waits: number[] = [];
  for (let row = await outboxRow(); row.done_at_ms === null; row = await outboxRow()) {
    waits.push(row.available_at_ms - parts.clock.now);
    parts.clock.now = row.available_at_ms;
    expect(await deliverDue(delivery(), running)).toBe(1);
  }
  expect(waits.slice(0, 5)).toEqual([0, 10_000, 20_000, 40_000, 80_000]);
  expect(parts.clock.now - createdAtMs).toBeLessThan(DAY_MS);
  expect(waits).toHaveLength(14);
  expect((await outboxRow()).last_error).toBe('EENVELOPE 450');
});

test('the link of a mail that came late still has its ten minutes', async () => {
  await signedUp(parts);
  server = refuse;
  await deliverDue(delivery(), running);
  parts.clock.now += 60 * MINUTE_MS;
  server = (mail) => Promise.resolve(void sent.push(mail));
  await deliverDue(delivery(), running);
  const token = /token=([\w-]+)/.exec(sent[0]?.text ?? '')?.[1] ?? '';
  expect(await verifyEmail(parts, (await signedIn(parts)).actor, token)).toMatchObject({ ok: true });
});

test('one mail that hangs or fails holds up no other', async () => {
  await signedUp(parts, ADA);
  await signedUp(parts, GRACE);
  const attempt = new AbortController();
  server = (mail, signal) => {
    if (mail.to !== ADA.email) return Promise.resolve(void sent.push(mail));
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new MailError('ETIMEDOUT'))));
  };
  const looking = deliverDue(delivery(), attempt.signal);
  await expect.poll(() => sent.map((mail) => mail.to)).toEqual([GRACE.email]);
  attempt.abort();
  await looking;
  const errors = await parts.db.selectFrom('outbox').select('last_error').orderBy('last_error').execute();
  expect(errors.map((row) => row.last_error).filter(Boolean)).toEqual(['ETIMEDOUT']);
});

test('an unexpected error and a kind of a newer version are retried, and nothing of the error is kept', async () => {
  await signedUp(parts);
  server = () => Promise.reject(new Error('secret text'));
  await deliverDue(delivery(), running);
  expect(await outboxRow()).toMatchObject({ done_at_ms: null, last_error: 'unexpected error' });
  await parts.db.updateTable('outbox').set({ kind: 'mail.of_tomorrow', available_at_ms: 0 }).execute();
  await deliverDue(delivery(), running);
  expect(await outboxRow()).toMatchObject({ done_at_ms: null, last_error: 'unknown kind' });
});

test('the loop delivers by itself, at once when poked, and stops in the middle of a hanging attempt', async () => {
  const loop = startOutboxDelivery(delivery());
  await signedUp(parts, ADA);
  loop.poke();
  await expect.poll(() => sent.map((mail) => mail.to)).toEqual([ADA.email]);
  const hanging = Promise.withResolvers<undefined>();
  server = (_, signal) => {
    hanging.resolve(undefined);
    return new Promise((__, reject) => signal.addEventListener('abort', () => reject(new MailError('EABORT'))));
  };
  await signedUp(parts, GRACE);
  await hanging.promise;
  await loop.stop();
  const waiting = await parts.db.selectFrom('outbox').select('last_error').where('done_at_ms', 'is', null).execute();
  expect(waiting).toEqual([{ last_error: 'EABORT' }]);
});
