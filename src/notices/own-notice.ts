import { type Notice, latestOf } from './notice.ts';
import type { Reason } from './notice-impact.ts';

/** A notice that concerns teams of the reader. */
export interface OwnNotice {
  notice: Notice;
  keys: readonly OwnKey[];
  /** null while one of the teams has not acknowledged this wording. */
  acknowledgedAtMs: number | null;
  /** One of the teams that have not acknowledged it is the reader's to speak for: not where they only read. */
  awaitsReader: boolean;
  callsThisWeek: number;
}

/** One of the reader's keys, or an application as a whole. */
export interface OwnKey {
  applicationId: string;
  applicationName: string;
  keyId: string | null;
  keyName: string | null;
  reason: Reason;
  /** Busiest first. */
  calls: readonly OperationCalls[];
}

export interface OperationCalls {
  /** Such as `GET /v1/parcels`. */
  what: string;
  /** Within the reach of the notice. */
  calls: number;
  callsThisWeek: number;
}

const DAY_MS = 86_400_000;
const numbers = new Intl.NumberFormat('en');

/**
 * Stays on the home until it is acknowledged; a deprecation as long as something still calls what ends, an incident
 * while it is open.
 */
export function needsAttention({ notice, acknowledgedAtMs, callsThisWeek }: OwnNotice): boolean {
  if (notice.kind === 'incident' && latestOf(notice)?.status === 'resolved') return false;
  return acknowledgedAtMs === null || (notice.kind === 'deprecation' && callsThisWeek > 0);
}

/** "Your key ci-prod called GET /v1/parcels 1,204 times this week; it sunsets in 12 days." */
export function concernSentence(notice: Notice, key: OwnKey, nowMs: number): string {
  const end = notice.kind === 'deprecation' ? `; it ${sunsetText(notice.sunsetAtMs, nowMs)}` : '';
  return `${whatItDoes(notice, key)}${end}.`;
}

function whatItDoes(notice: Notice, { keyName, applicationName, reason, calls }: OwnKey): string {
  const subject = keyName === null ? `Your application ${applicationName}` : `Your key ${keyName}`;
  const [first] = calls;
  if (first) return `${subject} called ${callsText(notice, first)}${othersText(calls.slice(1))}`;
  const apis = notice.affects.map(({ api }) => api).join(' and ');
  if (reason === 'named') return `${subject} of ${applicationName} is named in this`;
  if (reason === 'new_key') return `${subject} of ${applicationName} is new and may call what this concerns`;
  return keyName === null ? `${subject} is subscribed to ${apis}` : `${subject} of ${applicationName} may call ${apis}`;
}

function callsText(notice: Notice, { what, calls, callsThisWeek }: OperationCalls): string {
  if (notice.kind === 'advisory' && notice.fixedIn !== null)
    return `${what} ${times(calls)} in the 90 days before this was published`;
  if (callsThisWeek > 0) return `${what} ${times(callsThisWeek)} this week`;
  return `${what} ${times(calls)} in the last 90 days, not in this week`;
}

function othersText(others: readonly OperationCalls[]): string {
  if (others.length === 0) return '';
  return others.length === 1 ? ', and one other operation' : `, and ${numbers.format(others.length)} other operations`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${numbers.format(count)} times`;
}

/** Whole days, rounded down, so that nothing ends earlier than told. */
function sunsetText(sunsetAtMs: number, nowMs: number): string {
  const days = Math.floor(Math.abs(sunsetAtMs - nowMs) / DAY_MS);
  const text = days === 1 ? '1 day' : `${numbers.format(days)} days`;
  if (sunsetAtMs <= nowMs) return days === 0 ? 'ended today' : `ended ${text} ago`;
  return days === 0 ? 'sunsets within a day' : `sunsets in ${text}`;
}
