import type { TeamRole } from '../accounts/account.ts';
import type { Suspended } from './team.ts';

/** What owners see of accounts, teams and applications, and pause. Rules only. */

export type SuspendableKind = 'account' | 'team' | 'application';

export interface SuspensionChange {
  kind: SuspendableKind;
  id: string;
  /** Mailed to whom it concerns; shown while it lasts. */
  message: string;
  byAccountId: string;
  nowMs: number;
}

export type SuspendResult =
  | { ok: true }
  /** `state_conflict`: it is so already; `last_owner`: nobody would be left to undo it. */
  | { ok: false; reason: 'not_found' | 'state_conflict' | 'last_owner' };

export type RemoveOwnerResult = { ok: true } | { ok: false; reason: 'not_found' | 'last_owner' };

/** Lines of one page of a search. */
export const DIRECTORY_LINES = 50;
export const SEARCH_MAX_LENGTH = 100;

export interface DirectorySearch {
  /** Part of an address or a name, or an id; '' for all. */
  text: string;
  suspendedOnly: boolean;
}

export interface AccountLine {
  id: string;
  email: string;
  role: 'developer' | 'owner';
  isVerified: boolean;
  createdAtMs: number;
  suspended: Suspended | null;
}

export interface TeamLine {
  id: string;
  name: string;
  members: number;
  applications: number;
  createdAtMs: number;
  suspended: Suspended | null;
}

export interface ApplicationLine {
  id: string;
  name: string;
  teamId: string;
  teamName: string;
  keys: number;
  createdAtMs: number;
  suspended: Suspended | null;
}

export interface AccountDetails extends AccountLine {
  teams: readonly { id: string; name: string; role: TeamRole }[];
}

export interface TeamDetails extends TeamLine {
  people: readonly { id: string; email: string; role: TeamRole }[];
  owned: readonly ApplicationLine[];
}

export interface ApplicationDetails extends ApplicationLine {
  /** Keys that have not ended. */
  liveKeys: readonly { id: string; name: string }[];
}

/** Newest first; `hasMore` when the search found more than one page. */
export interface DirectoryPage<Line> {
  lines: readonly Line[];
  hasMore: boolean;
}
