import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import {
  type Page,
  type Visitor,
  createVisitor,
  issueKey,
  keyPathIn,
  newApplication,
  signedInVisitor,
  tokenIn,
} from './visitor.ts';

const scanner = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-scanner-'));

let portal: PortalProcess;
beforeAll(async () => {
  const SECRET_SCANNING_KEYS_FILE = join(folder, 'keys.json');
  const key = scanner.publicKey.export({ type: 'spki', format: 'pem' });
  writeFileSync(SECRET_SCANNING_KEYS_FILE, JSON.stringify({ public_keys: [{ key_identifier: 'k1', key }] }));
  portal = await startPortalProcess({ SECRET_SCANNING_KEYS_FILE });
});
afterAll(async () => {
  await portal.stop();
  rmSync(folder, { recursive: true });
});

const badge = async (person: Visitor, path: string) => (await person.get(path)).text('.title-line .badge');

async function newKey(person: Visitor, application: string, name: string): Promise<{ path: string; token: string }> {
  const issued = await issueKey(person, application, { name });
  return { path: keyPathIn(issued), token: tokenIn(issued) ?? '' };
}

describe('revoking all keys', () => {
  test('of an application names what ends, asks for its name, and leaves other applications alone', async () => {
    const person = await signedInVisitor(portal.portalUrl);
    const [shop, depot] = [await newApplication(person, 'Web shop'), await newApplication(person, 'Depot')];
    const keys = [await newKey(person, shop, 'A'), await newKey(person, shop, 'B')];
    const other = await newKey(person, depot, 'C');
    expect((await person.get(shop)).all(`a[href="${shop}/keys/revocation"]`)).toHaveLength(1);
    const page = await person.get(`${shop}/keys/revocation`);
    expect(page.text('form.form p')).toContain('Ends 2 keys, called 0 times today');
    const wrong = await person.post(`${shop}/keys/revocation`, { reason: 'laptop lost', confirmation: 'shop' });
    expect([wrong.status, wrong.text('#confirmation-error')]).toEqual([422, 'Type the name, Web shop, to confirm.']);
    const done = await person.post(`${shop}/keys/revocation`, { reason: 'laptop lost', confirmation: 'Web shop' });
    expect([done.status, done.location]).toEqual([303, `${shop}#keys`]);
    for (const { path } of keys) expect(await badge(person, path)).toBe('revoked');
    expect(await badge(person, other.path)).toBe('active');
    expect((await person.get(`${shop}/keys/revocation`)).text('main')).toContain('nothing to revoke');
  });

  test('of a team ends those of all its applications, and of no other team', async () => {
    const [person, neighbour] = [await signedInVisitor(portal.portalUrl), await signedInVisitor(portal.portalUrl)];
    const keys = [];
    for (const name of ['One', 'Two']) keys.push(await newKey(person, await newApplication(person, name), name));
    const foreign = await newKey(neighbour, await newApplication(neighbour), 'Theirs');
    const page = await person.get('/applications/revocation');
    const team = /^Type (.*) to confirm$/.exec(page.text('label[for=confirmation]') ?? '')?.[1] ?? '';
    expect((await person.post('/applications/revocation', { reason: '', confirmation: team })).status).toBe(422);
    const done = await person.post('/applications/revocation', { reason: 'break-in', confirmation: team });
    expect([done.status, done.text('.callout')]).toEqual([200, expect.stringContaining('2 keys were revoked')]);
    for (const { path } of keys) expect(await badge(person, path)).toBe('revoked');
    expect(await badge(neighbour, foreign.path)).toBe('active');
  });
});

describe('reporting a leaked key', () => {
  const report = (text: string): Promise<Page> => createVisitor(portal.portalUrl).post('/report-leaked-key', { text });

  test('stops it without signing in, and thanks alike whether there is such a key or not', async () => {
    const person = await signedInVisitor(portal.portalUrl);
    const { path, token } = await newKey(person, await newApplication(person), 'Leaked');
    const known = await report(`curl -H "Authorization: Bearer ${token}"`);
    const again = await report(token);
    const unknown = await report(`gth_live_${'a'.repeat(36)}`);
    expect([known.status, again.status, unknown.status]).toEqual([200, 200, 200]);
    expect(known.html).toBe(unknown.html);
    expect(known.html).toBe(again.html);
    expect(await badge(person, path)).toBe('revoked');
    expect((await person.get('/')).all('footer a[href="/report-leaked-key"]')).toHaveLength(1);
  });

  test('says when there is no key in the text, and gives nothing of it back', async () => {
    const page = await report('password = hunter2');
    expect([page.status, page.text('#text-error')]).toEqual([422, expect.stringContaining('holds no key')]);
    expect(page.html).not.toContain('hunter2');
  });
});

describe('the report of a secret scanner', () => {
  const send = (body: string, signature: string): Promise<Response> =>
    fetch(`${portal.portalUrl}/api/secret-scanning`, {
      method: 'POST',
      body,
      headers: {
        'Content-Type': 'application/json',
        'Github-Public-Key-Identifier': 'k1',
        'Github-Public-Key-Signature': signature,
      },
    });
  const signatureOf = (body: string) => sign('sha256', Buffer.from(body), scanner.privateKey).toString('base64');

  test('is believed when it is signed byte for byte, stops the key, and names no token in its answer', async () => {
    const person = await signedInVisitor(portal.portalUrl);
    const { path, token } = await newKey(person, await newApplication(person), 'Found');
    const body = `[ {"token": "${token}", "type": "gatehouse", "url": "https://example.com/r/é.txt"} ]\n`;
    const unsigned = await send(body, signatureOf(body.trim()));
    expect([unsigned.status, await unsigned.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'report_not_signed' }),
    ]);
    expect(await badge(person, path)).toBe('active');

    const answer = await send(body, signatureOf(body));
    const text = await answer.text();
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(JSON.parse(text)).toEqual([expect.objectContaining({ label: 'true_positive' })]);
    expect(text).not.toContain(token);
    expect(await badge(person, path)).toBe('revoked');
  });

  test('that is signed and has another shape is refused', async () => {
    const answer = await send('{}', signatureOf('{}'));
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'malformed_report' })]);
  });
});
