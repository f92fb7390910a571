import { afterEach, beforeEach, expect, test } from 'vitest';

import { correctNotice } from '../../src/editor/correct-notice.ts';
import { approveNotice, discardNotice, draftNotice, redraftNotice } from '../../src/editor/draft-notice.ts';
import { publishNotice } from '../../src/editor/publish-notice.ts';
import { viewWrittenNotice } from '../../src/editor/read-written-notices.ts';
import { draftDifference } from '../../src/editor/word-difference.ts';
import { type Newsroom, openNewsroom } from '../notices/newsroom.ts';
import { forEachDialect } from '../support/databases.ts';
import { deprecationDraft, developer, owner, secondOwner } from './drafts.ts';

forEachDialect((dialect) => {
  let room: Newsroom;
  beforeEach(async () => {
    room = await openNewsroom(dialect);
  });
  afterEach(() => room.close());

  async function drafted(): Promise<string> {
    const result = await draftNotice(room.deps, owner, deprecationDraft());
    if (!result.ok) throw new Error(result.reason);
    return result.notice.id;
  }
  const now = { revision: 1, publishAtMs: null };
  const actions = async (): Promise<string[]> => {
    const rows = await room.db.selectFrom('audit_entry').select('action').orderBy('sequence').execute();
    return rows.map(({ action }) => action);
  };

  test('nobody sees a draft but owners', async () => {
    const id = await drafted();
    await room.deps.written.refresh();
    expect([...room.deps.library.list(), ...room.deps.library.scheduled()]).toEqual([]);
    expect(await viewWrittenNotice(room.deps, developer, id)).toBeNull();
    expect((await viewWrittenNotice(room.deps, secondOwner, id))?.preview.title).toBe('Version 1 ends');
  });

  test('nobody but owners writes, changes, approves, publishes or removes', async () => {
    const id = await drafted();
    const absent = { ok: false, reason: 'not_found' };
    expect(await draftNotice(room.deps, developer, deprecationDraft())).toEqual(absent);
    expect(await redraftNotice(room.deps, developer, id, { draft: deprecationDraft(), revision: 1 })).toEqual(absent);
    expect(await approveNotice(room.deps, developer, id, 1)).toEqual(absent);
    expect(await publishNotice(room.deps, developer, id, now)).toEqual(absent);
    expect(await discardNotice(room.deps, developer, id, 1)).toEqual(absent);
    expect(await actions()).toEqual(['notice.drafted']);
  });

  test('two owners never overwrite each other: the second gets the wording of the first', async () => {
    const id = await drafted();
    const [theirs, yours] = [deprecationDraft({ title: 'v1 ends' }), deprecationDraft({ summary: 'Move soon.' })];
    expect(await redraftNotice(room.deps, owner, id, { draft: theirs, revision: 1 })).toMatchObject({ ok: true });
    const late = await redraftNotice(room.deps, secondOwner, id, { draft: yours, revision: 1 });
    expect(late).toMatchObject({ ok: false, reason: 'changed_meanwhile', theirs: { draft: theirs, revision: 2 } });
    expect((await room.deps.store.find(id))?.draft).toEqual(theirs);
    expect(draftDifference(theirs, yours).map(({ name }) => name)).toEqual(['Title', 'Summary']);
    // Who has seen the other wording may decide for theirs.
    expect(await redraftNotice(room.deps, secondOwner, id, { draft: yours, revision: 2 })).toMatchObject({ ok: true });
  });

  test('of two owners who save at the same moment one is told of the other', async () => {
    const id = await drafted();
    const saved = await Promise.all(
      ['one', 'two', 'three'].map((title) =>
        redraftNotice(room.deps, owner, id, { draft: deprecationDraft({ title }), revision: 1 }),
      ),
    );
    expect(saved.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await room.deps.store.find(id))?.revision).toBe(2);
  });

  test('where a review is asked for, only what a second owner has read is published', async () => {
    const deps = { ...room.deps, needsReview: true };
    const id = await drafted();
    expect(await publishNotice(deps, owner, id, now)).toEqual({ ok: false, reason: 'not_approved' });
    expect(await approveNotice(deps, owner, id, 1)).toEqual({ ok: false, reason: 'own_draft' });
    expect(await approveNotice(deps, secondOwner, id, 1)).toEqual({ ok: true });
    // A change after the approval, by whomever, needs another; and who changed it is an author.
    const changed = { draft: deprecationDraft({ title: 'Changed' }), revision: 2 };
    expect(await redraftNotice(deps, secondOwner, id, changed)).toMatchObject({ ok: true });
    expect(await publishNotice(deps, owner, id, { ...now, revision: 3 })).toEqual({
      ok: false,
      reason: 'not_approved',
    });
    expect(await approveNotice(deps, secondOwner, id, 3)).toEqual({ ok: false, reason: 'own_draft' });
    const third = { role: 'owner', accountId: 'acc_third' } as const;
    expect(await approveNotice(deps, third, id, 3)).toEqual({ ok: true });
    expect(await publishNotice(deps, owner, id, { ...now, revision: 4 })).toMatchObject({ ok: true });
  });

  test('a correction needs the same review', async () => {
    const deps = { ...room.deps, needsReview: true };
    const id = await drafted();
    await approveNotice(deps, secondOwner, id, 1);
    await publishNotice(deps, owner, id, { ...now, revision: 2 });
    await redraftNotice(deps, secondOwner, id, { draft: deprecationDraft({ title: 'Better' }), revision: 3 });
    const correction = { reason: 'The title was wrong.', isTold: false };
    expect(await correctNotice(deps, secondOwner, id, { ...correction, revision: 4 })).toEqual({
      ok: false,
      reason: 'not_approved',
    });
    expect(await approveNotice(deps, secondOwner, id, 4)).toEqual({ ok: false, reason: 'own_draft' });
    expect(await approveNotice(deps, owner, id, 4)).toEqual({ ok: true });
    expect(await correctNotice(deps, secondOwner, id, { ...correction, revision: 5 })).toEqual({ ok: true });
  });

  test('a draft can be removed, what was published cannot; each step has an audit entry', async () => {
    const [removed, kept] = [await drafted(), await drafted()];
    expect(await discardNotice(room.deps, owner, removed, 7)).toEqual({ ok: false, reason: 'changed_meanwhile' });
    expect(await discardNotice(room.deps, owner, removed, 1)).toEqual({ ok: true });
    await publishNotice(room.deps, owner, kept, now);
    expect(await discardNotice(room.deps, owner, kept, 2)).toEqual({ ok: false, reason: 'not_editable' });
    expect((await room.deps.store.list()).map(({ id }) => id)).toEqual([kept]);
    expect(await actions()).toEqual(['notice.drafted', 'notice.drafted', 'notice.discarded', 'notice.released']);
  });

  test('the kind of a notice stays, and saving it unchanged is no change', async () => {
    const id = await drafted();
    const { title, summary, affects } = deprecationDraft().fields;
    const fields = { kind: 'change' as const, title, summary, affects };
    expect(await redraftNotice(room.deps, owner, id, { draft: { fields, text: 'x' }, revision: 1 })).toEqual({
      ok: false,
      reason: 'other_kind',
    });
    await redraftNotice(room.deps, secondOwner, id, { draft: deprecationDraft(), revision: 1 });
    expect(await room.deps.store.find(id)).toMatchObject({ revision: 1, authors: [owner.accountId] });
  });
});
