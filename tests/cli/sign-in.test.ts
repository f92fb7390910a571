import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Page } from '../pages/visitor.ts';
import { freePorts } from '../support/servers.ts';
import { type CommandHouse, type Ended, newAccessToken, openCommandHouse } from './house.ts';

let house: CommandHouse;
let home: string;
let computers = 0;
beforeAll(async () => {
  house = await openCommandHouse();
});
beforeEach(() => {
  home = join(house.folder, `computer-${(computers += 1)}`);
});
afterAll(() => house.stop());

/** On a computer with nothing set. */
const environment = (changes: Readonly<Record<string, string | undefined>> = {}) => ({
  HOME: home,
  GATEHOUSE_URL: undefined,
  GATEHOUSE_TOKEN_FILE: undefined,
  ...changes,
});
const run = (words: readonly string[], changes = {}, input = ''): Promise<Ended> =>
  house.gatehouse(words, { environment: environment(changes), input });
const credentials = (): string => join(home, '.config/gatehouse/credentials.json');

const fieldsOf = (page: Page): Record<string, string> => {
  const [form] = page.all('form[action="/command-line/decision"]');
  const fields: Record<string, string> = {};
  for (const input of form?.querySelectorAll('input') ?? []) {
    const isChosen = input.getAttribute('type') !== 'radio' || input.hasAttribute('checked');
    if (isChosen && input.getAttribute('type') !== 'checkbox') {
      fields[input.getAttribute('name') ?? ''] = input.getAttribute('value') ?? '';
    }
  }
  return fields;
};

/** Starts a sign-in in the program, waits for its code, and lets a person decide in the browser. */
async function signInThrough(
  decide: (page: Page, code: string) => Promise<unknown>,
  words: readonly string[] = [],
): Promise<Ended> {
  let code = '';
  const signingIn = house.gatehouse(['sign-in', '--url', house.portal.portalUrl, ...words], {
    environment: environment(),
    onError: (text) => (code ||= /\b[A-Z]{4}-[A-Z]{4}\b/.exec(text)?.[0] ?? ''),
  });
  while (code === '') await new Promise((resolve) => setTimeout(resolve, 20));
  await decide(await house.person.post('/command-line', { code: code.toLowerCase().replace('-', ' ') }), code);
  return signingIn;
}
const allow = async (page: Page, changes: Readonly<Record<string, string>> = {}): Promise<Page> =>
  house.person.post('/command-line/decision', { ...fieldsOf(page), ...changes });

describe('sign-in through the browser', () => {
  test('shows a code, and gets a token with what the person has chosen, in a file that only they can read', async () => {
    const ended = await signInThrough(async (page, code) => {
      expect(page.text('h1')).toBe('Let this program act for you?');
      const text = page.text('main');
      for (const shown of ['build-7', '127.0.0.1', code]) expect(text).toContain(shown);
      expect(fieldsOf(page)).toMatchObject({ name: 'Command line on build-7', keys: 'write' });
      const allowed = await allow(page, { usage: 'none', expiry: '7' });
      expect([allowed.status, allowed.text('h1')]).toEqual([200, 'Allowed']);
      expect(fieldsOf(page)).not.toHaveProperty('owner');
      // Neither page has the token; only the program gets it.
      expect(page.html + allowed.html).not.toMatch(/_pat_\w{36}/);
    });
    expect(ended.code).toBe(0);
    expect(ended.error).toContain(`Open ${house.portal.portalUrl}/command-line\n`);
    expect(ended.out + ended.error).not.toMatch(/_pat_/);
    expect(statSync(credentials()).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, '.config/gatehouse')).mode & 0o777).toBe(0o700);
    const { token } = (await run(['account', '--json'])).json() as { token: { name: string; scopes: string[] } };
    expect(token.name).toBe('Command line on build-7');
    expect(token.scopes).toContain('keys:write');
    expect(token.scopes).not.toContain('usage:read');
    expect((await run(['usage', 'Tea shop'])).code).toBe(6);
  });

  test('a person who refuses ends it, and the code is good for nothing after that', async () => {
    let used = '';
    const ended = await signInThrough(async (_, code) => {
      used = code;
      await house.person.post('/command-line/decision', { code, decision: 'refuse' });
    });
    expect([ended.code, existsSync(credentials())]).toEqual([1, false]);
    expect(ended.error).toContain('refused in the browser');
    const page = await house.person.post('/command-line', { code: used });
    expect([page.status, page.text('.field-error')]).toEqual([422, expect.stringContaining('No program waits')]);
  });

  test('asks for the scopes that the program names, and no more', async () => {
    const ended = await signInThrough(
      async (page) => {
        const { keys, audit, applications } = fieldsOf(page);
        expect({ keys, audit, applications }).toEqual({ keys: 'read', audit: 'read', applications: 'none' });
        await allow(page);
      },
      ['--scope', 'keys:read', 'audit:read', '--json'],
    );
    expect(ended.json()).toMatchObject({ token: { scopes: ['keys:read', 'audit:read'] } });
  });
});

