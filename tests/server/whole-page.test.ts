import { createHash } from 'node:crypto';

import { afterAll, describe, expect, test } from 'vitest';

import type { AstroHandler } from '../../src/server/page-request.ts';
import { SITE_CSS, askForBytes, startFront } from './front.ts';

const BARE_CSS = SITE_CSS.replace(/^@font-face[^}]*}/, '');
const HEAD = [
  '<link rel="preload" href="/assets/own.woff2" as="font" type="font/woff2" crossorigin>',
  '<link rel="stylesheet" href="/assets/site.abc123.css">',
  '<link rel="stylesheet" href="/assets/unknown.css">',
];

const page: AstroHandler = ({ url = '' }, response) => {
  response.writeHead(200, { 'content-type': url.includes('text') ? 'text/plain' : 'text/html' });
  if (url.includes('broken')) {
    // What Astro does when a part of a page fails.
    response.write('Internal server error', () => response.destroy());
    return Promise.resolve();
  }
  // A letter of two bytes may come in two parts.
  const bytes = Buffer.from(`<head>${HEAD.join('')}</head><h1>Größe</h1>`);
  const middle = bytes.indexOf(Buffer.from('ö')) + 1;
  response.write(new Uint8Array(bytes.subarray(0, middle)));
  response.write(new Uint8Array(bytes.subarray(middle)));
  response.end();
  return Promise.resolve();
};

const front = await startFront({}, page, null, () => 'an edition');
afterAll(() => front.close());

const whole = `<head><style>${BARE_CSS}</style>${HEAD[2] ?? ''}</head><h1>Größe</h1>`;
const asMade = `<head>${HEAD.join('')}</head><h1>Größe</h1>`;

async function read(path: string, headers: Record<string, string>): Promise<{ text: string; policy: string }> {
  const answer = await askForBytes(front.port, path, headers);
  return { text: answer.bytes.toString(), policy: String(answer.headers['content-security-policy']) };
}

describe('a page of the documentation to which another site leads a guest', () => {
  test('has its style sheet in it and no typeface to wait for, made anew and from memory', async () => {
    const first = await read('/docs/parcels/v2/a', { 'Sec-Fetch-Site': 'cross-site' });
    expect(first.text).toBe(whole);
    expect(await read('/docs/parcels/v2/a', { 'Sec-Fetch-Site': 'cross-site' })).toEqual(first);
  });

  test('may have this style sheet and no other', async () => {
    const hash = createHash('sha256').update(BARE_CSS).digest('base64');
    const { policy } = await read('/docs/parcels/v2/b', { 'Sec-Fetch-Site': 'cross-site' });
    expect(policy).toContain(` 'sha256-${hash}'`);
    expect(policy).not.toContain('unsafe');
    expect((await read('/docs/parcels/v2/b', {})).policy).not.toContain(hash);
  });
});

test('a page that fails half way ends, for everybody alike', async () => {
  await expect(read('/docs/parcels/v2/broken', { 'Sec-Fetch-Site': 'cross-site' })).rejects.toThrow('socket hang up');
});

describe('as it was made leaves a page', () => {
  test.each([
    ['for a guest who goes on to it', '/docs/parcels/v2/c', { 'Sec-Fetch-Site': 'same-origin' }],
    ['for a guest who typed its address', '/docs/parcels/v2/c', { 'Sec-Fetch-Site': 'none' }],
    ['for a browser that does not say', '/docs/parcels/v2/c', {}],
    ['for somebody who has been here before', '/docs/parcels/v2/c', { 'Sec-Fetch-Site': 'cross-site', Cookie: 'a=1' }],
    ['that is plain text', '/docs/parcels/v2/text', { 'Sec-Fetch-Site': 'cross-site' }],
    ['that is no page of the documentation', '/notices', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('%s', async (_who, path, headers: Record<string, string>) => {
    await read(path, { 'Sec-Fetch-Site': 'cross-site' });
    expect((await read(path, headers)).text).toBe(asMade);
  });
});
