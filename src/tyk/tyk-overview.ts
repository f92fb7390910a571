import type { Actor } from '../accounts/account.ts';

/** What people see of Tyk: pure types, and the rule which keys need somebody. */

/** `unknown`: issued before Tyk was connected. */
export type TykKeyState = 'unknown' | 'missing' | 'present' | 'lost' | 'removed';

/** How a key is in Tyk. */
export interface TykKeyNote {
  state: TykKeyState;
  /** Since when; null when Tyk was never asked about it. */
  sinceMs: number | null;
  /** Why it is inactive there though it works here: `no_subscription`, `addresses`, `referrers`; '' when it is not. */
  heldBack: string;
  /** Why the last attempt to bring a change there failed; '' when it did not. */
  problem: string;
}

export interface TykKeyForOwner extends TykKeyNote {
  keyId: string;
  keyName: string;
  applicationName: string;
  teamName: string;
  /** Fields that somebody else had changed in Tyk, as last found. */
  drift: readonly string[];
  driftAtMs: number | null;
}

export interface TykOverview {
  /** When Tyk last answered as it should; null: never. */
  seenAtMs: number | null;
  /** When the last comparison of everything began. */
  checkedAtMs: number | null;
  checkWanted: boolean;
  /** Why the last attempt failed; '' when it did not. */
  problem: string;
  /** Working keys of applications that are subscribed to an API of Tyk. */
  keys: number;
  present: number;
  /** Tyk does not have them, and their tokens are nowhere. At most 200 of each list, newest first. */
  toRotate: readonly TykKeyForOwner[];
  waiting: readonly TykKeyForOwner[];
  heldBack: readonly TykKeyForOwner[];
  drifted: readonly TykKeyForOwner[];
}

export type TykList = 'to_rotate' | 'waiting' | 'held_back' | 'drifted';

/** One list, a page of it: by key id, so that what changes meanwhile moves nothing. */
export interface TykPageRequest {
  list: TykList;
  /** Last key of the page before; '' for the first page. */
  afterKeyId: string;
  limit: number;
}

/** What pages may ask about Tyk. */
export interface TykDesk {
  /** Owners only; null for everybody else. */
  overview(actor: Actor): Promise<TykOverview | null>;
  /** Owners only; null for everybody else. */
  keys(actor: Actor, request: TykPageRequest): Promise<readonly TykKeyForOwner[] | null>;
  /** Owners only: compares every key soon; false for everybody else. */
  check(actor: Actor): Promise<boolean>;
  /** null for another team's key, and for one that has nothing to do with Tyk. */
  note(actor: Actor, applicationId: string, keyId: string): Promise<TykKeyNote | null>;
}

/** True for a key that can only be rotated: Tyk has to get a token, and this one is nowhere. */
export function needsRotation({ state }: Pick<TykKeyNote, 'state'>): boolean {
  return state === 'unknown' || state === 'missing' || state === 'lost';
}
