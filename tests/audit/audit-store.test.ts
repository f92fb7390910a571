import { afterEach, beforeEach, expect, test } from 'vitest';

import { appendAudit } from '../../src/audit/audit-log.ts';
import { type AuditStore, createAuditStore } from '../../src/audit/audit-store.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';

const ENTRIES = 6;
const sequences = Array.from({ length: ENTRIES }, (_, index) => index + 1);

/** One change per column. */
const edits: Partial<PortalSchema['audit_entry']>[] = [
  { at_ms: 1 },
  { actor: 'acc_2' },
  { action: 'key.revoked' },
  { subject: 'key_other' },
  { team_id: 'team_2' },
  { details: '{"index":0}' },
  { previous_hash: '0'.repeat(64) },
  { hash: '0'.repeat(64) },
];

forEachDialect((dialect) => {
  let opened: TestDatabase;
  let store: AuditStore;

  const kysely = () => opened.database.kysely;
  const append = (index: number): Promise<void> =>
    kysely()
      .transaction()
      .execute((transaction) =>
        appendAudit(transaction, {
          atMs: 1000 + index,
          actor: 'acc_1',
          action: 'key.issued',
          subject: index % 2 === 0 ? 'key_even' : 'key_odd',
          teamId: index % 3 === 0 ? null : 'team_1',
          details: { index },
        }),
      );
  const rows = () => kysely().selectFrom('audit_entry').selectAll().orderBy('sequence').execute();

  /** Tampers once for each entry, looks, and puts everything back. */
  async function tamperWithEach(
    tamper: (sequence: number) => Promise<unknown>,
    brokenAt = (sequence: number) => sequence,
  ) {
    const originals = await rows();
    for (const sequence of sequences) {
      await tamper(sequence);
      expect(await store.verifyChain()).toEqual({ ok: false, brokenAt: brokenAt(sequence) });
      await kysely().deleteFrom('audit_entry').execute();
      await kysely().insertInto('audit_entry').values(originals).execute();
    }
    expect(await store.verifyChain()).toMatchObject({ ok: true });
  }

  beforeEach(async () => {
    opened = await openTestDatabase(dialect);
    store = createAuditStore(opened.database);
    for (const index of sequences) await append(index);
  });

  afterEach(() => opened.close());

  test('entries of a subject come newest first, at most as many as asked for', async () => {
    const entries = await store.entriesOf('key_even', 2);
    expect(entries.map(({ sequence }) => sequence)).toEqual([6, 4]);
    expect(entries[0]).toMatchObject({
      atMs: 1006,
      actor: 'acc_1',
      action: 'key.issued',
      teamId: null,
      details: { index: 6 },
    });
    expect(await store.entriesOf('key_none', 10)).toEqual([]);
  });

  test('an untouched chain is whole, also while it is written to', async () => {
    expect(await store.verifyChain()).toMatchObject({ ok: true, sequence: ENTRIES });
    const appended = Promise.all([append(7), append(8), append(9)]);
    expect(await store.verifyChain()).toMatchObject({ ok: true });
    await appended;
    expect(await store.verifyChain()).toMatchObject({ ok: true, sequence: 9 });
  });

  test('an empty chain is whole', async () => {
    const empty = await openTestDatabase(dialect);
    expect(await createAuditStore(empty.database).verifyChain()).toEqual({ ok: true, sequence: 0, hash: '' });
    await empty.close();
  });

  test('a chain longer than one read is whole, and broken where it is broken', async () => {
    await kysely()
      .transaction()
      .execute(async (transaction) => {
        const record = { actor: 'system', action: 'key.issued', subject: 'key_1', teamId: null, details: {} };
        for (let index = 0; index < 1100; index += 1) await appendAudit(transaction, { ...record, atMs: index });
      });
    expect(await store.verifyChain()).toMatchObject({ ok: true, sequence: ENTRIES + 1100 });
    await kysely().updateTable('audit_entry').set({ actor: 'x' }).where('sequence', '=', 1050).execute();
    expect(await store.verifyChain()).toEqual({ ok: false, brokenAt: 1050 });
  });

  test.each(edits)('no entry can be edited unnoticed: %j', async (edit) => {
    await tamperWithEach((sequence) =>
      kysely().updateTable('audit_entry').set(edit).where('sequence', '=', sequence).execute(),
    );
  });

  test('no entry can be deleted unnoticed', async () => {
    await tamperWithEach((sequence) => kysely().deleteFrom('audit_entry').where('sequence', '=', sequence).execute());
  });

  test('no entry can change places with another unnoticed', async () => {
    const other = (sequence: number): number => (sequence % ENTRIES) + 1;
    const move = (from: number, to: number) =>
      kysely().updateTable('audit_entry').set({ sequence: to }).where('sequence', '=', from).execute();
    await tamperWithEach(
      async (sequence) => {
        await move(sequence, 1000);
        await move(other(sequence), sequence);
        await move(1000, other(sequence));
      },
      (sequence) => Math.min(sequence, other(sequence)),
    );
  });

  test('the log cannot be shortened unnoticed', async () => {
    await tamperWithEach((sequence) => kysely().deleteFrom('audit_entry').where('sequence', '>=', sequence).execute());
  });

  test('no entry can be slipped in before the first or after the head unnoticed', async () => {
    const [first] = await rows();
    if (!first) throw new Error('the log is empty');
    const insert = (sequence: number) =>
      kysely()
        .insertInto('audit_entry')
        .values({ ...first, sequence })
        .execute();
    await tamperWithEach(
      () => insert(0),
      () => 1,
    );
    await tamperWithEach(
      () => insert(ENTRIES + 1),
      () => ENTRIES + 1,
    );
  });

  test('a head that was changed or lost is noticed', async () => {
    await kysely()
      .updateTable('audit_head')
      .set({ hash: '0'.repeat(64) })
      .execute();
    expect(await store.verifyChain()).toEqual({ ok: false, brokenAt: ENTRIES });
    await kysely().deleteFrom('audit_head').execute();
    expect(await store.verifyChain()).toEqual({ ok: false, brokenAt: 1 });
  });
});
