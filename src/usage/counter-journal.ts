import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { type JournalBatch, type JournalEntry, JournalWriter, readSegment } from './journal-format.ts';
import type { Journaled } from './meter.ts';

/**
 * A file that holds what was taken of limits since the database was written last. A batch of calls is written to it,
 * with one system call, before their answers leave: what the system has taken over survives `kill -9`, so that nothing
 * acknowledged is ever uncounted. Power loss may take what the system had not put on the disk yet.
 *
 * There are two files, used in turn. Each begins with everything that mattered then, so that one alone is enough; they
 * keep their size, so that a full disk does not end the journal.
 */
export interface CounterJournal {
  readonly id: string;
  /** Of the last batch that was written. */
  readonly sequence: number;
  /** False while nothing can be written. */
  readonly isKept: boolean;
  quota(counter: Journaled, windowStartMs: number, amount: number): void;
  rate(bucket: Journaled, level: number, atMs: number): void;
  report(id: string, atMs: number): void;
  /** Writes what was added since the last time; nothing, when there was nothing. */
  commit(): void;
  /** While the database is being written, no new segment may begin: it could not say what is in the database. */
  isHeld: boolean;
  /** Begins anew after a failure, or when the segment is full. */
  renew(): void;
  close(): void;
}

export interface JournalDeps {
  folder: string;
  /** Of the files; one verifier has one. */
  slot: number;
  newJournalId: () => string;
  /** Adds everything that is not in the database, and the buckets in use, to a new segment. */
  addAll: (journal: Pick<CounterJournal, 'quota' | 'rate' | 'report'>) => void;
  onError: (error: unknown) => void;
}

/** About ten seconds of full load. */
const SEGMENT_BYTES = 2 * 1024 * 1024;
/** Room for what comes while the database is being written and no new segment may begin. */
const SLACK_BYTES = 1024 * 1024;

export function createCounterJournal(deps: JournalDeps, found: FoundJournal | null): CounterJournal {
  const { folder, slot, addAll, onError } = deps;
  const id = found?.id ?? deps.newJournalId();
  const writer = new JournalWriter();
  let segment = found?.segment ?? 1;
  /** Segments of this process; names are told anew in each. */
  let generation = 0;
  let names = 0;
  let sequence = found?.sequence ?? 0;
  let file: number | null = null;
  let offset = 0;
  let isHeld = false;

  function tell(item: Journaled, name: string): void {
    item.segment = generation;
    item.number = names += 1;
    writer.name(item.number, name);
  }

  function write(): void {
    if (file === null) return;
    const bytes = writer.end(sequence + 1);
    if (writeSync(file, bytes, 0, bytes.length, offset) !== bytes.length) throw new Error('the journal was cut short');
    offset += bytes.length;
    sequence += 1;
  }

  function fail(error: unknown): void {
    if (file !== null) closeSync(file);
    file = null;
    onError(error);
  }

  const journal: CounterJournal = {
    id,
    get sequence() {
      return sequence;
    },
    get isKept() {
      return file !== null;
    },
    quota(counter, windowStartMs, amount) {
      if (counter.segment !== generation) tell(counter, `${counter.name}@${windowStartMs}`);
      writer.quota(counter.number, amount);
    },
    rate(bucket, level, atMs) {
      if (bucket.segment !== generation) tell(bucket, bucket.name);
      writer.rate(bucket.number, level, atMs);
    },
    report: (reportId, atMs) => writer.report(reportId, atMs),
    commit() {
      if (!writer.isEmpty) {
        try {
          write();
        } catch (error) {
          fail(error);
        }
        writer.begin(null);
      }
      if (offset > SEGMENT_BYTES && file !== null && !isHeld) journal.renew();
    },
    get isHeld() {
      return isHeld;
    },
    set isHeld(held) {
      isHeld = held;
    },
    renew() {
      const next = 1 - segment;
      try {
        const opened = openSegment(segmentPath(folder, slot, next));
        // Both have their room from the start: the second may be needed first on a full disk.
        if (generation === 0) closeSync(openSegment(segmentPath(folder, slot, segment)));
        if (file !== null) closeSync(file);
        [file, offset, names] = [opened, 0, 0];
        generation += 1;
        writer.begin(id);
        addAll(journal);
        write();
        // Not before it is whole: until then the other one is the truth.
        segment = next;
      } catch (error) {
        fail(error);
      }
      writer.begin(null);
    },
    close() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
  writer.begin(null);
  return journal;
}

/** What an earlier process left. */
export interface FoundJournal {
  id: string;
  /** Which of the two files. */
  segment: number;
  sequence: number;
  batches: readonly JournalBatch[];
}

/** The newer of the two segments; null when there is none that can be read. */
export function findJournal(folder: string, slot: number): FoundJournal | null {
  const segments = [0, 1].flatMap((segment) => {
    const batches = readSegment(readOrNothing(segmentPath(folder, slot, segment)));
    const [first, last] = [batches[0], batches.at(-1)];
    return first?.journalId && last ? [{ id: first.journalId, segment, sequence: last.sequence, batches }] : [];
  });
  return segments.toSorted((a, b) => b.sequence - a.sequence)[0] ?? null;
}

/**
 * What has to be counted again: amounts that the database does not have, and buckets as they were last.
 * @param writtenSequence up to which batch the database has them
 */
export function missingFrom({ batches }: FoundJournal, writtenSequence: number): JournalEntry[] {
  return batches.flatMap(({ sequence, entries }) =>
    sequence > writtenSequence ? entries : entries.filter(({ kind }) => kind === 'rate'),
  );
}

export function segmentPath(folder: string, slot: number, segment: number): string {
  return join(folder, `counters-${slot}-${segment === 0 ? 'a' : 'b'}.journal`);
}

/** Opens it without cutting it, and at its full size: blocks that exist can be written when the disk is full. */
function openSegment(path: string): number {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { size } = fstatSync(file);
    const rest = SEGMENT_BYTES + SLACK_BYTES - size;
    if (rest > 0) writeSync(file, Buffer.alloc(rest), 0, rest, size);
  } catch {
    // A full disk: the journal works as far as the file reaches.
  }
  return file;
}

function readOrNothing(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
