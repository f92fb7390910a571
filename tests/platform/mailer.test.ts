import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { MailError, createMailer, listKeptMails } from '../../src/platform/mailer.ts';
import { systemRandom } from '../../src/platform/random.ts';

const mail = { to: 'ada@example.com', subject: 'Verify your e-mail address', text: 'Hello,\n\nhere is a link.\n' };
const running = new AbortController().signal;

let dataDir: string;
let nowMs = Date.parse('2026-03-01T12:00:00Z');
let closers: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-mailer-'));
});
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
  closers = [];
  rmSync(dataDir, { recursive: true });
});

const mailer = (smtpUrl: string | null) =>
  createMailer({
    smtpUrl,
    mailFrom: 'portal@example.com',
    dataDir,
    clock: { nowMs: () => nowMs },
    random: systemRandom,
  });

interface Received {
  from: string;
  to: string[];
  parsed: ParsedMail;
}

/** A real mail server on an ephemeral port. */
async function startSmtpServer(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, { envelope }, done) {
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const to = envelope.rcptTo.map((recipient) => recipient.address);
      void simpleParser(stream).then((parsed) => {
        received.push({ from, to, parsed });
        done();
      });
    },
    ...options,
  });
  // Clients that break off are part of the tests.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise<void>((resolve) => server.close(resolve)));
  const { port } = server.server.address() as AddressInfo;
  return { received, url: `smtp://127.0.0.1:${port}` };
}

/** A server of our own wording, for what a proper one never does. */
async function startRawServer(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

describe('over SMTP', () => {
  test('a mail arrives at exactly one recipient, as plain text, marked as made by a machine', async () => {
    const { received, url } = await startSmtpServer();
    await mailer(url).send(mail, running);
    expect(received).toMatchObject([{ from: 'portal@example.com', to: ['ada@example.com'] }]);
    const parsed = received[0]?.parsed;
    expect(parsed).toMatchObject({ subject: mail.subject, text: mail.text, html: false });
    expect(parsed?.headers.get('auto-submitted')).toBe('auto-generated');
  });

  test.each([
    'a@a.test, evil@x.test',
    'a@a.test\r\nRCPT TO:<evil@x.test>',
    'a@a.test>\r\nRCPT TO:<evil@x.test',
    '"a@a.test, evil@x.test"',
    'Ada <a@a.test>',
    'a@a.test evil@x.test',
    'a@evil.test@a.test',
    `${'a'.repeat(250)}@a.test`,
    '',
  ])('the address %j never reaches a mail server', async (to) => {
    const { received, url } = await startSmtpServer();
    await expect(mailer(url).send({ ...mail, to }, running)).rejects.toThrow('not one plain address');
    expect(received).toHaveLength(0);
  });

  test('line breaks in a subject make no header', async () => {
    const { received, url } = await startSmtpServer();
    await mailer(url).send({ ...mail, subject: 'Hello\r\nBcc: evil@x.test\r\n\r\nbody' }, running);
    expect(received[0]?.to).toEqual(['ada@example.com']);
    expect(received[0]?.parsed.headers.has('bcc')).toBe(false);
    expect(received[0]?.parsed.text).toBe(mail.text);
  });

  test('a refusal is told by its code only, because a server may quote the mail', async () => {
    const { url } = await startSmtpServer({
      onRcptTo: (address, _session, done) =>
        done(Object.assign(new Error(`${address.address} who?`), { responseCode: 550 })),
    });
    const failure = await mailer(url)
      .send(mail, running)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MailError);
    expect(failure).toMatchObject({ message: 'EENVELOPE 550' });
  });

  test('a server that says nothing is left when the attempt ends', async () => {
    const attempt = new AbortController();
    const connected = Promise.withResolvers<Socket>();
    const server = await startRawServer(connected.resolve);
    const sending = mailer(`smtp://${server}`).send(mail, attempt.signal);
    const closed = connected.promise.then((socket) => new Promise((resolve) => socket.on('close', resolve)));
    await connected.promise;
    attempt.abort();
    await expect(sending).rejects.toBeInstanceOf(MailError);
    await closed;
  });

  test('a server that is not there is an error, not a crash', async () => {
    const server = await startRawServer((socket) => socket.destroy());
    await expect(mailer(`smtp://${server}`).send(mail, running)).rejects.toBeInstanceOf(MailError);
    await expect(mailer('smtp://127.0.0.1:1').send(mail, running)).rejects.toThrow('ESOCKET');
  });

  test('smtps never falls back to plain text: no byte of the mail is sent to a server without TLS', async () => {
    const chunks: Buffer[] = [];
    const server = await startRawServer((socket) => {
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.end('220 plain.example ESMTP\r\n');
    });
    await expect(mailer(`smtps://${server}`).send(mail, running)).rejects.toBeInstanceOf(MailError);
    expect(Buffer.concat(chunks).toString('latin1')).not.toMatch(/EHLO|MAIL FROM|ada@example\.com/);
  });

  test('a server whose STARTTLS somebody took away gets neither the password nor the mail', async () => {
    // 0.0.0.0 reaches this machine, but is not an address that the mailer takes for it.
    const { received, url } = await startSmtpServer({
      authOptional: true,
      onAuth: (_a, _s, done) => done(null, { user: 1 }),
    });
    const stripped = url.replace('127.0.0.1', 'name:password@0.0.0.0');
    await expect(mailer(stripped).send(mail, running)).rejects.toThrow('ETLS');
    expect(received).toHaveLength(0);
    await mailer(`${stripped}/?requireTLS=false`).send(mail, running);
    expect(received).toHaveLength(1);
  });
});

describe('without SMTP_URL', () => {
  test('mails are kept as files that only this user can read, newest first', async () => {
    expect(await listKeptMails(dataDir)).toEqual([]);
    await mailer(null).send(mail, running);
    nowMs += 1000;
    await mailer(null).send({ ...mail, to: 'grace@example.com' }, running);
    expect(await listKeptMails(dataDir)).toMatchObject([
      { to: 'grace@example.com', sentAtMs: nowMs },
      { to: 'ada@example.com', subject: mail.subject, text: mail.text, sentAtMs: nowMs - 1000 },
    ]);
    const folder = join(dataDir, 'mail');
    const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map((path) => statSync(path).mode);
    expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(['700', '600', '600']);
  });
});

test('further headers arrive unbroken, and cannot bring another one along', async () => {
  const { received, url } = await startSmtpServer();
  const link = `<https://portal.example/notices/unsubscription?token=acc_${'a'.repeat(20)}.${'b'.repeat(43)}>`;
  const headers = { 'List-Unsubscribe': link, 'X-Split': 'a\r\nBcc: eve@example.com' };
  await mailer(url).send({ ...mail, headers }, running);
  const lines = received[0]?.parsed.headerLines.map(({ key, line }) => [key, line.replaceAll(/\r?\n(?=[ \t])/g, '')]);
  expect(lines).toContainEqual(['list-unsubscribe', `List-Unsubscribe: ${link}`]);
  expect(lines?.map(([key]) => key)).not.toContain('bcc');
  expect(received[0]?.to).toEqual([mail.to]);
});
