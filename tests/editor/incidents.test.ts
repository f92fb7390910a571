import { afterEach, beforeEach, expect, test } from 'vitest';

import { correctNotice, updateIncident } from '../../src/editor/correct-notice.ts';
import { redraftNotice } from '../../src/editor/draft-notice.ts';
import { ROW_SEPARATOR, formValuesOf, parseDraftNoticeForm } from '../../src/editor/draft-notice.form.ts';
import { noticeMail } from '../../src/notices/notice-mail.ts';
import { formOf } from '../applications/cast.ts';
import { NOW_MS } from '../notices/newsroom.ts';
import { forEachDialect } from '../support/databases.ts';
import { incidentDraft, owner } from './drafts.ts';
import { type Press, openPress } from './press.ts';

forEachDialect((dialect) => {
  let room: Press;
  beforeEach(async () => {
    room = await openPress(dialect);
  });
  afterEach(() => room.close());

  test('each entry in the timeline of an incident is mailed once, also two that follow each other at once', async () => {
    const id = await room.published(incidentDraft(new Date(NOW_MS - 60_000).toISOString()));
    await room.look();
    room.later(1000);
    for (const [status, text] of [
      ['identified', 'A disk is full.'],
      ['resolved', 'It is over.'],
    ] as const) {
      const update = { revision: await room.revisionOf(id), status, text };
      expect(await updateIncident(room.deps, owner, id, update)).toEqual({ ok: true });
    }
    await room.look();
    await room.look();
    const rows = await room.db.selectFrom('outbox').select('payload').where('kind', '=', 'mail.notice').execute();
    const texts: string[] = [];
    for (const { payload } of rows) {
      const mail = await noticeMail(room.deps, JSON.parse(payload) as Parameters<typeof noticeMail>[1]);
      texts.push(/(Investigating|Identified|Resolved): .*/.exec(mail?.text ?? '')?.[0] ?? '');
    }
    expect(texts.toSorted()).toEqual([
      'Identified: A disk is full.',
      'Investigating: Lists answer slowly.',
      'Resolved: It is over.',
    ]);
  });

  test('that a correction moves an entry of the timeline is no news', async () => {
    const id = await room.published(incidentDraft(new Date(NOW_MS - 60_000).toISOString()));
    room.later(1234);
    await updateIncident(room.deps, owner, id, { revision: 2, status: 'identified', text: 'A disk is full.' });
    await room.look();
    const before = await room.mailed();
    expect(before).toHaveLength(2);
    const kept = await room.deps.store.find(id);
    if (kept?.draft.fields.kind !== 'incident') throw new Error('gone');
    const values = formValuesOf(kept.draft);
    const form = formOf(values);
    for (const name of ['entryAt', 'entryStatus', 'entryText']) {
      const rows = values[name]?.split(ROW_SEPARATOR) ?? [];
      form.delete(name);
      for (const row of rows) form.append(name, row);
    }
    const parsed = parseDraftNoticeForm(form);
    expect(parsed, 'the form loses nothing').toMatchObject({ ok: true, value: { draft: kept.draft } });
    const [first, second] = kept.draft.fields.timeline;
    if (!first || !second) throw new Error('no entries');
    const timeline = [first, { ...second, at: new Date(NOW_MS + 600).toISOString() }];
    await redraftNotice(room.deps, owner, id, {
      draft: { ...kept.draft, fields: { ...kept.draft.fields, timeline } },
      revision: 3,
    });
    await correctNotice(room.deps, owner, id, { revision: 4, reason: 'The time was wrong.', isTold: false });
    await room.look();
    expect(await room.mailed()).toEqual(before);
  });

  test('an entry does not publish what is still being written', async () => {
    const id = await room.published(incidentDraft(new Date(NOW_MS - 60_000).toISOString()));
    const notice = await room.deps.store.find(id);
    if (!notice) throw new Error('gone');
    await redraftNotice(room.deps, owner, id, { draft: { ...notice.draft, text: 'Not ready yet.' }, revision: 2 });
    await updateIncident(room.deps, owner, id, { revision: 3, status: 'identified', text: 'A disk is full.' });
    await room.keep();
    expect(room.deps.library.list()[0]?.html).toContain('We are on it.');
    const kept = await room.deps.store.find(id);
    expect(kept?.draft.text).toBe('Not ready yet.');
    expect(kept?.draft.fields).toMatchObject({ timeline: [{}, { status: 'identified' }] });
  });
});
