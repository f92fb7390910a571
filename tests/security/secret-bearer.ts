import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { TOTP } from 'otpauth';
import { parseHTML } from 'linkedom';

import { newKeyForm } from '../pages/people.ts';
import type { PortalRequest, WatchedPortal } from '../pages/watched-portal.ts';
import { webhookForm } from '../pages/webhook-objects.ts';
import type { HttpResponse } from '../support/http-request.ts';
import type { SecretWatch } from './secret-watch.ts';

const KEYS = 18;
const APPLICATIONS = 2;
const ACCESS_TOKENS = 18;
const WEBHOOKS = 9;

export interface Bearer {
  email: string;
  session: string;
  keys: string[];
  applicationIds: string[];
}

/** Somebody who has one of everything that is secret, and many of most: about ninety secrets. */
export async function makeBearer(portal: WatchedPortal, watch: SecretWatch, number: number): Promise<Bearer> {
  // Sign-ups and failures are counted by address.
  const from = portal.from(`127.0.3.${number + 1}`);
  const send = (request: PortalRequest): Promise<HttpResponse> => watch.send(request, from);
  const email = `bearer-${number}@consumer.example`;
  const password = `canary ${watch.know('password', randomBytes(15).toString('base64url'))} sings`;
  await send({ path: '/sign-up', form: { email, password } });
  const signIn = async (): Promise<string> => {
    const answer = await send({ path: '/sign-in', form: { email, password } });
    return watch.know('session', /^gatehouse=([^;]+)/.exec(answer.headers.get('set-cookie')?.[0] ?? '')?.[1]);
  };
  await signIn();
  let session = await signIn();
  const link = watch.know('link', await mailedToken(portal, email, '/verify-email'));
  await send({ path: '/verify-email', session, form: { token: link } });
  await send({ path: '/password-reset', form: { email } });
  watch.know('link', await mailedToken(portal, email, '/password-reset/choose'));

  await send({ path: '/account/two-step/setup', session, form: {} });
  const setup = parseHTML((await send({ path: '/account/two-step', session })).body).document;
  const shown = (setup.querySelector('#setup-key')?.textContent ?? '').replaceAll(/\s/g, '');
  const seed = watch.know('seed', shown);
  const on = await send({ path: '/account/two-step', session, form: { code: new TOTP({ secret: seed }).generate() } });
  const codes = parseHTML(on.body).document.querySelector('#recovery-codes')?.textContent.trim().split(/\s+/) ?? [];
  for (const code of codes) watch.know('recovery code', code);
  session = watch.know('session', /gatehouse=([^;]+)/.exec((on.headers.get('set-cookie') ?? []).join('\n'))?.[1]);

  const keys: string[] = [];
  const applicationIds: string[] = [];
  for (let index = 0; index < APPLICATIONS; index += 1) {
    const made = await send({
      path: '/applications',
      session,
      form: { name: `Of ${number}, ${index}`, description: '' },
    });
    const applicationId = made.headers.get('location')?.[0]?.replace('/applications/', '') ?? '';
    applicationIds.push(applicationId);
    await send({
      path: `/applications/${applicationId}/subscriptions`,
      session,
      form: { apiSlug: 'parcels', planSlug: 'free' },
    });
    for (let key = 0; key < KEYS; key += 1) {
      const answer = await send({ path: `/applications/${applicationId}/keys`, session, form: newKeyForm() });
      keys.push(watch.know('API key', /gth_test_\w{36}/.exec(answer.body)?.[0]));
    }
  }
  for (let index = 0; index < ACCESS_TOKENS; index += 1) {
    const form = {
      name: `Token ${index}`,
      applications: 'read',
      expiry: '30',
      requestId: `bearer-${number}-token-${index}-padded`,
    };
    const answer = await send({ path: '/account/tokens', session, form });
    watch.know('access token', /gth_pat_\w{36}/.exec(answer.body)?.[0]);
  }
  for (let index = 0; index < WEBHOOKS; index += 1) {
    const answer = await send({ path: '/webhooks', session, form: webhookForm() });
    watch.know('webhook secret', /whsec_[A-Za-z0-9+/=]{20,}/.exec(answer.body)?.[0]);
  }
  return { email, session, keys, applicationIds };
}

/** As its person reads it, from the file that stands for the mailbox: the one place where it is meant to be. */
async function mailedToken(portal: WatchedPortal, email: string, path: string): Promise<string> {
  const link = new RegExp(`${path}\\?token=([\\w-]{20,})`);
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const token = keptMails(portal.process.dataDir)
      .filter((mail) => mail.includes(email))
      .map((mail) => link.exec(mail)?.[1])
      .find((found) => found !== undefined);
    if (token !== undefined) return token;
    await sleep(200);
  }
  throw new Error(`no link to ${path} for ${email}`);
}

function keptMails(dataDir: string): string[] {
  const folder = join(dataDir, 'mail');
  if (!existsSync(folder)) return [];
  const written = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return written.map((name) => readFileSync(join(folder, name), 'utf8'));
}
