import { expect, test } from 'vitest';

import { readPath } from '../../src/server/request-path.ts';

test.each([
  ['/', '/'],
  ['/docs/parcels/v2', '/docs/parcels/v2'],
  ['/docs/?q=a%20b%2525&x=|', '/docs/'],
  ['/apis/caf%C3%A9', '/apis/caf%C3%A9'],
  ['/a;b=1/@x', '/a;b=1/@x'],
  ['/.well-known/security.txt', '/.well-known/security.txt'],
])('%s has one reading', (target, path) => {
  expect(readPath(target)).toBe(path);
});

test.each([
  ['the asterisk form', '*'],
  ['the absolute form', 'http://portal.test/admin'],
  ['no leading slash', 'admin'],
  ['a doubled slash', '//evil.test/'],
  ['a doubled slash inside', '/x//admin'],
  ['a dot segment', '/x/../admin'],
  ['a single dot segment', '/./admin'],
  ['a dot segment at the end', '/x/..'],
  ['an encoded dot segment', '/x/%2e%2e/admin'],
  ['a backslash', '/\\admin'],
  ['an encoded backslash', '/%5cadmin'],
  ['an encoded slash', '/x%2fadmin'],
  ['an encoded NUL', '/x%00'],
  ['an encoded line break', '/x%0d%0aSet-Cookie:a'],
  ['an encoded letter', '/%61dmin'],
  ['a cut-off escape', '/x%4'],
  ['an escape that is none', '/x%zz'],
  ['a byte that is no UTF-8', '/x%ff'],
  ['an overlong encoding of a slash', '/x%c0%af'],
  ['a fragment', '/x#y'],
  ['a fragment in the query', '/x?a#b'],
  ['a blank', '/x y'],
  ['a raw byte above ASCII', '/caf\u00e9'],
  ['markup', '/<script>'],
])('%s is refused', (_what, target) => {
  expect(readPath(target)).toBeNull();
});

test('a letter encoded once to fourteen times is refused every time', () => {
  let letter = 'a';
  for (let times = 1; times <= 14; times += 1) {
    letter = times === 1 ? '%61' : letter.replace('%', '%25');
    expect(readPath(`/${letter}dmin`)).toBeNull();
  }
});
