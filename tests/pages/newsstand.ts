import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import {
  type Visitor,
  createVisitor,
  issueKey,
  newApplication,
  ownerVisitor,
  signedInVisitor,
  tokenIn,
} from './visitor.ts';

export const TODAY = new Date().toISOString().slice(0, 10);
export const SUNSET = new Date(Date.parse(TODAY) + 20 * 86_400_000).toISOString().slice(0, 10);

export type Reader = Visitor & { email: string };

/** The running product with a folder of content of its own, so that tests can publish. */
export interface Newsstand {
  portal: PortalProcess;
  publish(slug: string, fields: string): void;
  consumerCalling(version: 'v1' | 'v2', calls: number): Promise<Reader>;
  owner(): Promise<Visitor>;
  /** Texts of the kept mails to somebody, newest first. */
  mailsTo(email: string): Promise<string[]>;
  /** The first group of `pattern` in a mail to somebody; waits for the mail. */
  mailed(email: string, pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

export async function openNewsstand(environment: Readonly<Record<string, string>> = {}): Promise<Newsstand> {
  const contentDir = mkdtempSync(join(tmpdir(), 'gatehouse-content-'));
  cpSync('content', contentDir, { recursive: true });
  const portal = await startPortalProcess({ CONTENT_DIR: contentDir, ...environment });

  /** About version 1 of the parcels API. */
  function publish(slug: string, fields: string): void {
    const common = `summary: Do something.\npublished: ${TODAY}\naffects: [{ api: parcels, versions: [v1] }]`;
    writeFileSync(join(contentDir, 'notices', `${slug}.md`), `---\n${fields}\n${common}\n---\nText.\n`);
  }

  async function mailsTo(email: string): Promise<string[]> {
    const page = await createVisitor(portal.portalUrl).get('/dev/mail');
    const texts = page.all('article').map((article) => article.textContent);
    return texts.filter((text) => text.includes(email));
  }

  async function mailed(email: string, pattern: RegExp): Promise<string> {
    for (let attempt = 0; attempt < 300; attempt += 1) {
      for (const text of await mailsTo(email)) {
        const found = pattern.exec(text)?.[1];
        if (found !== undefined) return found;
      }
      await sleep(50);
    }
    throw new Error(`no mail to ${email} with ${pattern.source}`);
  }

  /** Somebody whose address is confirmed, with a key that has called this version. */
  async function consumerCalling(version: 'v1' | 'v2', calls: number): Promise<Reader> {
    const person = await signedInVisitor(portal.portalUrl);
    await person.post('/verify-email', { token: await mailed(person.email, /verify-email\?token=([\w-]+)/) });
    const path = await newApplication(person);
    await person.post(`${path}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
    const token = tokenIn(await issueKey(person, path, { name: `ci-${version}` })) ?? '';
    const url = `${portal.gatewayUrl}/parcels/${version}/${version === 'v1' ? 'shipments' : 'parcels'}`;
    for (let call = 0; call < calls; call += 1) {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      if (answer.status !== 200) throw new Error(`calling ${version} gave ${answer.status}`);
      await answer.arrayBuffer();
    }
    // Counts are written four times a second; until then the key has called nothing.
    const counted = async () => (await person.get('/home')).text('.figures dd');
    while ((await counted()) !== String(calls)) await sleep(50);
    return person;
  }

  async function owner(): Promise<Visitor> {
    return ownerVisitor(portal);
  }

  async function stop(): Promise<void> {
    await portal.stop();
    rmSync(contentDir, { recursive: true, force: true });
  }

  return { portal, publish, consumerCalling, owner, mailsTo, mailed, stop };
}
