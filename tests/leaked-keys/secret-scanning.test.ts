import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import {
  type SignedScan,
  isSignedByScanner,
  labelOf,
  parseScan,
  parseScannerKeys,
} from '../../src/leaked-keys/secret-scanning.ts';
import { sha256Hex } from '../../src/platform/hash.ts';

const scanner = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const fileOf = (pem: string) => JSON.stringify({ public_keys: [{ key_identifier: 'k1', key: pem, is_current: true }] });
const keys = parseScannerKeys(fileOf(pemOf(scanner.publicKey)));
const bytes = (text: string) => new TextEncoder().encode(text);
const BODY = bytes('[{"source":"commit","token":"some_token","type":"some_type","url":"https://example.com/base/"}]');

function signed(body = BODY, changes: Partial<SignedScan> = {}): SignedScan {
  const signature = sign('sha256', body, scanner.privateKey).toString('base64');
  return { keyIdentifier: 'k1', signature, body, ...changes };
}

describe('the signature of a report', () => {
  it('is believed when a configured key made it over the very bytes received', () => {
    expect(isSignedByScanner(keys, signed())).toBe(true);
  });

  it('is refused after any change of the body, under another key, and when it is no signature', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const foreign = sign('sha256', BODY, other.privateKey).toString('base64');
    const otherHash = sign('sha384', BODY, scanner.privateKey).toString('base64');
    const flat = sign('sha256', BODY, { key: scanner.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
    for (let index = 0; index < BODY.length; index += 1) {
      const changed = BODY.map((byte, position) => (position === index ? byte ^ 1 : byte));
      expect(isSignedByScanner(keys, { ...signed(), body: changed })).toBe(false);
    }
    for (const signature of [
      '',
      '=',
      'AAAA',
      '{}',
      'A'.repeat(500),
      foreign,
      otherHash,
      flat,
      `${signed().signature}\n`,
    ]) {
      expect(isSignedByScanner(keys, signed(BODY, { signature })), signature).toBe(false);
    }
    for (const keyIdentifier of ['', 'k2', '__proto__']) {
      expect(isSignedByScanner(keys, signed(BODY, { keyIdentifier }))).toBe(false);
    }
    expect(isSignedByScanner(new Map(), signed())).toBe(false);
  });
});

describe('the file of public keys', () => {
  it('is refused with a reason when it is not what the scanner publishes', () => {
    const rsa = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
    const p384 = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey);
    for (const text of ['', '[]', '{"public_keys":[{"key":"x"}]}'])
      expect(() => parseScannerKeys(text)).toThrow('must be JSON');
    expect(() => parseScannerKeys(fileOf('no key'))).toThrow('k1 cannot be read');
    for (const pem of [rsa, p384]) expect(() => parseScannerKeys(fileOf(pem))).toThrow('k1 is not of the curve P-256');
  });
});

describe('a report', () => {
  it('gives its tokens, with places that a person can open and nothing else of an address', () => {
    const report = [
      { token: 'a', type: 't', url: 'https://github.com/o/r/blob/1/f.txt?x=gth_live_secret#L1', source: 'content' },
      { token: 'b', type: 't', url: 'javascript:alert(1)' },
      { token: 'c', type: 't', url: null },
      { token: 'd', type: 't' },
    ];
    expect(parseScan(bytes(JSON.stringify(report)))?.map(({ url }) => url)).toEqual([
      'https://github.com/o/r/blob/1/f.txt',
      '',
      '',
      '',
    ]);
  });

  it('is refused when it has another shape', () => {
    const many = JSON.stringify(Array(1001).fill({ token: 'a', type: 't' }));
    for (const text of ['', '{}', 'null', '[1]', '[{"token":1,"type":"t"}]', '[{"token":"a"}]', many]) {
      expect(parseScan(bytes(text))).toBeNull();
    }
  });

  it('is answered with the hash of each token, never with a token', () => {
    const match = { token: 'gth_live_secret', type: 'gatehouse_key', url: '' };
    expect(labelOf(match, true)).toEqual({
      token_hash: sha256Hex('gth_live_secret'),
      token_type: 'gatehouse_key',
      label: 'true_positive',
    });
    expect(labelOf(match, false).label).toBe('false_positive');
  });
});
