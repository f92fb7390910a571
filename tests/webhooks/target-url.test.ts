import { describe, expect, it, test } from 'vitest';

import { type TargetPolicy, parseTarget } from '../../src/webhooks/target-url.ts';
import { goodUrls, hostileHosts, hostileShapes } from './target-corpus.ts';

const strict: TargetPolicy = { allowPrivate: false, ports: [] };
const lenient: TargetPolicy = { allowPrivate: true, ports: [] };
const urlsOf = (host: string) => [`https://${host}/`, `https://${host}:443/hooks?x=1`, `HTTPS://${host}/`];

describe('parseTarget', () => {
  describe.each(Object.entries(hostileHosts))('of a host that is %s', (_, hosts) => {
    it.each(hosts.flatMap(urlsOf))('refuses %s', (url) => {
      expect(parseTarget(url, strict)).toMatchObject({ ok: false });
    });
  });

  it.each(hostileShapes.map((url) => [url]))('refuses %j', (url) => {
    expect(parseTarget(url, strict)).toMatchObject({ ok: false });
  });

  it.each(goodUrls)('takes %s as %s', (typed, href) => {
    const parsed = parseTarget(typed, strict);
    expect(parsed.ok && parsed.url.href).toBe(href);
  });

  it.each([
    ['http://hooks.example.com/', 'not_https'],
    ['ftp://hooks.example.com/', 'not_a_url'],
    ['https://ada@hooks.example.com/', 'has_credentials'],
    ['https://hooks.example.com/#top', 'has_fragment'],
    ['https://hooks.example.com:8443/', 'port_not_allowed'],
    ['https://10.0.0.1/', 'no_public_address'],
    ['https://localhost/', 'no_public_address'],
  ])('says why %s is refused: %s', (url, refusal) => {
    expect(parseTarget(url, strict)).toEqual({ ok: false, refusal });
  });

  it('takes further ports that the installation allows', () => {
    expect(parseTarget('https://hooks.example.com:8443/', { ...strict, ports: [8443] })).toMatchObject({ ok: true });
    expect(parseTarget('https://hooks.example.com:22/', { ...strict, ports: [8443] })).toMatchObject({ ok: false });
  });

  it.each([
    'http://localhost:3000/',
    'http://127.0.0.1:3000/hooks',
    'http://receiver:3000/',
    'https://[::1]:9/',
    'http://10.1.2.3/',
  ])('takes %s in development', (url) => {
    expect(parseTarget(url, lenient)).toMatchObject({ ok: true });
  });

  it.each([...hostileHosts.METADATA.filter((host) => /^[\d.[\]:a-fx]+$/i.test(host)), ...hostileHosts.SPECIAL])(
    'refuses https://%s/ in development too: no service stands there, or one that hands out credentials',
    (host) => {
      expect(parseTarget(`https://${host}/`, lenient)).toMatchObject({ ok: false });
    },
  );
});

test('the corpus has three hundred URLs or more', () => {
  const count = Object.values(hostileHosts).flatMap((hosts) => hosts.flatMap(urlsOf)).length + hostileShapes.length;
  expect(count).toBeGreaterThanOrEqual(300);
});
