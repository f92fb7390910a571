import { afterEach, beforeEach, expect, test } from 'vitest';

import { createDocumentInspector } from '../../src/publishing/document-inspector.ts';
import { readRevision } from '../../src/publishing/read-revision.ts';
import { createRevisionLinter } from '../../src/publishing/revision-linter.ts';
import { forEachDialect } from '../support/databases.ts';
import { KEY, type OpenPress, documentText, openPress } from './press.ts';

const inspector = createDocumentInspector();

forEachDialect((dialect) => {
  let press: OpenPress;
  let looks: number;
  beforeEach(async () => {
    press = await openPress(dialect);
    looks = 0;
  });
  afterEach(() => press.close());

  const counted: typeof inspector = {
    inspect: (...given) => {
      looks += 1;
      return inspector.inspect(...given);
    },
  };
  const reading = (waitMs: number, inspects = counted) => {
    const linter = createRevisionLinter({ revisions: press.revisions, inspector: inspects, waitMs });
    return (number = 1) => readRevision({ ...press.press, linter }, KEY, number);
  };

  test('a document from a file is linted when an owner looks at it, by its own lines, and once', async () => {
    const read = reading(60_000);
    const [first, atOnce] = await Promise.all([read(), read()]);
    if (first?.lint?.ok !== true) throw new Error(JSON.stringify(first?.lint));
    const lines = first.lint.groups.flatMap(({ places }) => places.map(({ line }) => line));
    expect(Math.max(...lines)).toBeGreaterThan(3);
    expect(Math.max(...lines)).toBeLessThanOrEqual(documentText('2.0.0', ['/parcels', '/quotes']).split('\n').length);
    expect(atOnce?.lint).toEqual(first.lint);
    expect((await read())?.lint).toEqual(first.lint);
    expect(looks).toBe(1);
  });

  test('nobody waits for long: the lint goes on, and is there the next time', async () => {
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const slow: typeof inspector = {
      inspect: async (...given) => {
        await held;
        return counted.inspect(...given);
      },
    };
    const read = reading(50, slow);
    expect((await read())?.lint).toBeNull();
    finish();
    await expect.poll(async () => (await read())?.lint ?? null, { timeout: 30_000 }).toMatchObject({ ok: true });
    expect(looks).toBe(1);
  });

  test('what another release accepted and this one would refuse is said, and the page is there', async () => {
    const refusing: typeof inspector = {
      inspect: () =>
        Promise.resolve({ result: { ok: false, problems: [{ line: 2, reason: 'info has no title' }] }, lint: null }),
    };
    expect((await reading(1000, refusing)())?.lint).toEqual({
      ok: false,
      reason: 'It would not be accepted again: info has no title.',
    });
  });

  test('a text that is no longer kept cannot be looked at', async () => {
    const { kysely } = press.portal.database;
    await kysely.updateTable('document_revision').set({ source: null, document: null, kept_bytes: 0 }).execute();
    expect(await reading(60_000)()).toMatchObject({ lint: null, revision: { isKept: false } });
    expect(looks).toBe(0);
  });

  test('what was linted when it came is not looked at again', async () => {
    await press.submit(documentText('2.1.0', ['/parcels']));
    const { kysely } = press.portal.database;
    const lint = JSON.stringify({ ok: true, groups: [] });
    await kysely.updateTable('document_revision').set({ lint }).where('number', '=', 2).execute();
    expect((await reading(60_000)(2))?.lint).toEqual({ ok: true, groups: [] });
    expect(looks).toBe(0);
  });
});
