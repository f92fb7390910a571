import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { commands } from '../../src/cli/gatehouse/commands.ts';
import { version } from '../../src/platform/version.ts';
import { schemaMistakes } from '../support/schema-check.ts';
import { type CommandHouse, openCommandHouse } from './house.ts';

let house: CommandHouse;
let document: { components: { schemas: Record<string, unknown> } };
beforeAll(async () => {
  house = await openCommandHouse();
  document = (await (await fetch(`${house.portal.portalUrl}/api/v1/openapi.json`)).json()) as typeof document;
  await house.gatehouse([
    'keys',
    'issue',
    '--name',
    'Build',
    '--file',
    join(house.folder, 'build.key'),
    '--allow',
    '203.0.113.0/24',
  ]);
});
afterAll(() => house.stop());

/** Runs a command with and without --json; both have to succeed, and the JSON to fit a schema of the API's document. */
async function both(words: readonly string[], schema?: string): Promise<{ text: string; value: unknown }> {
  const plain = await house.gatehouse(words);
  const asJson = await house.gatehouse([...words, '--json']);
  expect([plain.code, plain.error, asJson.code, asJson.error]).toEqual([0, '', 0, '']);
  const value = asJson.json();
  if (schema !== undefined) {
    expect(document.components.schemas).toHaveProperty(schema);
    expect(schemaMistakes(document, document.components.schemas[schema], value)).toEqual([]);
  }
  return { text: plain.out, value };
}

describe('what the commands answer', () => {
  test('account: who one is', async () => {
    const { text, value } = await both(['account'], 'Account');
    expect(text).toContain(house.person.email);
    expect(JSON.stringify(value)).not.toContain(house.token);
  });

  test('applications list and create', async () => {
    const created = await house.gatehouse([
      'applications',
      'create',
      '--name',
      'Coffee shop',
      '--subscribe',
      'parcels/free',
      '--json',
    ]);
    expect(created.code).toBe(0);
    expect(schemaMistakes(document, document.components.schemas.Application, created.json())).toEqual([]);
    const { text, value } = await both(['applications', 'list']);
    expect(text).toMatch(/NAME +ID +CREATED.*\n.*Coffee shop +app_/);
    expect(value).toMatchObject({ applications: [{ name: 'Coffee shop' }, { name: 'Tea shop' }] });
    const usage = await house.gatehouse(['usage', 'Coffee shop']);
    expect(usage.out).toMatch(/parcels +quota +0 +1000/);
  });

  test('keys list, show, allow, schedule', async () => {
    const { text } = await both(['keys', 'list', '-a', 'Tea shop']);
    expect(text).toMatch(/Build +key_\w{20} +test +active/);
    const shown = await both(['keys', 'show', 'Build', '-a', 'Tea shop'], 'Key');
    expect(shown.text).toContain('203.0.113.0/24');
    const allowed = await both(['keys', 'allow', 'Build', '198.51.100.7', '2001:db8::/48', '-a', 'Tea shop'], 'Key');
    expect(allowed.text).toContain('198.51.100.7/32, 2001:db8::/48');
    expect((await both(['keys', 'allow', 'Build', '--anywhere', '-a', 'Tea shop'], 'Key')).text).toContain('anywhere');
    expect((await both(['keys', 'schedule', 'Build', '30', '-a', house.applicationId], 'Key')).text).toContain(
      '30 days',
    );
    expect((await both(['keys', 'schedule', 'Build', 'plan', '-a', 'Tea shop'], 'Key')).text).toContain('plans say');
  });

  test('keys end-overlap ends the old one of two keys, named by their name; revoke ends a key for good', async () => {
    const inShop = ['-a', 'Tea shop'];
    const old = await house.gatehouse(['keys', 'issue', '--name', 'Pair', '--stdout', ...inShop]);
    expect(
      (await house.gatehouse(['keys', 'rotate', 'Pair', '--file', join(house.folder, 'pair.key'), ...inShop])).code,
    ).toBe(0);
    const status = async (token: string) =>
      (await fetch(`${house.portal.gatewayUrl}/parcels/v2/services`, { headers: { Authorization: `Bearer ${token}` } }))
        .status;
    expect(await status(old.out.trim())).toBe(200);
    expect((await house.gatehouse(['keys', 'end-overlap', 'Pair', ...inShop])).code).toBe(0);
    expect(await status(old.out.trim())).toBe(401);
    expect((await house.gatehouse(['keys', 'end-overlap', 'Pair', ...inShop])).code).toBe(1);
    const asked = await house.gatehouse(['keys', 'revoke', 'Pair', ...inShop]);
    expect([asked.code, asked.error.includes('--yes')]).toEqual([2, true]);
    const token = readFileSync(join(house.folder, 'pair.key'), 'utf8');
    expect(await status(token)).toBe(200);
    const revoked = await house.gatehouse([
      'keys',
      'revoke',
      'Pair',
      '--yes',
      '--reason',
      'Retired',
      '--json',
      ...inShop,
    ]);
    expect(revoked.json()).toMatchObject({ state: 'revoked', revokeReason: 'Retired' });
    expect(await status(token)).toBe(401);
  });

  test('usage', async () => {
    await both(['usage', 'Tea shop', '--days', '3'], 'Usage');
  });

  test('notices list and acknowledge', async () => {
    const { text, value } = await both(['notices', 'list']);
    const listed = { ...(value as object), nextCursor: null };
    expect(schemaMistakes(document, document.components.schemas.OwnNoticeList, listed)).toEqual([]);
    const [first] = (value as { notices: { notice: { slug: string } }[] }).notices;
    expect(text).toContain(first?.notice.slug);
    const acknowledged = await house.gatehouse(['notices', 'acknowledge', first?.notice.slug ?? '']);
    expect([acknowledged.code, acknowledged.error]).toEqual([0, '']);
    expect((await house.gatehouse(['notices', 'list'])).out).toMatch(/acknowledged/);
    expect((await house.gatehouse(['notices', 'acknowledge', 'no-such-notice'])).code).toBe(4);
  });

  test('audit export: one entry a line, in JSON or CSV', async () => {
    const { out } = await house.gatehouse(['audit', 'export', '--area', 'key']);
    const entries = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { action: string });
    expect(entries.at(-1)).toMatchObject({ action: 'key.issued' });
    const csv = await house.gatehouse(['audit', 'export', '--area', 'key', '--format', 'csv']);
    expect(csv.out.split('\r\n')[0]).toMatch(/^sequence,at,actor,action,subject/);
    expect(csv.out.split('\r\n').length - 2).toBe(entries.length);
    const all = await house.gatehouse(['audit', 'export', '--area', 'key', '--json']);
    expect(
      schemaMistakes(document, document.components.schemas.AuditEntryList, {
        ...(all.json() as object),
        nextCursor: null,
      }),
    ).toEqual([]);
    expect((await house.gatehouse(['audit', 'export', '--all-teams'])).code).toBe(6);
  });

  test('diff: compares two documents, without a portal', async () => {
    const write = (name: string, paths: object) => {
      const path = join(house.folder, name);
      writeFileSync(path, JSON.stringify({ openapi: '3.1.0', info: { title: 'A', version: '1' }, paths }));
      return path;
    };
    const get = { operationId: 'a', responses: { 200: { description: 'Fine' } } };
    const [old, now] = [write('old.json', { '/a': { get } }), write('new.json', {})];
    const nowhere = { GATEHOUSE_URL: undefined, GATEHOUSE_TOKEN_FILE: undefined };
    const ended = await house.program(['diff', old, now, '--fail-on', 'breaking'], { environment: nowhere });
    expect([ended.code, ended.out.includes('breaking')]).toEqual([1, true]);
  });

  test('completion: a script that bash can read and that knows every command', async () => {
    const { out } = await house.gatehouse(['completion', 'bash']);
    writeFileSync(join(house.folder, 'completion'), out);
    const completed = await house.shell(
      `bash -c 'source completion; COMP_WORDS=(gatehouse keys ro); COMP_CWORD=2; _gatehouse; echo "\${COMPREPLY[@]}"'`,
    );
    expect([completed.code, completed.out]).toEqual([0, 'rotate\n']);
    for (const { name } of commands) expect(out).toContain(name.split(' ').at(-1));
    expect((await house.gatehouse(['completion', 'fish'])).code).toBe(2);
  });
});

