import type { AddressInfo } from 'node:net';

import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { vi } from 'vitest';

/** A real mail server on an ephemeral port, and the mails that it has taken. */
export interface MailServer {
  url: string;
  /** Waits, for half a minute unless told otherwise, for the newest mail to an address with this subject. */
  mailTo(address: string, subject: string, timeoutMs?: number): Promise<ParsedMail>;
  /** Waits for a link in it. */
  linkTo(address: string, subject: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const received: { to: string[]; mail: ParsedMail }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, { envelope }, done) {
      const to = envelope.rcptTo.map(({ address }) => address);
      void simpleParser(stream).then((mail) => {
        received.push({ to, mail });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const mailTo = (address: string, subject: string, timeoutMs = 60_000): Promise<ParsedMail> =>
    vi.waitFor(
      () => {
        const found = received.findLast(({ to, mail }) => to.includes(address) && mail.subject === subject);
        if (!found) throw new Error(`no mail "${subject}" to ${address} yet`);
        return found.mail;
      },
      { timeout: timeoutMs, interval: 100 },
    );
  return {
    url: `smtp://127.0.0.1:${port}`,
    mailTo,
    async linkTo(address, subject) {
      const link = /^https?:\/\/\S+\?token=\S+$/m.exec((await mailTo(address, subject)).text ?? '')?.[0];
      if (link === undefined) throw new Error(`the mail "${subject}" has no link`);
      return link;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
