import type { RateEntry } from './recover-journals.ts';
import { MOST_PLACES, type Places, type SharedCounts } from './shared-counts.ts';
import { countName } from './usage-flush.ts';
import type { MaybePromise, QuotaCount } from './usage-store.ts';

export interface PlaceBookDeps {
  counts: SharedCounts;
  findQuotaUsed: (counter: string, windowStartMs: number) => MaybePromise<number | undefined>;
  /** Of rate limits, as earlier processes have left them. */
  rates: readonly RateEntry[];
  /** What was counted and could not be written to the database yet; by `countName`. */
  unwritten?: ReadonlyMap<string, QuotaCount>;
  mostPlaces?: number;
}

export interface PlaceBook extends Places {
  /** Gives the places of windows that have ended long ago to others. */
  forgetEnded(nowMs: number): void;
}

/** Verifiers ask for a new place when a window has ended; one whose clock is slow must not find another count there. */
const ENDED_KEPT_MS = 2 * 86_400_000;

interface QuotaPlace {
  place: Promise<number | null>;
  windowEndMs: number;
}

/** Which count stands where: kept by one thread, so that all others find the same. */
export function createPlaceBook(deps: PlaceBookDeps): PlaceBook {
  const { counts, findQuotaUsed, rates, unwritten, mostPlaces = MOST_PLACES } = deps;
  const ofQuotas = new Map<string, QuotaPlace>();
  const restored = new Map(rates.map((entry) => [entry.name, entry]));
  const ofBuckets = new Map<string, number>();
  const free: number[] = [];
  let taken = 0;

  function take(first: number, second: number): number | null {
    const place = free.pop() ?? (taken < mostPlaces ? (taken += 1) - 1 : null);
    if (place !== null) counts.numbers.set([first, second], place * 2);
    return place;
  }

  async function open(counter: string, windowStartMs: number): Promise<number | null> {
    const written = (await findQuotaUsed(counter, windowStartMs)) ?? 0;
    return take(written + (unwritten?.get(countName(counter, windowStartMs))?.amount ?? 0), 0);
  }

  return {
    ofQuota(counter, windowStartMs, windowEndMs) {
      const name = countName(counter, windowStartMs);
      const known = ofQuotas.get(name);
      if (known) return known.place;
      const place = open(counter, windowStartMs);
      ofQuotas.set(name, { place, windowEndMs });
      // What could not be read, or has found no room, is tried again.
      const forget = (): void => void ofQuotas.delete(name);
      place.then((found) => found ?? forget(), forget);
      return place;
    },
    ofBucket(name) {
      const known = ofBuckets.get(name);
      if (known !== undefined) return Promise.resolve(known);
      const { level, atMs } = restored.get(name) ?? { level: 0, atMs: 0 };
      const place = take(level, atMs);
      if (place !== null) ofBuckets.set(name, place);
      return Promise.resolve(place);
    },
    forgetEnded(nowMs) {
      for (const [name, { place, windowEndMs }] of ofQuotas) {
        if (windowEndMs > nowMs - ENDED_KEPT_MS) continue;
        ofQuotas.delete(name);
        void place.then((found) => found !== null && free.push(found));
      }
    },
  };
}
