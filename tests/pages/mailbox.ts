import { vi } from 'vitest';

import { createVisitor } from './visitor.ts';

/**
 * Path of a link in the newest mail to an address, from the kept mails of a demo; waits for it.
 * @param path how the link begins, such as `/verify-email?`
 */
export function mailedPath(portalUrl: string, email: string, path: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const mails = (await createVisitor(portalUrl).get('/dev/mail')).all('.kept-mail');
      const links = mails
        .filter((mail) => mail.textContent.includes(email))
        .map((mail) => mail.querySelector(`a[href*="${path}"]`)?.getAttribute('href'));
      const link = links.find((href) => href?.startsWith(`${portalUrl}${path}`));
      if (!link) throw new Error(`no mail to ${email} with ${path} yet`);
      return link.slice(portalUrl.length);
    },
    { timeout: 60_000, interval: 200 },
  );
}

/** Of the mails to an address, newest first. */
export async function mailedSubjects(portalUrl: string, email: string): Promise<string[]> {
  const mails = (await createVisitor(portalUrl).get('/dev/mail')).all('.kept-mail');
  const own = mails.filter((mail) => mail.querySelector('.muted')?.textContent.includes(`to ${email}`));
  return own.map((mail) => mail.querySelector('h2')?.textContent ?? '');
}

export function tokenOf(path: string): string {
  return new URL(path, 'http://portal.example').searchParams.get('token') ?? '';
}