describe('sign-in with a token, and signing out', () => {
  test('--token-stdin keeps the token; sign-out revokes it and removes the file', async () => {
    const token = await newAccessToken(house.person);
    const url = house.portal.portalUrl;
    const signedIn = await run(['sign-in', '--url', url, '--token-stdin'], {}, `${token}\n`);
    expect([signedIn.code, signedIn.error]).toEqual([0, '']);
    expect(signedIn.out).not.toContain(token);
    expect((await run(['applications', 'list'])).code).toBe(0);
    expect((await run(['sign-out'])).code).toBe(0);
    expect(existsSync(credentials())).toBe(false);
    const answer = await fetch(`${url}/api/v1/account`, { headers: { Authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(401);
    expect((await run(['applications', 'list'])).code).toBe(3);
  });

  test('what is no token, or one that has ended, is not kept', async () => {
    const url = house.portal.portalUrl;
    expect((await run(['sign-in', '--url', url, '--token-stdin'], {}, 'password')).code).toBe(2);
    const unknown = `gth_pat_${'0'.repeat(36)}`;
    const refused = await run(['sign-in', '--url', url, '--token-stdin'], {}, unknown);
    expect([refused.code, existsSync(credentials())]).toEqual([3, false]);
    expect(refused.error).not.toContain(unknown);
  });

  test('a file that others can read is not used', async () => {
    const url = house.portal.portalUrl;
    await run(['sign-in', '--url', url, '--token-stdin'], {}, await newAccessToken(house.person));
    chmodSync(credentials(), 0o644);
    const { code, error } = await run(['account']);
    expect([code, error]).toEqual([1, expect.stringContaining(`chmod 600 ${credentials()}`)]);
  });

  test('two portals are kept beside each other, and a token goes to its own portal only', async () => {
    await run(['sign-in', '--url', house.portal.portalUrl, '--token-stdin'], {}, await newAccessToken(house.person));
    const seen: (string | undefined)[] = [];
    const stranger = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { Location: `${house.portal.portalUrl}/api/v1/account` }).end();
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    expect((await run(['account'], { GATEHOUSE_URL: url })).code).toBe(3);
    expect(seen).toEqual([]);
    const other = await run(['account'], { GATEHOUSE_URL: url, GATEHOUSE_TOKEN: `gth_pat_${'0'.repeat(36)}` });
    expect([other.code, other.error]).toEqual([5, expect.stringContaining('no Gatehouse portal')]);
    stranger.close();
    expect((await run(['account'])).code).toBe(0);
  });
});

describe('when it does not work', () => {
  test.each([
    ['nothing is set', {}, 3, 'sign-in --url'],
    ['the file is absent', { GATEHOUSE_URL: 'https://a.example', GATEHOUSE_TOKEN_FILE: '/none' }, 3, '/none'],
    ['the address is none', { GATEHOUSE_URL: 'portal', GATEHOUSE_TOKEN: 'x' }, 2, 'https://'],
    ['it is not encrypted', { GATEHOUSE_URL: 'http://portal.example', GATEHOUSE_TOKEN: 'x' }, 2, 'not encrypted'],
  ])('%s: ends with its own code, and says what to do', async (_, changes, code, message) => {
    const ended = await run(['account'], changes);
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.error).toContain(message);
  });

  test('a portal that is not there ends with 5 and its address', async () => {
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const ended = await house.gatehouse(['account'], { environment: { GATEHOUSE_URL: url } });
    expect([ended.code, ended.error]).toEqual([5, `gatehouse: ${url} cannot be reached: ECONNREFUSED\n`]);
  });

  test('a token that was revoked ends with 3 and says how to get another', async () => {
    const token = await newAccessToken(house.person);
    const headers = { Authorization: `Bearer ${token}` };
    await fetch(`${house.portal.portalUrl}/api/v1/account/token`, { method: 'DELETE', headers });
    const ended = await house.gatehouse(['account'], { environment: { GATEHOUSE_TOKEN: token } });
    expect([ended.code, ended.error]).toEqual([3, expect.stringContaining('gatehouse sign-in')]);
    expect(ended.error).not.toContain(token);
  });

  test('a portal that is too busy is asked again when it says', async () => {
    let calls = 0;
    const busy = createServer((_, response) => {
      calls += 1;
      if (calls === 1) response.writeHead(429, { 'Retry-After': '1', 'Content-Type': 'application/problem+json' });
      response.end(
        JSON.stringify(calls === 1 ? { code: 'management_rate_limited' } : { applications: [], nextCursor: null }),
      );
    });
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`;
    const ended = await house.gatehouse(['applications', 'list'], { environment: { GATEHOUSE_URL: url } });
    expect([ended.code, calls]).toEqual([0, 2]);
    busy.close();
  });

  test('a broken file is named, with what to do', async () => {
    await run(['sign-in', '--url', house.portal.portalUrl, '--token-stdin'], {}, await newAccessToken(house.person));
    expect(readFileSync(credentials(), 'utf8')).toContain('"portals"');
    writeFileSync(credentials(), '{');
    expect((await run(['account'])).error).toContain(`${credentials()} cannot be read`);
  });
});
