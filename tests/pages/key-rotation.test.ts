import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { type Page, type Visitor, issueKey, keyPathIn, newApplication, signedInVisitor, tokenIn } from './visitor.ts';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

const newcomer = () => signedInVisitor(portal.portalUrl);

interface Fixture {
  person: Visitor;
  /** Of the key. */
  path: string;
  token: string;
}

async function newKey(fields: Readonly<Record<string, string>> = {}): Promise<Fixture> {
  const person = await newcomer();
  const issued = await issueKey(person, await newApplication(person), fields);
  return { person, path: keyPathIn(issued), token: tokenIn(issued) ?? '' };
}

async function rotate({ person, path }: Fixture, fields: Readonly<Record<string, string>>): Promise<Page> {
  const form = await person.get(`${path}/rotation`);
  const requestId = form.all('[name=requestId]')[0]?.getAttribute('value') ?? '';
  return person.post(`${path}/rotation`, { requestId, ...fields });
}

const badge = (page: Page) => page.text('.title-line .badge');

describe('rotating a key', () => {
  test('offers what the plan allows, shows the time line, and tells what carries over', async () => {
    const { person, path } = await newKey({ name: 'Checkout', allowlist: '203.0.113.0/24' });
    const page = await person.get(`${path}/rotation`);
    const values = page.all('input[name=overlap]').map((input) => input.getAttribute('value'));
    expect(values).toEqual(['now', '1h', '24h', '7d', 'until']);
    expect(page.all('input[name=overlap][checked]')[0]?.getAttribute('value')).toBe('24h');
    expect(page.all('.overlap-line')).toHaveLength(4);
    const [until] = page.all('#until');
    expect([until?.getAttribute('min'), until?.getAttribute('max')]).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    ]);
    expect(page.text('aside')).toContain('Checkout, test');
    expect(page.text('aside')).toContain('203.0.113.0/24');
  });

  test('shows the new token once, says how long the old key works, and puts both side by side', async () => {
    const fixture = await newKey({ name: 'Checkout' });
    const { person, path, token } = fixture;
    const page = await rotate(fixture, { overlap: '24h', until: '' });
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    const successor = keyPathIn(page);
    expect(tokenIn(page)).toMatch(/^gth_test_[0-9A-Za-z]{36}$/);
    expect(tokenIn(page)).not.toBe(token);
    expect(page.text('.reveal')).toMatch(/The old key, \.\.\.\w{4}, works until \d/);

    for (const either of [path, successor]) {
      const key = await person.get(either);
      expect(key.all('.pair section h3 a').map((link) => link.getAttribute('href'))).toEqual([path, successor]);
      expect(key.all('.pair .badge').map((word) => word.textContent.trim())).toEqual(['ending', 'active']);
      expect(key.html).not.toContain(tokenIn(page));
    }
    expect(badge(await person.get(path))).toBe('ending');
    expect((await person.get(path)).text('.timeline')).toContain('Rotated; ends');
    expect((await person.get(successor)).text('.timeline')).toContain('Issued by a rotation');
  });

  test('that is sent twice makes one key, and a lost token is replaced from there', async () => {
    const fixture = await newKey();
    const requestId = 'req_aaaaaaaaaaaaaaaaaaaa';
    const first = await rotate(fixture, { requestId, overlap: '1h' });
    const again = await rotate(fixture, { requestId, overlap: '1h' });
    expect([again.status, tokenIn(again)]).toEqual([409, null]);
    const replace = again.all('form[action$="/replacement"]')[0];
    expect(replace?.getAttribute('action')).toBe(`${keyPathIn(first)}/replacement`);
    const replaced = await fixture.person.post(`${keyPathIn(first)}/replacement`);
    expect([replaced.status, tokenIn(replaced)]).toEqual([200, expect.stringContaining('gth_test_')]);
    expect(tokenIn(replaced)).not.toBe(tokenIn(first));
    expect([keyPathIn(replaced), replaced.headers.get('cache-control')]).toEqual([
      keyPathIn(first),
      'private, no-store',
    ]);
    expect(badge(await fixture.person.get(fixture.path))).toBe('ending');
  });

  test('happens once: a second request finds it done, and changes nothing', async () => {
    const fixture = await newKey();
    await rotate(fixture, { overlap: '1h' });
    const second = await fixture.person.post(`${fixture.path}/rotation`, {
      overlap: 'now',
      requestId: 'req_bbbbbbbbbbbbbbbbbbbb',
    });
    expect([second.status, tokenIn(second)]).toEqual([409, null]);
    expect(second.text('.callout')).toContain('It was rotated before');
    expect(badge(await fixture.person.get(fixture.path))).toBe('ending');
  });

  test.each([
    [{ overlap: '2h', until: '' }, '#overlap .field-error', 'Choose how long both keys work'],
    [{ overlap: 'until', until: '2020-01-01' }, '#until-error', '2020-01-01 has passed'],
    [{ overlap: 'until', until: '2999-01-01' }, '#overlap .field-error', 'at most'],
  ])(
    'with %j is refused at its field, keeps what was typed, and the key stays as it is',
    async (fields, place, text) => {
      const fixture = await newKey();
      const page = await rotate(fixture, fields);
      expect([page.status, tokenIn(page)]).toEqual([422, null]);
      expect(page.text(place)).toContain(text);
      if (fields.overlap === 'until') expect(page.all('#until')[0]?.getAttribute('value')).toBe(fields.until);
      expect(badge(await fixture.person.get(fixture.path))).toBe('active');
    },
  );

  test('is not offered for a key that has ended', async () => {
    const fixture = await newKey();
    await fixture.person.post(`${fixture.path}/revocation`, { reason: '', confirmation: 'Build' });
    expect((await fixture.person.get(`${fixture.path}/rotation`)).all('form[action$="/rotation"]')).toEqual([]);
    expect((await fixture.person.get(fixture.path)).all('a[href$="/rotation"]')).toEqual([]);
  });
});

