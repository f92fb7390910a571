export type QuotaPeriod = 'day' | 'month';

/** A calendar window: people expect a quota to renew at midnight, not 24 hours after the first call. */
export interface QuotaWindow {
  startMs: number;
  /** First moment of the next window: when the quota renews. */
  endMs: number;
}

const HOUR_MS = 3_600_000;
const clocks = new Map<string, Intl.DateTimeFormat>();
/** Everybody's window is one object: what is read for every call stays near. */
const windows = new Map<string, QuotaWindow>();

/**
 * The calendar day or month of a time zone that a moment falls in. A day of a change of clocks has 23 or 25 hours.
 * @param timeZone IANA name such as `Europe/Berlin`
 * @throws RangeError for a time zone that does not exist
 */
export function quotaWindowAt(period: QuotaPeriod, nowMs: number, timeZone = 'UTC'): QuotaWindow {
  const name = `${period} ${timeZone}`;
  const known = windows.get(name);
  if (known && known.startMs <= nowMs && nowMs < known.endMs) return known;
  const window = timeZone === 'UTC' ? windowFrom(period, nowMs, Date.UTC) : localWindow(period, nowMs, timeZone);
  windows.set(name, window);
  return window;
}

function localWindow(period: QuotaPeriod, nowMs: number, timeZone: string): QuotaWindow {
  return windowFrom(period, nowMs, (year, month, day = 1) => startOfDay(timeZone, Date.UTC(year, month, day)), {
    localMs: localTime(timeZone, nowMs),
  });
}

/** True when the time zone is an IANA name that this system knows. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

type StartOf = (year: number, month: number, day?: number) => number;

function windowFrom(period: QuotaPeriod, nowMs: number, startOf: StartOf, { localMs = nowMs } = {}): QuotaWindow {
  const now = new Date(localMs);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const edge = (step: number): number =>
    period === 'day' ? startOf(year, month, day + step) : startOf(year, month + step, 1);
  const [startMs, endMs] = [edge(0), edge(1)];
  // Clocks that go back over midnight show yesterday's date once more: that hour belongs to the day that has begun.
  if (nowMs >= endMs) return { startMs: endMs, endMs: edge(2) };
  return nowMs < startMs ? { startMs: edge(-1), endMs: startMs } : { startMs, endMs };
}

/**
 * First moment of a local day: the earlier one where clocks go back over midnight, and the moment of the change where
 * they go forward over it, so that there is no midnight.
 * @param dayMs the day's midnight as if the zone were UTC
 */
function startOfDay(timeZone: string, dayMs: number): number {
  const around = [dayMs - 24 * HOUR_MS, dayMs, dayMs + 24 * HOUR_MS];
  const candidates = around.map((atMs) => dayMs - (localTime(timeZone, atMs) - atMs));
  const midnights = candidates.filter((atMs) => localTime(timeZone, atMs) === dayMs);
  if (midnights.length > 0) return Math.min(...midnights);
  let [beforeMs, sinceMs] = [dayMs - 36 * HOUR_MS, dayMs + 36 * HOUR_MS];
  while (sinceMs - beforeMs > 1000) {
    const middleMs = Math.floor((beforeMs + sinceMs) / 2000) * 1000;
    if (localTime(timeZone, middleMs) >= dayMs) sinceMs = middleMs;
    else beforeMs = middleMs;
  }
  return sinceMs;
}

/** What the zone's clocks show, as if they showed UTC. To the second: no zone of today is off by less. */
function localTime(timeZone: string, atMs: number): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of clockOf(timeZone).formatToParts(atMs)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((atMs % 1000) + 1000) % 1000);
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timeZone, clock);
  return clock;
}
