import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  type CounterJournal,
  createCounterJournal,
  findJournal,
  missingFrom,
  segmentPath,
} from '../../src/usage/counter-journal.ts';
import { JournalWriter, readSegment } from '../../src/usage/journal-format.ts';
import type { Journaled } from '../../src/usage/meter.ts';

let folder: string;
const opened: CounterJournal[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-journal-'));
});
afterEach(() => {
  for (const journal of opened.splice(0)) journal.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(addAll: Parameters<typeof createCounterJournal>[0]['addAll'] = () => undefined): CounterJournal {
  const onError = (error: unknown): never => {
    throw error;
  };
  const deps = { folder, slot: 1, newJournalId: () => 'jnl_1', addAll, onError };
  const journal = createCounterJournal(deps, findJournal(folder, 1));
  journal.renew();
  opened.push(journal);
  return journal;
}

const item = (name: string): Journaled => ({ name, segment: -1, number: 0 });

function missing(writtenSequence = 0) {
  const found = findJournal(folder, 1);
  return found ? missingFrom(found, writtenSequence) : [];
}

describe('the journal', () => {
  test('gives back what was written, in order, and of that what the database does not have', () => {
    const journal = open();
    const counter = item('sub_1 cost day UTC');
    journal.quota(counter, 5, 2);
    journal.rate(item('sub_1 cost 60s'), 1.5, 7);
    journal.commit();
    const written = journal.sequence;
    journal.quota(counter, 5, 3);
    journal.report('rep_1', 9);
    journal.commit();
    expect(missing()).toEqual([
      { kind: 'quota', name: 'sub_1 cost day UTC@5', amount: 2 },
      { kind: 'rate', name: 'sub_1 cost 60s', level: 1.5, atMs: 7 },
      { kind: 'quota', name: 'sub_1 cost day UTC@5', amount: 3 },
      { kind: 'report', name: 'rep_1', atMs: 9 },
    ]);
    expect(missing(written).map(({ kind }) => kind)).toEqual(['rate', 'quota', 'report']);
    expect(missing(journal.sequence).map(({ kind }) => kind)).toEqual(['rate']);
  });

  test('of a new segment needs nothing of the one before, and one that was not finished changes nothing', () => {
    const counter = item('sub_1');
    const first = open();
    first.quota(counter, 5, 2);
    first.commit();
    const second = open((journal) => journal.quota(item('sub_1'), 5, 2));
    second.quota(item('sub_1'), 5, 1);
    second.commit();
    const [before, after] = [segmentPath(folder, 1, 0), segmentPath(folder, 1, 1)];
    const amounts = (): number[] => missing().flatMap((entry) => (entry.kind === 'quota' ? [entry.amount] : []));
    expect(amounts()).toEqual([2, 1]);
    copyFileSync(before, join(folder, 'kept'));
    writeFileSync(before, '');
    expect(findJournal(folder, 1)).not.toBeNull();
    copyFileSync(join(folder, 'kept'), before);
    for (const path of [before, after]) {
      const bytes = readFileSync(path);
      const torn = Buffer.from(bytes);
      torn.fill(0xff, 20, 24);
      writeFileSync(path, torn);
      expect([[2], [2, 1]]).toContainEqual(amounts());
      writeFileSync(path, bytes);
    }
  });

  test('begins a new segment when one is full, but not while the database is being written', () => {
    let amount = 0;
    const counter = item('sub_1');
    const journal = open((to) => to.quota(item('sub_1'), 5, amount));
    journal.isHeld = true;
    const fill = (): void => {
      for (let batch = 0; batch < 40_000; batch += 1) {
        journal.quota(counter, 5, 1);
        amount += 1;
        journal.commit();
      }
    };
    fill();
    expect(findJournal(folder, 1)?.batches.length).toBe(40_001);
    journal.isHeld = false;
    fill();
    const found = findJournal(folder, 1);
    expect(found?.batches.length).toBeLessThan(60_000);
    const sum = missing().reduce((total, entry) => total + (entry.kind === 'quota' ? entry.amount : 0), 0);
    expect(sum).toBe(80_000);
  });

  test('that cannot be written says so, goes on when it can again, and then holds everything', () => {
    const errors: unknown[] = [];
    const missingFolder = join(folder, 'not-there');
    let amount = 0;
    const deps = {
      folder: missingFolder,
      slot: 1,
      newJournalId: () => 'jnl_1',
      addAll: (to: Pick<CounterJournal, 'quota'>) => to.quota(item('sub_1'), 5, amount),
      onError: (error: unknown) => void errors.push(error),
    };
    const journal = createCounterJournal(deps, null);
    opened.push(journal);
    journal.renew();
    expect([journal.isKept, errors.length]).toEqual([false, 1]);
    journal.quota(item('sub_1'), 5, 3);
    amount += 3;
    journal.commit();
    deps.folder = folder;
    expect(findJournal(folder, 1)).toBeNull();
  });
});

describe('a damaged segment (F6)', () => {
  function segment(): { bytes: Buffer; amounts: number[] } {
    const writer = new JournalWriter();
    const parts: Buffer[] = [];
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      writer.begin(sequence === 1 ? 'jnl_1' : null);
      if (sequence === 1) writer.name(1, 'sub_1@5');
      writer.quota(1, sequence);
      parts.push(Buffer.from(writer.end(sequence)));
    }
    return { bytes: Buffer.concat(parts), amounts: Array.from({ length: 20 }, (_, index) => index + 1) };
  }
  const amountsIn = (bytes: Buffer): number[] =>
    readSegment(bytes).flatMap(({ entries }) => entries.map((entry) => (entry.kind === 'quota' ? entry.amount : -1)));

  test('gives the batches before the damage, and never anything that was not written', () => {
    const { bytes, amounts } = segment();
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 20 });
    fc.assert(
      fc.property(flips, fc.nat(bytes.length), (changes, length) => {
        const damaged = Buffer.from(bytes.subarray(0, length));
        for (const [at, change] of changes) if (at < length) damaged[at] = (damaged[at] ?? 0) ^ change;
        const found = amountsIn(damaged);
        expect(found).toEqual(amounts.slice(0, found.length));
      }),
      { numRuns: 2000 },
    );
  });

  test('random bytes are no segment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readSegment(Buffer.from(bytes))).toEqual([]);
      }),
    );
  });
});
