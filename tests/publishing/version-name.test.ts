import { expect, test } from 'vitest';

import { parseApiFile } from '../../src/catalog/api-file.ts';
import { versionNameProblem } from '../../src/catalog/version-name.ts';

test.each(['v1', 'v10', '2026-11', '1.2', 'stable', 'v2.1-beta'])('%s is a name of a version', (name) => {
  expect(versionNameProblem(name)).toBeNull();
});

test.each([
  ['changes', 'addresses use this word'],
  ['new', 'addresses use this word'],
  ['webhooks', 'addresses use this word'],
  ['v2.md', 'addresses use this ending'],
  ['v2.json', 'addresses use this ending'],
  ['V2', 'lower-case'],
  ['..', 'lower-case'],
  ['v'.repeat(21), '20 characters'],
])('%s is refused, and why is said', (name, reason) => {
  expect(versionNameProblem(name)).toContain(reason);
});

const apiFile = (version: string, more: string): string =>
  `title: Parcels\nsummary: Send.\nversions:\n  ${version}: { lifecycle: active, upstream: http://127.0.0.1${more} }\n`;

test('an api.yaml with such a name is refused with its line', () => {
  const result = parseApiFile('parcels', apiFile('changes', ''));
  expect(result).toMatchObject({
    ok: false,
    problems: [{ line: 4, reason: expect.stringContaining('changes') as string }],
  });
});

test('an api.yaml says that a document is pushed', () => {
  const pushed = (more: string) => {
    const result = parseApiFile('parcels', apiFile('v3', more));
    return result.ok ? result.file.versions[0]?.isPushed : result.problems;
  };
  expect(pushed('')).toBe(false);
  expect(pushed(', document: pushed')).toBe(true);
  expect(pushed(', document: anywhere')).toMatchObject([
    { line: 4, reason: expect.stringContaining('file or pushed') as string },
  ]);
});
