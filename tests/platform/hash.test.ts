import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type HmacInSteps, hmacSha256, prepareHmacSha256 } from '../../src/platform/hash.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const inSteps = (hmac: HmacInSteps, text: string): Uint8Array => hmac.finish(hmac.begin(text));

describe('prepareHmacSha256', () => {
  // RFC 4231, cases 1, 2 and 6.
  test.each([
    [Buffer.alloc(20, 0x0b), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    [
      Buffer.from('Jefe'),
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      Buffer.alloc(131, 0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('gives the digest of RFC 4231 (%#)', (key, text, digest) => {
    expect(hex(inSteps(prepareHmacSha256(key), text))).toBe(digest);
  });

  test('is the same function as that of node:crypto, for every key and text, however often it is used', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }), (key, texts) => {
        const prepared = prepareHmacSha256(key);
        for (const text of texts) expect(hex(inSteps(prepared, text))).toBe(hex(hmacSha256(key, text)));
      }),
      { numRuns: 1000 },
    );
  });

  test('its first step holds all 32 bytes, and says nothing without the key', () => {
    const [one, other] = [prepareHmacSha256(Buffer.from('one')), prepareHmacSha256(Buffer.from('other'))];
    expect(one.begin('text')).toHaveLength(32);
    expect(one.begin('text')).toBe(one.begin('text'));
    expect(new Set([one.begin('text'), one.begin('texts'), other.begin('text')]).size).toBe(3);
  });
});
