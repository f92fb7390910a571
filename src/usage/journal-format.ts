import { crc32 } from 'node:zlib';

/** One line of a batch. Of a quota the amount that was taken; of a rate limit the bucket as it is now. */
export type JournalEntry =
  | { kind: 'quota'; name: string; amount: number }
  | { kind: 'rate'; name: string; level: number; atMs: number }
  | { kind: 'report'; name: string; atMs: number };

export interface JournalBatch {
  sequence: number;
  /** The first batch of a segment: everything that mattered then, so that earlier segments are not needed. */
  journalId: string | null;
  entries: readonly JournalEntry[];
}

/*
 * A batch is: magic u32, length of the rest u32, CRC-32 of the rest u32, sequence f64, length of the journal's id u8
 * and the id, then entries. An entry is a type u8 and: a name (number u32, length u16, text) whose number stands for it
 * in the rest of the segment; a quota (number u32, amount f64); a bucket (number u32, level f64, moment f64); a report
 * (length u16, text, moment f64). Little-endian.
 */
const MAGIC = 0x4a43_4847;
const HEAD_BYTES = 12;
const [NAME, QUOTA, RATE, REPORT] = [1, 2, 3, 4];

/** Collects one batch in a buffer that is used again and again. */
export class JournalWriter {
  #buffer = Buffer.alloc(64 * 1024);
  /** Of the same bytes: numbers of every call are written through it, which takes a third of Buffer's methods. */
  #view = viewOf(this.#buffer);
  #length = 0;
  #start = 0;

  get isEmpty(): boolean {
    return this.#length <= this.#start;
  }

  /** @param journalId given in the first batch of a segment only */
  begin(journalId: string | null): void {
    const id = journalId ?? '';
    this.#length = HEAD_BYTES + 8;
    this.#view.setUint8(this.#length, id.length);
    this.#length += 1 + this.#buffer.write(id, this.#length + 1, 'latin1');
    this.#start = this.#length;
  }

  name(number: number, name: string): void {
    this.#entry(NAME, number, 7 + 4 * name.length);
    this.#text(name);
  }

  quota(number: number, amount: number): void {
    this.#entry(QUOTA, number, 13);
    this.#float(amount);
  }

  rate(number: number, level: number, atMs: number): void {
    this.#entry(RATE, number, 21);
    this.#float(level);
    this.#float(atMs);
  }

  report(id: string, atMs: number): void {
    this.#need(11 + 4 * id.length);
    this.#view.setUint8(this.#length, REPORT);
    this.#length += 1;
    this.#text(id);
    this.#float(atMs);
  }

  /** The finished batch; valid until the next `begin`. */
  end(sequence: number): Uint8Array {
    this.#view.setUint32(0, MAGIC, true);
    this.#view.setUint32(4, this.#length - HEAD_BYTES, true);
    this.#view.setFloat64(HEAD_BYTES, sequence, true);
    this.#view.setUint32(8, crc32(this.#buffer.subarray(HEAD_BYTES, this.#length)), true);
    return this.#buffer.subarray(0, this.#length);
  }

  #entry(type: number, number: number, mostBytes: number): void {
    this.#need(mostBytes);
    this.#view.setUint8(this.#length, type);
    this.#view.setUint32(this.#length + 1, number, true);
    this.#length += 5;
  }

  #float(value: number): void {
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  #text(text: string): void {
    const bytes = this.#buffer.write(text, this.#length + 2, 'utf8');
    this.#view.setUint16(this.#length, bytes, true);
    this.#length += 2 + bytes;
  }

  #need(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.alloc(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
    this.#view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/**
 * The batches of one segment, as far as they are whole and follow each other: what comes after a torn batch, or was
 * left by an earlier use of the file, is none of it.
 */
export function readSegment(bytes: Buffer): JournalBatch[] {
  const batches: JournalBatch[] = [];
  const names = new Map<number, string>();
  for (let at = 0; at + HEAD_BYTES + 9 <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    const rest = bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length);
    if (bytes.readUInt32LE(at) !== MAGIC || rest.length < length || length < 9) break;
    if (crc32(rest) !== bytes.readUInt32LE(at + 8)) break;
    const batch = readBatch(rest, names);
    const last = batches.at(-1);
    if (last ? batch.sequence !== last.sequence + 1 || batch.journalId !== null : batch.journalId === null) break;
    batches.push(batch);
    at += HEAD_BYTES + length;
  }
  return batches;
}

function readBatch(rest: Buffer, names: Map<number, string>): JournalBatch {
  const sequence = rest.readDoubleLE(0);
  const idLength = rest.readUInt8(8);
  const entries: JournalEntry[] = [];
  for (let at = 9 + idLength; at < rest.length;) {
    const type = rest.readUInt8(at);
    if (type === NAME) {
      const end = at + 7 + rest.readUInt16LE(at + 5);
      names.set(rest.readUInt32LE(at + 1), rest.toString('utf8', at + 7, end));
      at = end;
    } else if (type === REPORT) {
      const end = at + 3 + rest.readUInt16LE(at + 1);
      entries.push({ kind: 'report', name: rest.toString('utf8', at + 3, end), atMs: rest.readDoubleLE(end) });
      at = end + 8;
    } else {
      const name = names.get(rest.readUInt32LE(at + 1)) ?? '';
      const first = rest.readDoubleLE(at + 5);
      if (type === QUOTA) entries.push({ kind: 'quota', name, amount: first });
      else entries.push({ kind: 'rate', name, level: first, atMs: rest.readDoubleLE(at + 13) });
      at += type === QUOTA ? 13 : 21;
    }
  }
  return { sequence, journalId: idLength === 0 ? null : rest.toString('latin1', 9, 9 + idLength), entries };
}