describe('the overlap', () => {
  test('can be shortened and extended within the plan, and ended at once', async () => {
    const fixture = await newKey();
    const { person, path } = fixture;
    const successor = keyPathIn(await rotate(fixture, { overlap: '24h' }));
    expect((await person.get(path)).text('.callout.warn')).toContain('Not safe to end yet');
    await person.post(`${successor}/confirmation`);
    for (const overlap of ['1h', '7d']) {
      const changed = await person.post(`${path}/overlap`, { overlap });
      expect([changed.status, changed.location]).toEqual([303, path]);
    }
    const tooLong = await person.post(`${path}/overlap`, { overlap: 'until', until: '2999-01-01' });
    expect([tooLong.status, tooLong.text('.field-error')]).toEqual([422, expect.stringContaining('at most')]);
    expect((await person.get(path)).text('.callout.good')).toContain('The old key was never called');
    expect((await person.post(`${path}/overlap`, { overlap: 'now' })).location).toBe(path);
    expect(badge(await person.get(path))).toBe('expired');
    expect((await person.post(`${path}/overlap`, { overlap: '1h' })).status).toBe(422);
    expect((await person.get(path)).all('.pair')).toEqual([]);
  });
});

describe('the schedule', () => {
  test('sets when the next rotation is due; the key, the table and the history tell', async () => {
    const { person, path } = await newKey({ expiry: 'never' });
    expect((await person.get(path)).text('form[action$="/schedule"]')).toContain('No rotation is due');
    const saved = await person.post(`${path}/schedule`, { interval: '30' });
    expect([saved.status, saved.location]).toEqual([303, `${path}#schedule`]);
    const page = await person.get(path);
    expect(page.text('form[action$="/schedule"]')).toMatch(/The next rotation is due in (29|30) days/);
    expect(page.text('.timeline')).toContain('To be rotated every 30 days');
    const table = await person.get(path.replace(/\/keys\/.*/, ''));
    expect(table.text('td[data-label="Rotate by"]')).toMatch(/^\d{1,2} \w{3} \d{4}$/);
    expect((await person.get('/home')).text('main')).not.toContain('to be rotated');
    await person.post(`${path}/schedule`, { interval: '14' });
    expect((await person.get('/home')).text('main')).toContain('1 key is to be rotated');
  });

  test('takes no interval that is none', async () => {
    const { person, path } = await newKey();
    const page = await person.post(`${path}/schedule`, { interval: '0' });
    expect([page.status, page.text('#interval .field-error')]).toEqual([
      422,
      'Choose none, or a number of days from 1 to 730.',
    ]);
  });
});

describe('the first call', () => {
  test('is waited for on the page that reveals the key, and seen with its address and verdict', async () => {
    const { person, path, token } = await newKey();
    const waiting = await person.get(`${path}/first-call`);
    expect([waiting.status, waiting.html, waiting.headers.get('cache-control')]).toEqual([
      200,
      '{"call":null}',
      'private, no-store',
    ]);
    await fetch(`${portal.gatewayUrl}/parcels/v2/services`, { headers: { Authorization: `Bearer ${token}` } });
    await expect
      .poll(async () => JSON.parse((await person.get(`${path}/first-call`)).html) as unknown)
      .toEqual({
        call: { secondsAgo: expect.any(Number) as number, address: '127.0.0.1', verdict: 'not_subscribed' },
      });
  });
});

describe('the token of a key', () => {
  test('is confirmed with a button; until then its page and the home page ask', async () => {
    const { person, path } = await newKey();
    const waiting = await person.get(path);
    expect(waiting.text('.callout.warn')).toMatch(/Have you stored the token .* It is withdrawn in 1[45] minutes/);
    expect((await person.get('/home')).text('.attention')).toContain('unless you say that you have stored its token');
    const confirmed = await person.post(`${path}/confirmation`);
    expect([confirmed.status, confirmed.location]).toEqual([303, path]);
    const page = await person.get(path);
    expect(page.text('main')).not.toContain('Have you stored');
    expect(page.text('.timeline')).toContain('Confirmed: the token was stored');
  });

  test('that was confirmed is not replaced: rotating is the way, and the page says so', async () => {
    const { person, path, token } = await newKey();
    await person.post(`${path}/confirmation`);
    const page = await person.post(`${path}/replacement`);
    expect([page.status, tokenIn(page)]).toEqual([409, null]);
    expect(page.text('.callout')).toContain('rotate the key');
    expect((await person.get(`${path}/replacement`)).all('form[action$="/replacement"]')).toEqual([]);
    expect(page.html).not.toContain(token);
  });
});
