import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type SendMailOptions, createTransport } from 'nodemailer';
import { z } from 'zod';

import type { Clock } from './clock.ts';
import { type Random, randomBase62 } from './random.ts';

export interface Mail {
  /** Exactly one plain address. */
  to: string;
  subject: string;
  /** Plain text. */
  text: string;
  /** Further headers, of ASCII without line breaks. */
  headers?: Readonly<Record<string, string>>;
}

export interface Mailer {
  /**
   * Resolves when the mail server has taken the mail over.
   * @throws MailError, also when `signal` ends the attempt or the server is too slow.
   */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
}

/** Carries a short code such as `EAUTH 535`: what servers answer may quote the mail, so it is not kept. */
export class MailError extends Error {}

export interface MailerOptions {
  /** null keeps mails as files in `dataDir`. */
  smtpUrl: string | null;
  mailFrom: string;
  dataDir: string;
  clock: Clock;
  random: Random;
}

/** For one whole mail, so that a server that answers one byte a second holds nothing up either. */
const SEND_TIMEOUT_MS = 30_000;
const KEPT_MAILS_SHOWN = 100;

export function createMailer(options: MailerOptions): Mailer {
  return options.smtpUrl === null ? createFileMailer(options) : createSmtpMailer(options.smtpUrl, options.mailFrom);
}

function createSmtpMailer(smtpUrl: string, mailFrom: string): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    // STARTTLS is optional by itself, so that whoever sits between could take it away unnoticed.
    // Only a server on this machine, or `?requireTLS=false` in SMTP_URL, may do without.
    requireTLS: !isLoopback(new URL(smtpUrl).hostname),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: SEND_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail, signal) {
      const message: SendMailOptions & { signal: AbortSignal } = {
        // Objects, because a string would be parsed as a list of addresses (yardstick 0.4).
        from: { name: 'Gatehouse', address: mailFrom },
        to: { name: '', address: onlyAddress(mail.to) },
        subject: mail.subject,
        text: mail.text,
        headers: { ...mail.headers, 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(SEND_TIMEOUT_MS)]),
      };
      try {
        await transport.sendMail(message);
      } catch (error) {
        throw new MailError(errorCode(error));
      }
    },
  };
}

/** Second line behind the forms: nothing but one address may reach the envelope. */
function onlyAddress(address: string): string {
  if (address.length > 254 || !/^[^\s@,;:<>"()[\]\\]+@[^\s@,;:<>"()[\]\\]+$/.test(address)) {
    throw new MailError('not one plain address');
  }
  return address;
}

export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

function errorCode(error: unknown): string {
  const parsed = z
    .object({ code: z.string().default('unknown'), responseCode: z.number().optional() })
    .safeParse(error);
  if (!parsed.success) return 'unknown';
  return [parsed.data.code, parsed.data.responseCode].filter((part) => part !== undefined).join(' ');
}

const keptMail = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  sentAtMs: z.number(),
});

/** A mail that went into a file because no SMTP_URL is set. */
export type KeptMail = z.infer<typeof keptMail>;

function createFileMailer({ dataDir, clock, random }: MailerOptions): Mailer {
  return {
    async send({ to, subject, text }) {
      const sentAtMs = clock.nowMs();
      const id = `${String(sentAtMs).padStart(14, '0')}-${randomBase62(random, 8)}`;
      const kept: KeptMail = { id, to: onlyAddress(to), subject, text, sentAtMs };
      const folder = mailFolder(dataDir);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Written aside and renamed, so that a reader never sees half a mail.
      const path = join(folder, `${id}.json`);
      await writeFile(`${path}.part`, JSON.stringify(kept, null, 2), { mode: 0o600, flag: 'wx' });
      await rename(`${path}.part`, path);
    },
  };
}

/** The newest hundred mails that were kept as files, newest first. */
export async function listKeptMails(dataDir: string): Promise<readonly KeptMail[]> {
  const folder = mailFolder(dataDir);
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const newest = names.sort().reverse().slice(0, KEPT_MAILS_SHOWN);
  return Promise.all(
    newest.map(async (name) => keptMail.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))),
  );
}

function mailFolder(dataDir: string): string {
  return join(dataDir, 'mail');
}
