import { afterEach, beforeEach, expect, test } from 'vitest';

import { newId, systemRandom } from '../../src/platform/random.ts';
import { readRevision } from '../../src/publishing/read-revision.ts';
import { blockStart, dayColumn } from '../../src/usage/caller-days.ts';
import { forEachDialect } from '../support/databases.ts';
import { KEY, NOW_MS, type OpenPress, documentText, openPress } from './press.ts';

const GROWN = documentText('2.1.0', ['/parcels', '/quotes', '/labels']);
const SHRUNK = documentText('3.0.0', ['/parcels']);

forEachDialect((dialect) => {
  let press: OpenPress;
  beforeEach(async () => {
    press = await openPress(dialect);
  });
  afterEach(() => press.close());

  const number = async (text: string): Promise<number> => {
    const result = await press.submit(text);
    if (!result.ok) throw new Error(JSON.stringify(result));
    return result.revision.number;
  };

  test('what is not there, too large, no text or no OpenAPI document is refused by name', async () => {
    const bytes = (content: number[] | string) =>
      typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
    const submit = (content: number[] | string, key = KEY) =>
      press.submit(typeof content === 'string' ? content : new TextDecoder('latin1').decode(bytes(content)), key);
    expect(await submit(GROWN, { slug: 'parcels', version: 'v9' })).toEqual({ ok: false, reason: 'not_found' });
    expect(await submit(GROWN, { slug: 'gatehouse', version: 'v1' })).toEqual({ ok: false, reason: 'not_found' });
    expect(await submit('x'.repeat(100_001))).toEqual({ ok: false, reason: 'too_large', maxBytes: 100_000 });
    expect(await submit('openapi: 3.1.0\0')).toEqual({ ok: false, reason: 'not_text' });
    const dangling = documentText('2.1.0', ['/parcels']).replace(
      '{ description: ok }',
      '{ $ref: "#/components/responses/Ok" }',
    );
    expect(await submit(dangling)).toMatchObject({
      ok: false,
      reason: 'invalid_document',
      problems: [{ line: 8, column: 29, reason: expect.stringContaining('components/responses/Ok') as string }],
    });
    expect((await press.revisions.revisions(KEY, 9)).length).toBe(1);
  });

  test.each([
    ['U+0000', { description: 'a \u0000' }],
    ['half of a pair', { 'x-\ud800': 1 }],
    ['half of a pair in a list', { 'x-list': [['\udc00']] }],
  ])('%s, which a database cannot hold, is refused with its place', async (_, odd) => {
    const document = { openapi: '3.1.0', info: { title: 'A', version: '1' }, paths: {}, ...odd };
    expect(await press.submit(JSON.stringify(document, null, 1))).toMatchObject({
      reason: 'invalid_document',
      problems: [{ column: expect.any(Number) as number, reason: expect.stringContaining('no text') as string }],
    });
  });

  test('whose keys called what would break is counted, for the last 30 days', async () => {
    const { kysely } = press.portal.database;
    const [applicationId, keyId] = [newId(systemRandom, 'app'), newId(systemRandom, 'key')];
    const application = { id: applicationId, team_id: press.owner.teamIds[0] ?? '', name: 'Till', description: '' };
    await kysely
      .insertInto('application')
      .values({ ...application, created_at_ms: 1, deleted_at_ms: null })
      .execute();
    await kysely
      .insertInto('api_key')
      .values({
        ...{
          id: keyId,
          application_id: applicationId,
          name: 'Shop',
          environment: 'live',
          token_hash: new Uint8Array(32),
        },
        ...{ pepper_id: 1, first_four: 'aaaa', last_four: 'bbbb', allowlist: '[]', request_id: keyId },
        ...{ created_by_account_id: press.owner.accountId, created_at_ms: 1 },
      })
      .execute();
    const called = async (operation: string, daysAgo: number, calls: number): Promise<void> => {
      const atMs = NOW_MS - daysAgo * 86_400_000;
      const who = { api_slug: 'parcels', version: 'v2', application_id: applicationId, key_id: keyId };
      await press.usageDatabase.database.kysely
        .insertInto('api_caller')
        .values({ ...who, operation_id: operation, block_start_ms: blockStart(atMs), [dayColumn(atMs)]: calls })
        .execute();
    };
    await called('getquotes', 1, 4);
    await called('getquotes', 40, 100);
    await called('getparcels', 1, 7);
    const report = await readRevision(press.press, KEY, await number(SHRUNK));
    const key = { keyId, keyName: 'Shop', applicationName: 'Till', teamName: 'olga', calls: 4 };
    expect(report?.affected).toEqual({ keys: 1, teams: 1, calls: 4, busiest: [key] });
  });
});
