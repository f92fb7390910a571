import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { dictionary } from '@zxcvbn-ts/language-common';
import ts from 'typescript';
import { expect, test } from 'vitest';

import { newToken } from '../../src/email-addresses/one-time-token.ts';
import { drawCheckedSecret } from '../../src/settings/checked-secret.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { repositoryRoot } from './read-lists.ts';
import { type Syntax, calledName, collect, programSyntax, treeOf } from './syntax.ts';

const program = programSyntax();
const sources = program.filter(({ path }) => path.startsWith('src/'));

/** `file: code` for every place that `pick` finds, but those in files that are named with their reason. */
function places(
  files: readonly Syntax[],
  pick: (node: ts.Node) => string | null,
  exceptions: Readonly<Record<string, string>> = {},
): string[] {
  return files
    .filter(({ path }) => !(path in exceptions))
    .flatMap((file) => collect(file, pick).map((code) => `${file.path}: ${code.split('\n')[0] ?? ''}`));
}

const runsText = (node: ts.Node): string | null =>
  /^(eval|Function|runIn\w*Context|compileFunction|Script)$/.test(calledName(node) ?? '') ||
  (ts.isStringLiteral(node) && /^(node:)?vm$/.test(node.text) && ts.isImportDeclaration(node.parent))
    ? node.getText()
    : null;

test('no text becomes code', () => {
  expect(places(program, runsText)).toEqual([]);
  const tree = treeOf('x.ts', `new Function('a', text); eval(text); import vm from 'node:vm';`);
  expect(places([{ path: 'x.ts', tree }], runsText)).toHaveLength(3);
});

test('programs are started without a shell, from files that are named here', () => {
  const starting = {
    'src/cli/build.mjs': 'Astro’s own build',
    'src/cli/gatehouse-node.mjs': 'the Node that the packages bring',
    'src/cli/install.mjs': 'npm',
    'src/cli/launch.mjs': 'the portal itself',
    'src/server/verifier-process.ts': 'the verifier',
    'src/cli/gatehouse/open-terminal.ts':
      'a command that the person at this terminal has written, in a shell of theirs',
  };
  const imports = (node: ts.Node): string | null =>
    ts.isStringLiteral(node) && /^(node:)?child_process$/.test(node.text) ? node.getText() : null;
  expect(places(program, imports, starting)).toEqual([]);
  const withShell = (node: ts.Node): string | null =>
    (/^(exec|execSync)$/.test(calledName(node) ?? '') && ts.isIdentifier((node as ts.CallExpression).expression)) ||
    (ts.isPropertyAssignment(node) && node.name.getText() === 'shell')
      ? node.getText()
      : null;
  expect(places(program, withShell)).toEqual([]);
});

test('SQL is never put together from text', () => {
  const raw = (node: ts.Node): string | null =>
    ts.isPropertyAccessExpression(node) &&
    node.name.text === 'raw' &&
    /^(sql|CompiledQuery)$/.test(node.expression.getText())
      ? node.parent.getText()
      : null;
  expect(
    places(sources, raw, {
      'src/key-reminders/key-dormancy-store.ts': 'the name of a function, one for each dialect',
      'src/database/prepared-insert.ts': 'a statement that Kysely has made, kept for its next use',
    }),
  ).toEqual([]);
  const statements = (node: ts.Node): string | null => {
    if (!/^(prepare|exec|pragma|unsafe)$/.test(calledName(node) ?? '') || !ts.isCallExpression(node)) return null;
    const [text] = node.arguments;
    const isSql =
      text &&
      (ts.isStringLiteralLike(text)
        ? /^(select|insert|update|delete|begin|pragma)\b/i.test(text.text)
        : ts.isTemplateExpression(text));
    return isSql && ts.isTemplateExpression(text) ? node.getText() : null;
  };
  expect(places(program, statements, { 'src/database/database.ts': 'one of two words of ours' })).toEqual([]);
});

