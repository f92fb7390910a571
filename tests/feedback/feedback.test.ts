import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createAllowanceStore } from '../../src/accounts/allowance-store.ts';
import { readCursor, writeCursor } from '../../src/feedback/feedback.ts';
import { type FeedbackStore, createFeedbackStore } from '../../src/feedback/feedback-store.ts';
import { giveFeedback } from '../../src/feedback/give-feedback.ts';
import { parseFeedbackForm } from '../../src/feedback/give-feedback.form.ts';
import { COMMENTS_PER_PAGE, readFeedback } from '../../src/feedback/read-feedback.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 10);
const OWNER = { role: 'owner' as const };

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

describe('the form', () => {
  const right = { page: '/guides/keys', clear: 'no', comment: ' Which key? ' };

  test('is read', () => {
    expect(parseFeedbackForm(formOf(right))).toEqual({
      ok: true,
      value: { page: '/guides/keys', isClear: false, comment: 'Which key?' },
    });
  });

  test.each([
    [{ page: 'https://elsewhere.example/' }, 'page'],
    [{ page: '//elsewhere.example' }, 'page'],
    [{ page: '/owner' }, 'page'],
    [{ clear: 'maybe' }, 'clear'],
    [{ comment: 'x'.repeat(1001) }, 'comment'],
    [{ comment: `my key is gth_live_${'a'.repeat(36)}` }, 'comment'],
    [{ email: 'me@example.com' }, ''],
  ])('%o is refused at %s, and what was typed stays', (change, field) => {
    const parsed = parseFeedbackForm(formOf({ ...right, ...(change as Record<string, string>) }));
    expect(parsed.ok ? null : Object.keys(parsed.errors)).toEqual([field]);
  });

  test.each([null, '', 'x', '12', '12.', "12.a'b", `${'9'.repeat(16)}.a`])('the cursor %o is none', (text) => {
    expect(readCursor(text)).toBeNull();
  });
});

forEachDialect((dialect) => {
  let opened: TestDatabase;
  let feedback: FeedbackStore;
  const time = { nowMs: NOW_MS };
  const give = (page: string, isClear: boolean, comment = '', address = '203.0.113.9') => {
    const deps = {
      allowances: createAllowanceStore(opened.database),
      feedback,
      revisionOf: (path: string) => (path.startsWith('/guides/') ? 'abc' : null),
      clock: { nowMs: () => time.nowMs },
      random: systemRandom,
    };
    return giveFeedback(deps, { page, isClear, comment }, { address, userAgent: '' });
  };

  beforeEach(async () => {
    opened = await openTestDatabase(dialect);
    feedback = createFeedbackStore(opened.database);
    time.nowMs = NOW_MS;
  });
  afterEach(() => opened.close());

  test('pages are counted, the least clear first; only what has a text is a comment', async () => {
    await give('/guides/keys', true);
    await give('/guides/plans', false, 'What is a plan?');
    await give('/guides/plans', false);
    await give('/guides/plans', true);
    const overview = await readFeedback(feedback, OWNER, null);
    expect(overview?.pages).toEqual([
      { page: '/guides/plans', clear: 1, unclear: 2 },
      { page: '/guides/keys', clear: 1, unclear: 0 },
    ]);
    expect(overview?.comments).toMatchObject([
      { page: '/guides/plans', revision: 'abc', isClear: false, comment: 'What is a plan?', createdAtMs: NOW_MS },
    ]);
    expect(overview?.next).toBeNull();
  });

  test('nothing of who it was is stored with it', async () => {
    await give('/guides/keys', true, 'Good.', '198.51.100.77');
    const rows = await opened.database.kysely.selectFrom('page_feedback').selectAll().execute();
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual([
      ...['clear', 'comment', 'created_at_ms', 'id', 'page', 'revision'],
    ]);
    expect(JSON.stringify(rows)).not.toContain('198.51.100');
  });

  test('a page that is not there takes nothing, and one network can say twenty things at once', async () => {
    expect(await give('/notices/none', true)).toEqual({ ok: false, reason: 'not_found' });
    for (let count = 0; count < 20; count += 1) expect(await give('/guides/keys', true)).toEqual({ ok: true });
    expect(await give('/guides/keys', true)).toMatchObject({ reason: 'too_much_feedback', retryAfterSeconds: 180 });
    expect(await give('/guides/keys', true, '', '198.51.100.1')).toEqual({ ok: true });
    expect((await feedback.counts())[0]?.clear).toBe(21);
  });

  test('older comments come page by page, each once, also those of one moment', async () => {
    const many = COMMENTS_PER_PAGE * 2 + 1;
    for (let number = 0; number < many; number += 1)
      await give('/guides/keys', false, `number ${number}`, `198.51.${number}.1`);
    const seen: string[] = [];
    let before: ReturnType<typeof readCursor> = null;
    for (let page = 0; page < 3; page += 1) {
      const overview: Awaited<ReturnType<typeof readFeedback>> = await readFeedback(feedback, OWNER, before);
      seen.push(...(overview?.comments ?? []).map(({ comment }) => comment));
      before = overview?.next ? readCursor(writeCursor(overview.next)) : null;
    }
    expect([before, seen.length, new Set(seen).size]).toEqual([null, many, many]);
  });

  test('an owner deletes one, which the audit log notes without the text; others see nothing', async () => {
    await give('/guides/keys', false, 'rude words');
    const [comment] = await feedback.comments(null, 1);
    expect(await feedback.remove(comment?.id ?? '', 'acc_owner', NOW_MS)).toBe(true);
    expect(await feedback.remove(comment?.id ?? '', 'acc_owner', NOW_MS)).toBe(false);
    const entries = await opened.database.kysely.selectFrom('audit_entry').selectAll().execute();
    expect(entries).toMatchObject([{ action: 'feedback.deleted', actor: 'acc_owner', subject: comment?.id }]);
    expect(JSON.stringify(entries)).not.toContain('rude');
    expect(await readFeedback(feedback, { role: 'developer' }, null)).toBeNull();
  });
});
