import { afterEach, beforeEach, expect, test } from 'vitest';

import { discardRevision, publishRevision } from '../../src/publishing/publish-revision.ts';
import { readRevision } from '../../src/publishing/read-revision.ts';
import { publishedSource } from '../../src/publishing/revision.ts';
import { forEachDialect } from '../support/databases.ts';
import { KEY, type OpenPress, documentText, findHalfPublished, openPress, shownTo } from './press.ts';

const GROWN = documentText('2.1.0', ['/parcels', '/quotes', '/labels']);
const SHRUNK = documentText('3.0.0', ['/parcels']);

forEachDialect((dialect) => {
  let press: OpenPress;
  beforeEach(async () => {
    press = await openPress(dialect);
  });
  afterEach(async () => {
    expect(await findHalfPublished(press.portal.database)).toEqual([]);
    await press.close();
  });

  const number = async (text: string, key = KEY): Promise<number> => {
    const result = await press.submit(text, key);
    if (!result.ok) throw new Error(JSON.stringify(result));
    return result.revision.number;
  };
  const publish = (revision: number, basis: number, more: { allowsBreaking?: boolean; key?: typeof KEY } = {}) =>
    publishRevision(press.press, press.owner, {
      ...(more.key ?? KEY),
      number: revision,
      basis,
      allowsBreaking: more.allowsBreaking ?? false,
      note: 'Release',
    });
  const actions = async () => {
    const rows = await press.portal.database.kysely
      .selectFrom('audit_entry')
      .select(['action', 'actor', 'subject', 'details'])
      .where('action', 'like', 'document.%')
      .orderBy('sequence')
      .execute();
    return rows.map(({ action, actor, subject, details }) => ({
      action,
      actor,
      subject,
      ...(JSON.parse(details) as object),
    }));
  };

  test('what was submitted is seen by nobody until it is published, and then all of it', async () => {
    const revision = await number(GROWN);
    expect(await shownTo(press.portal.database)).toMatchObject({ documentVersion: '2.0.0', revision: 1 });
    expect(await publish(revision, 1)).toMatchObject({ ok: true, revision: { state: 'published', number: 2 } });
    const paths = ['/parcels', '/quotes', '/labels'];
    expect(await shownTo(press.portal.database)).toMatchObject({
      documentVersion: '2.1.0',
      revision: 2,
      operations: paths,
    });
    expect((await press.revisions.revisions(KEY, 9)).map(({ number: one, state }) => [one, state])).toEqual([
      [2, 'published'],
      [1, 'superseded'],
    ]);
  });

  test('who did what, and why, is audited, and subscribers are told', async () => {
    await publish(await number(GROWN), 1);
    expect(await actions()).toEqual([
      expect.objectContaining({
        action: 'document.submitted',
        actor: press.owner.accountId,
        subject: 'parcels/v2',
        revision: 2,
        note: 'because',
      }),
      expect.objectContaining({
        action: 'document.published',
        actor: press.owner.accountId,
        revision: 2,
        before: 1,
        breaking: 0,
        note: 'Release',
      }),
    ]);
    const events = await press.portal.database.kysely
      .selectFrom('outbox')
      .select('payload')
      .where('kind', '=', 'event')
      .execute();
    expect(events.map(({ payload }) => JSON.parse(payload) as unknown)).toEqual([
      expect.objectContaining({
        type: 'document.published',
        data: { apiSlug: 'parcels', version: 'v2', revision: 2, documentVersion: '2.1.0', breakingChanges: 0 },
      }),
    ]);
    expect(await press.audit.verifyChain()).toMatchObject({ ok: true });
  });

  test('what breaks clients is not published unless somebody says that it is meant', async () => {
    const revision = await number(SHRUNK);
    const report = await readRevision(press.press, KEY, revision);
    expect(report?.changes.state === 'compared' && report.changes.difference.counts.error).toBe(1);
    expect(await publish(revision, 1)).toEqual({ ok: false, reason: 'breaking_changes', breaking: 1 });
    expect(await shownTo(press.portal.database)).toMatchObject({ revision: 1 });
    expect(await publish(revision, 1, { allowsBreaking: true })).toMatchObject({ ok: true });
    expect(await shownTo(press.portal.database)).toMatchObject({ revision: 2, operations: ['/parcels'] });
  });

  test('a decision about something else than what is published is refused', async () => {
    const first = await number(GROWN);
    expect(await publish(first, 0)).toEqual({ ok: false, reason: 'published_meanwhile' });
    expect(await publish(first, 1)).toMatchObject({ ok: true });
    expect(await publish(first, 1)).toMatchObject({ ok: false });
    const answers = await Promise.all([
      publish(1, 2, { allowsBreaking: true }),
      publish(1, 2, { allowsBreaking: true }),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('an earlier revision can be rolled back to, and is what it was', async () => {
    await publish(await number(GROWN), 1);
    expect(await publish(1, 2, { allowsBreaking: true })).toMatchObject({ ok: true, revision: { number: 1 } });
    expect(await shownTo(press.portal.database)).toMatchObject({
      documentVersion: '2.0.0',
      revision: 1,
      operations: ['/parcels', '/quotes'],
    });
    expect((await actions()).map(({ action }) => action)).toEqual([
      'document.submitted',
      'document.published',
      'document.rolled_back',
    ]);
  });

  test('a newer candidate takes the place of the one that waited; what was discarded is not published', async () => {
    const first = await number(GROWN);
    const second = await number(SHRUNK);
    expect((await press.revisions.version(KEY))?.candidate?.number).toBe(second);
    expect(await publish(first, 1)).toEqual({ ok: false, reason: 'not_publishable' });
    expect(await discardRevision(press.press, press.owner, { ...KEY, number: second })).toEqual({ ok: true });
    expect(await discardRevision(press.press, press.owner, { ...KEY, number: second })).toEqual({
      ok: false,
      reason: 'not_a_candidate',
    });
    expect(await publish(second, 1)).toEqual({ ok: false, reason: 'not_publishable' });
  });

  test('the same text again is the same revision', async () => {
    const first = await press.submit(GROWN);
    const again = await press.submit(GROWN);
    expect([first, again].map((one) => one.ok && [one.revision.number, one.isNew])).toEqual([
      [2, true],
      [2, false],
    ]);
    await publish(2, 1);
    expect(await press.submit(GROWN)).toMatchObject({ ok: true, isNew: false, revision: { state: 'published' } });
  });

  test('a version that is pushed is not listed until its first document is published', async () => {
    const key = { slug: 'parcels', version: 'v3' };
    expect(await press.catalog.version('parcels', 'v3')).toBeNull();
    expect(await press.revisions.version(key)).toMatchObject({ published: null, candidate: null, revisions: 0 });
    const revision = await number(GROWN, key);
    expect(await press.catalog.version('parcels', 'v3')).toBeNull();
    expect(await publish(revision, 0, { key })).toMatchObject({ ok: true });
    expect(await press.catalog.version('parcels', 'v3')).toMatchObject({ documentVersion: '2.1.0', operationCount: 3 });
    expect(await press.sync(documentText('2.0.0', ['/parcels', '/quotes']))).toEqual([]);
    expect(await press.catalog.version('parcels', 'v3')).toMatchObject({ documentVersion: '2.1.0' });
  });

  test('a file that did not change leaves alone what was pushed over it; once it changes it takes over again', async () => {
    await publish(await number(GROWN), 1);
    const source = async () => {
      const version = await press.revisions.version(KEY);
      return version && publishedSource(version);
    };
    expect(await press.sync(documentText('2.0.0', ['/parcels', '/quotes']))).toEqual([]);
    expect(await shownTo(press.portal.database)).toMatchObject({ documentVersion: '2.1.0' });
    expect(await source()).toBe('pushed over the file');
    expect(await press.sync(documentText('2.2.0', ['/parcels']))).toEqual(['parcels/v2 document changed']);
    expect(await shownTo(press.portal.database)).toMatchObject({ documentVersion: '2.2.0', revision: 3 });
    expect(await source()).toBe('file');
    expect((await press.revisions.find(KEY, 3))?.revision).toMatchObject({ origin: 'file', createdBy: 'system' });
  });
});

forEachDialect((dialect) => {
  test('earlier texts are forgotten beyond the limit, but not who brought them, what is published, or the candidate', async () => {
    const press = await openPress(dialect, 600);
    try {
      for (const version of ['2.1.0', '2.2.0', '2.3.0']) {
        const basis = (await press.revisions.version(KEY))?.published?.number ?? 0;
        const submitted = await press.submit(documentText(version, ['/parcels', '/quotes']));
        const number = submitted.ok ? submitted.revision.number : 0;
        await publishRevision(press.press, press.owner, { ...KEY, number, basis, allowsBreaking: true, note: '' });
      }
      const kept = (await press.revisions.revisions(KEY, 9)).map(({ number, state, isKept }) => [
        number,
        state,
        isKept,
      ]);
      expect(kept[0]).toEqual([4, 'published', true]);
      expect(kept.at(-1)).toEqual([1, 'superseded', false]);
      expect(
        await publishRevision(press.press, press.owner, {
          ...KEY,
          number: 1,
          basis: 4,
          allowsBreaking: true,
          note: '',
        }),
      ).toEqual({ ok: false, reason: 'not_publishable' });
    } finally {
      await press.close();
    }
  });
});