describe('help and errors', () => {
  test('an older Node hands over to the one that the packages bring along, exit code included', async () => {
    const module = pathToFileURL(join(import.meta.dirname, '../../src/cli/gatehouse-node.mjs')).href;
    const script = `import(${JSON.stringify(module)}).then(({ handOver }) => handOver(['nonsense']))`;
    writeFileSync(join(house.folder, 'older.mjs'), script);
    const ended = await house.shell(`'${process.execPath}' older.mjs`);
    expect([ended.code, ended.error]).toEqual([2, "error: unknown command 'nonsense'\n"]);
  });

  test('--version and --help, of the program and of every command, with examples', async () => {
    expect((await house.program(['--version'])).out).toBe(`${version}\n`);
    expect((await house.gatehouse(['--help'])).out).toContain('Ends with');
    for (const { name, examples } of commands) {
      const { code, out } = await house.gatehouse([...name.split(' '), '--help']);
      expect(code).toBe(0);
      for (const example of examples) expect(out).toContain(example);
    }
  });

  test.each([
    [['keys', 'show', 'Nothing', '-a', 'Tea shop'], 4, 'There is no key "Nothing"'],
    [['keys', 'list', '-a', 'Nowhere'], 4, 'There is no application "Nowhere"'],
    [['keys', 'list', '-a', 'app_00000000000000000000'], 4, 'not'],
    [['keys', 'allow', 'Build', 'everywhere', '-a', 'Tea shop'], 1, '/allowlist/0'],
    [['nonsense'], 2, 'unknown command'],
    [['keys', 'show'], 2, 'missing required argument'],
    [['keys', 'list', '--nonsense'], 2, 'unknown option'],
    [['usage', 'Tea shop', '--days', 'many'], 2, '--days'],
  ])('%j ends with %i and one line that says why', async (words, code, message) => {
    const ended = await house.gatehouse(words);
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.error).toContain(message);
    expect(ended.error.trim().split('\n')).toHaveLength(1);
  });

  test('with --json an error is JSON as well', async () => {
    const { code, out, error } = await house.gatehouse(['keys', 'show', 'Nothing', '-a', 'Tea shop', '--json']);
    expect([code, out]).toEqual([4, '']);
    expect(JSON.parse(error)).toEqual({
      error: { code: 'not_found', message: 'There is no key "Nothing". Run: gatehouse keys list', exit: 4 },
    });
  });

  test('a token or a key among the arguments is refused, and not repeated', async () => {
    for (const words of [
      ['account', house.token],
      ['account', `--token=${house.token}`],
      ['--token', 'x', 'account'],
    ]) {
      const { code, out, error } = await house.gatehouse(words);
      expect([code, out]).toEqual([2, '']);
      expect(error).toContain('Everybody on this machine can read those');
      expect(error).not.toContain(house.token);
    }
  });
});
