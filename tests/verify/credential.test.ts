import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { issueSecret } from '../../src/keys/key-secret.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { type CredentialHeaders, createCredentialReader } from '../../src/verify/credential.ts';

const read = createCredentialReader('gth');
const newToken = (): string => issueSecret(systemRandom, 'gth', 'live').token;
const token = newToken();

type Sources = Partial<CredentialHeaders> & { query?: string };

function from({ query = '', ...headers }: Sources) {
  return read({ authorization: undefined, apiKey: undefined, contradictory: false, ...headers }, query);
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('where a key may stand', () => {
  test.each<[string, Sources]>([
    ['Bearer', { authorization: `Bearer ${token}` }],
    ['bearer in any case, with blanks', { authorization: `bEARER   ${token} ` }],
    ['X-API-Key', { apiKey: token }],
    ['Basic with an empty password', { authorization: basic(`${token}:`) }],
    ['Basic with any password', { authorization: basic(`${token}:pass:word`) }],
    ['the same key twice', { authorization: `Bearer ${token}`, apiKey: token }],
    ['beside a harmless query', { apiKey: token, query: 'page=2&prefix=gth_live_' }],
  ])('%s', (_, sources) => {
    expect(from(sources)).toEqual({ ok: true, token });
  });
});

describe('what is no credential', () => {
  test('none at all', () => {
    expect(from({})).toEqual({ ok: false, code: 'missing_credential' });
  });

  test.each<[string, Sources]>([
    ['an empty Authorization', { authorization: '' }],
    ['a scheme alone', { authorization: 'Bearer' }],
    ['another scheme', { authorization: `Digest ${token}` }],
    ['a bare key in Authorization', { authorization: token }],
    ['two keys in one header', { authorization: `Bearer ${token} ${newToken()}` }],
    ['two keys with a comma', { apiKey: `${token},${token}` }],
    ['a NUL', { authorization: `Bearer ${token}\0` }],
    ['8 kB', { authorization: `Bearer ${'x'.repeat(8192)}` }],
    ['bad base64', { authorization: 'Basic !!!' }],
    ['Basic without a colon', { authorization: basic(token) }],
    ['Basic with the key as password', { authorization: basic(`user:${token}`) }],
    ['UTF-16', { authorization: `Basic ${Buffer.from(`${token}:`, 'utf16le').toString('base64')}` }],
    ['quotes', { apiKey: `"${token}"` }],
    ['a wrong prefix', { apiKey: token.replace('gth', 'xyz') }],
    ['a key id', { apiKey: 'key_4fT5sX9aBcDeFgHiJkLm' }],
  ])('%s is malformed', (_, sources) => {
    expect(from(sources)).toEqual({ ok: false, code: 'malformed_key' });
  });

  test('every single wrong character is malformed', () => {
    for (let index = 9; index < token.length; index += 1) {
      const other = token[index] === 'a' ? 'b' : 'a';
      expect(from({ apiKey: token.slice(0, index) + other + token.slice(index + 1) }).ok).toBe(false);
    }
  });

  test('two different ones are several', () => {
    const other = newToken();
    expect(from({ authorization: `Bearer ${token}`, apiKey: other })).toMatchObject({ code: 'several_credentials' });
    expect(from({ authorization: 'Basic eDp5', apiKey: token })).toMatchObject({ code: 'several_credentials' });
    expect(from({ apiKey: token, contradictory: true })).toMatchObject({ code: 'several_credentials' });
  });

  test('nothing but a whole token is ever accepted, whatever the headers hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (authorization, apiKey) => {
        expect(from({ authorization, apiKey }).ok).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a key in the query string', () => {
  const encoded = Array.from(token, (character) => `%${character.charCodeAt(0).toString(16)}`).join('');

  test.each([
    `key=${token}`,
    `a=1&access_token=${token}&b=2`,
    token,
    `auth=Bearer%20${token}`,
    `key=${token.replaceAll('_', '%5F')}`,
    `key=${encoded}`,
    `broken=%zz&key=${token}`,
    `key=x${token}y`,
  ])('is found in ?%s', (query) => {
    expect(from({ query })).toEqual({ ok: false, code: 'key_in_query', leakedToken: token });
  });

  test('is refused even beside a good header', () => {
    expect(from({ apiKey: token, query: `k=${newToken()}` })).toMatchObject({ code: 'key_in_query' });
  });

  test('is not seen where there is none', () => {
    fc.assert(
      fc.property(fc.string(), (query) => {
        expect(from({ apiKey: token, query }).ok).toBe(true);
      }),
    );
  });
});
