import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { splitPath } from '../../src/verify/path.ts';

describe('splitPath', () => {
  test.each([
    ['/', ['']],
    ['/parcels/v2/parcels', ['parcels', 'v2', 'parcels']],
    ['/parcels/v2/', ['parcels', 'v2', '']],
    ['/a%20b/%C3%BC', ['a b', 'ü']],
    ['/100%25', ['100%']],
    ["/a.b/..c/~x/(y)/a=b,c@d:e!$&'*+", ['a.b', '..c', '~x', '(y)', "a=b,c@d:e!$&'*+"]],
  ])('%s has the segments %j', (path, segments) => {
    expect(splitPath(path)).toEqual(segments);
  });

  test.each([
    '',
    'parcels',
    '*',
    'http://api.test/parcels',
    '//parcels',
    '/parcels//v2',
    '/parcels/./v2',
    '/parcels/../v2',
    '/parcels/%2e%2e/v2',
    '/parcels/%2E./v2',
    '/parcels/..;/v2',
    '/parcels;x/v2',
    '/parcels%3bx/v2',
    '/parcels%2fv2',
    '/parcels%2Fv2',
    '/parcels\\v2',
    '/parcels%5cv2',
    '/parcels%00',
    '/parcels%0a',
    '/parcels%7f',
    '/parcels%252fv2',
    '/parcels/%252e%252e/v2',
    '/parcels/%',
    '/parcels/%2',
    '/parcels/%zz',
    '/parcels/%ff',
    '/parcels/%c0%af',
    '/parcels/%ed%a0%80',
    '/parcels#x',
    '/parcels?x',
    '/parcels x',
    '/parcels\t',
    '/parcels\0',
    '/pärcels',
    '/parcels"',
  ])('%j is ambiguous', (path) => {
    expect(splitPath(path)).toBeNull();
  });

  test('what it accepts means the same after one more decoding and after normalisation', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      '..',
      '/',
      '%2e',
      '%2f',
      '%25',
      '%252e',
      ';',
      '\\',
      '%5c',
      '%00',
      '%41',
      '~',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = `/${pieces.join('')}`;
        const segments = splitPath(path);
        if (!segments) return;
        const normalised = new URL(path, 'http://api.test').pathname.split('/').slice(1);
        expect(normalised.map(decodeURIComponent)).toEqual(segments);
        for (const segment of segments)
          expect(segment.replaceAll(/%(?![0-9a-f]{2})/gi, '%25')).not.toMatch(/%[013-9a-f]|%2[0-46-9a-f]/i);
      }),
      { numRuns: 5000 },
    );
  });
});
