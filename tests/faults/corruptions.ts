/** What can happen to the bytes of a database file, each seeded so that a failure can be repeated. */
export type Corruption = 'flipped' | 'cut' | 'zeroed' | 'foreign' | 'empty' | 'stale_wal';

/** mulberry32: a stream of numbers from 0 to 1 that a seed repeats. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface DamagedFiles {
  kind: Corruption;
  database: Buffer;
  /** null: there is none. */
  wal: Buffer | null;
}

/** Mostly flipped bytes, 1 to 1000 of them, which are hardest to notice. */
export function corrupt(database: Buffer, seed: number): DamagedFiles {
  const random = seededRandom(seed);
  const below = (end: number): number => Math.floor(random() * end);
  const bytes = Buffer.from(database);
  switch (below(10)) {
    case 0:
      return { kind: 'cut', database: bytes.subarray(0, below(bytes.length)), wal: null };
    case 1: {
      const from = below(bytes.length);
      return {
        kind: 'zeroed',
        database: bytes.fill(0, from, Math.min(bytes.length, from + 1 + below(8192))),
        wal: null,
      };
    }
    case 2:
      return {
        kind: 'foreign',
        database: Buffer.from(Array.from({ length: below(20_000) }, () => below(256))),
        wal: null,
      };
    case 3:
      return random() < 0.2
        ? { kind: 'empty', database: Buffer.alloc(0), wal: null }
        : { kind: 'stale_wal', database: bytes, wal: Buffer.from(Array.from({ length: 4120 }, () => below(256))) };
    default: {
      const flips = random() < 0.5 ? 1 + below(10) : 1 + below(1000);
      for (let count = 0; count < flips; count += 1) {
        const at = below(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
      }
      return { kind: 'flipped', database: bytes, wal: null };
    }
  }
}
