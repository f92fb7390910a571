/** What an owner chose for the end of a version; absent where nothing was chosen, as with nearly all. */
export interface VersionEnding {
  /** Calls are refused from the sunset on. */
  isGoneAfterSunset: boolean;
  /** Announced times before the sunset in which calls are refused, oldest first, apart from each other. */
  brownOuts: readonly BrownOut[];
}

/** From its first moment up to, but without, its last. */
export interface BrownOut {
  fromMs: number;
  untilMs: number;
}

/** The one under way; null for none. */
export function brownOutAt({ brownOuts }: VersionEnding, nowMs: number): BrownOut | null {
  return brownOuts.find(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs) ?? null;
}

/** Those that are not over. */
export function brownOutsAhead({ brownOuts }: VersionEnding, nowMs: number): readonly BrownOut[] {
  return brownOuts.filter(({ untilMs }) => untilMs > nowMs);
}

/** As it is stored: pairs of times, or `[]`. */
export function storeBrownOuts(ending: VersionEnding | undefined): string {
  return JSON.stringify((ending?.brownOuts ?? []).map(({ fromMs, untilMs }) => [fromMs, untilMs]));
}

/** Reads what is stored; undefined where nothing was chosen. */
export function readEnding(row: { gone_after_sunset: number; brown_outs: string }): VersionEnding | undefined {
  if (row.gone_after_sunset === 0 && row.brown_outs === '[]') return undefined;
  const pairs = JSON.parse(row.brown_outs) as readonly (readonly [number, number])[];
  const brownOuts = pairs.map(([fromMs, untilMs]) => ({ fromMs, untilMs }));
  return { isGoneAfterSunset: row.gone_after_sunset === 1, brownOuts };
}