test('a regular expression is never made of what somebody typed', () => {
  const made = (node: ts.Node): string | null =>
    calledName(node) === 'RegExp' && !ts.isRegularExpressionLiteral((node as ts.NewExpression).arguments?.[0] ?? node)
      ? node.getText()
      : null;
  const prefix = 'KEY_PREFIX, which may have letters and digits only';
  expect(
    places(program, made, {
      'src/access-tokens/access-token-secret.ts': prefix,
      'src/keys/key-secret.ts': prefix,
      'src/reference/colour-sample.ts': 'the words of a language, put together from constants',
      'src/leaked-keys/leaked-key.ts': prefix,
      'src/verify/credential.ts': prefix,
    }),
  ).toEqual([]);
});

/** What the build hands to browsers: scripts of `src/ui` that touch the page. */
const scripts = sources.filter(
  ({ path, tree }) => /^src\/(ui|pages)\//.test(path) && /\b(document|window|customElements)\b/.test(tree.text),
);

test('scripts of pages take no messages from other windows', () => {
  expect(scripts.length).toBeGreaterThan(5);
  const listens = (node: ts.Node): string | null =>
    (calledName(node) === 'addEventListener' &&
      /^['"]message['"]/.test((node as ts.CallExpression).arguments[0]?.getText() ?? '')) ||
    (ts.isPropertyAccessExpression(node) && /^(onmessage|opener|postMessage)$/.test(node.name.text))
      ? node.getText()
      : null;
  expect(places(scripts, listens)).toEqual([]);
});

test('scripts of pages keep nothing in the browser but a choice of colours and language', () => {
  const keeps = (node: ts.Node): string | null =>
    (ts.isIdentifier(node) && /^(localStorage|sessionStorage|indexedDB|caches|cookieStore)$/.test(node.text)) ||
    (ts.isPropertyAccessExpression(node) && node.getText() === 'document.cookie')
      ? node.getText()
      : null;
  expect(
    places(scripts, keeps, {
      'src/ui/reference/code-samples.ts': 'the language of samples',
      'src/ui/reference/application-choice.ts': 'the id of the application whose name stands in samples',
    }),
  ).toEqual([]);
});

test('what opens something has 128 bits or more', () => {
  const bits = { base62: Math.log2(62), base64url: 6 };
  expect(newToken(systemRandom).length * bits.base64url).toBeGreaterThanOrEqual(256);
  expect((drawCheckedSecret(systemRandom).length - 6) * bits.base62).toBeGreaterThanOrEqual(128);
  const id = newId(systemRandom, 'key');
  expect(id, 'ids are no credentials; see random.ts').toMatch(/^key_[0-9A-Za-z]{20}$/);
});

test('the list of common passwords has three thousand of eight characters or more', () => {
  expect(dictionary['passwords-common'].filter((password) => password.length >= 8).length).toBeGreaterThanOrEqual(3000);
});

const cryptographic = /^(node:crypto|@node-rs\/argon2|otpauth|standardwebhooks|@simplewebauthn\/server|openid-client)$/;
const approved = /^(sha256|aes-256-gcm)$/;

test('all cryptography stands in the guide, with its place', () => {
  const guide = readFileSync(join(repositoryRoot, 'content/guides/security/baseline.md'), 'utf8');
  const written = [...guide.matchAll(/^\| `(src\/[^`]+)` +\|/gm)].map(([, path]) => path);
  const using = sources.filter((file) =>
    collect(file, (node) =>
      ts.isImportDeclaration(node) ? (node.moduleSpecifier as ts.StringLiteral).text : null,
    ).some((target) => cryptographic.test(target)),
  );
  expect(written.toSorted()).toEqual(using.map(({ path }) => path).toSorted());
  const algorithms = (node: ts.Node): string | null => {
    if (!/^(create(Hash|Hmac|Cipheriv|Decipheriv|Sign|Verify)|hash|hkdfSync|verify|sign)$/.test(calledName(node) ?? ''))
      return null;
    const [first] = (node as ts.CallExpression).arguments;
    return first && ts.isStringLiteral(first) && !approved.test(first.text) ? node.getText() : null;
  };
  expect(places(using, algorithms)).toEqual([]);
});
