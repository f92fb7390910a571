import { expect, test } from 'vitest';

import { linkKind } from '../../src/platform/link.ts';

test.each([
  ['/guides/keys', 'own'],
  ['keys#rotate', 'own'],
  ['?page=2', 'own'],
  ['', 'own'],
  ['https://other.example/', 'foreign'],
  ['http:page', 'foreign'],
  ['//other.example/', 'foreign'],
  ['\\\\other.example', 'foreign'],
  ['/\\other.example', 'foreign'],
  ['/\t/other.example', 'foreign'],
  [' https://own-site.invalid/', 'foreign'],
  ['mailto:security@example.com', 'mail'],
  ['javascript:alert(1)', null],
  [' java\nscript:alert(1)', null],
  ['data:text/html,x', null],
  ['file:///etc/passwd', null],
  ['https://', null],
] as const)('%j is %s, as a browser reads it', (href, kind) => {
  expect(linkKind(href)).toBe(kind);
});
