import type { QuotaCounter, RateBucket, Subject } from './meter.ts';
import type { Quota, RateLimit } from '../plans/plan-limits.ts';

/** Subscriptions share locks; with so many, two that are called at the same moment hardly ever meet. */
const LOCKS = 4096;
const LOCK_BYTES = LOCKS * Int32Array.BYTES_PER_ELEMENT;
/** A place holds two numbers: of a quota what is used, of a rate limit the level of its bucket and when that was. */
const NUMBERS_PER_PLACE = 2;
/** The system gives memory for what is touched only. */
export const MOST_PLACES = 4_000_000;
/** Before a thread sleeps: who holds a lock is done after a few microseconds, unless the system has paused it. */
const MOST_SPINS = 500;
const NAP_MS = 0.05;

/** Memory in which the verifiers of one process count together. */
export function createCountMemory(places = MOST_PLACES): SharedArrayBuffer {
  return new SharedArrayBuffer(LOCK_BYTES + places * NUMBERS_PER_PLACE * Float64Array.BYTES_PER_ELEMENT);
}

/** Where counts stand in the memory; the same for all verifiers. Null when it is full. */
export interface Places {
  /** A new one begins with what the database says. @param windowEndMs after which the place may be given to another */
  ofQuota: (counter: string, windowStartMs: number, windowEndMs: number) => Promise<number | null>;
  /** A new one begins as an earlier process has left it. */
  ofBucket: (name: string) => Promise<number | null>;
}

/** The memory as one thread sees it. */
export class SharedCounts {
  readonly numbers: Float64Array;
  readonly #locks: Int32Array;
  readonly #owner: number;

  /** @param owner a number above 0 that no other thread has */
  constructor(memory: SharedArrayBuffer, owner: number) {
    this.#locks = new Int32Array(memory, 0, LOCKS);
    this.numbers = new Float64Array(memory, LOCK_BYTES);
    this.#owner = owner;
  }

  /** All limits of one call belong to one subscription, so that one lock is enough, and nobody can wait in a circle. */
  lockOf(subscriptionId: string): number {
    let sum = 0;
    for (let index = 0; index < subscriptionId.length; index += 1)
      sum = (Math.imul(sum, 31) + subscriptionId.charCodeAt(index)) | 0;
    return (sum >>> 0) % LOCKS;
  }

  /** Nothing may be awaited until `release`. */
  hold(lock: number): void {
    const locks = this.#locks;
    for (let tries = 1; Atomics.compareExchange(locks, lock, 0, this.#owner) !== 0; tries += 1) {
      const holder = Atomics.load(locks, lock);
      // Nobody is woken: waking costs more than what the lock protects.
      if (tries > MOST_SPINS && holder !== 0) Atomics.wait(locks, lock, holder, NAP_MS);
    }
  }

  release(lock: number): void {
    Atomics.store(this.#locks, lock, 0);
  }

  /** Who holds a lock at this moment. */
  holders(): Set<number> {
    const owners = new Set<number>();
    for (let lock = 0; lock < LOCKS; lock += 1) owners.add(Atomics.load(this.#locks, lock));
    owners.delete(0);
    return owners;
  }

  /** Gives up what a thread held that has ended. What it was about to count was never answered. */
  releaseAllOf(owner: number): void {
    for (let lock = 0; lock < LOCKS; lock += 1) Atomics.compareExchange(this.#locks, lock, owner, 0);
  }
}

/** What a verifier needs to count together with others. */
export interface Sharing {
  counts: SharedCounts;
  places: Places;
}

/** A counter whose sum all verifiers see; the rest of it is this verifier's own. */
export class SharedQuotaCounter implements QuotaCounter {
  readonly name: string;
  readonly subject: Subject;
  quota: Quota;
  window = { startMs: 0, endMs: 0 };
  unwritten = 0;
  taken = 0;
  isKnown = false;
  markedPercent = 0;
  segment = -1;
  number = 0;
  /** Counted while there was no place for it: the database could not be read, or the memory is full. */
  apart = 0;
  #place: number | null = null;
  readonly #numbers: Float64Array;

  constructor({ numbers }: SharedCounts, name: string, subject: Subject, quota: Quota) {
    this.#numbers = numbers;
    this.name = name;
    this.subject = subject;
    this.quota = quota;
  }

  get used(): number {
    return this.#place === null ? this.apart : (this.#numbers[this.#place] ?? 0);
  }

  set used(used: number) {
    if (this.#place === null) this.apart = used;
    else this.#numbers[this.#place] = used;
  }

  /** Under the lock of its subscription. */
  stand(place: number): void {
    this.#place = place * NUMBERS_PER_PLACE;
    this.used += this.apart;
    this.apart = 0;
    this.isKnown = true;
  }

  /** For another window. */
  leave(): void {
    this.#place = null;
    this.apart = 0;
  }
}

/** A bucket that all verifiers fill together. */
export class SharedRateBucket implements RateBucket {
  readonly name: string;
  limit: RateLimit;
  isTaken = false;
  isPlaced = false;
  segment = -1;
  number = 0;
  #place = 0;
  /** Used where the memory is full. */
  #numbers: Float64Array = new Float64Array(NUMBERS_PER_PLACE);

  constructor(name: string, limit: RateLimit) {
    this.name = name;
    this.limit = limit;
  }

  get level(): number {
    return this.#numbers[this.#place] ?? 0;
  }

  set level(level: number) {
    this.#numbers[this.#place] = level;
  }

  get atMs(): number {
    return this.#numbers[this.#place + 1] ?? 0;
  }

  set atMs(atMs: number) {
    this.#numbers[this.#place + 1] = atMs;
  }

  stand({ numbers }: SharedCounts, place: number | null): void {
    this.isPlaced = true;
    if (place === null) return;
    this.#numbers = numbers;
    this.#place = place * NUMBERS_PER_PLACE;
  }
}

/** Gives a bucket its place; two calls that ask at once get the same. */
export function placeBucket({ counts, places }: Sharing, bucket: SharedRateBucket): Promise<void> {
  return places.ofBucket(bucket.name).then((place) => {
    if (!bucket.isPlaced) bucket.stand(counts, place);
  });
}

/** Gives a counter the place of its window, unless it has moved on meanwhile. */
export function placeCounter({ counts, places }: Sharing, counter: SharedQuotaCounter, lock: number): Promise<void> {
  const { startMs, endMs } = counter.window;
  return places.ofQuota(counter.name, startMs, endMs).then((place) => {
    if (place === null || counter.isKnown || counter.window.startMs !== startMs) return;
    counts.hold(lock);
    counter.stand(place);
    counts.release(lock);
  });
}
