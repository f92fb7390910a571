const DAY_MS = 24 * 60 * 60 * 1000;
export const DELETION_DELAY_DAYS = 14;

/** Why an account cannot be deleted yet: others would be left without somebody who may act. */
export interface Obstacles {
  /** Teams with other members in which nobody else is an admin. */
  teams: readonly { id: string; name: string }[];
  isLastOwner: boolean;
}

export interface DeletionState {
  /** null: nobody has asked for it. */
  dueAtMs: number | null;
  obstacles: Obstacles;
  /** Teams that go with the account: nobody else is in them. */
  ownTeams: readonly { id: string; name: string; applications: number; keys: number }[];
}

export type AskDeletionResult = { ok: true; dueAtMs: number } | { ok: false; reason: 'has_obstacles' };

export function deletionDueAtMs(askedAtMs: number): number {
  return askedAtMs + DELETION_DELAY_DAYS * DAY_MS;
}

export function askedBeforeMs(nowMs: number): number {
  return nowMs - DELETION_DELAY_DAYS * DAY_MS;
}

export function hasObstacles({ teams, isLastOwner }: Obstacles): boolean {
  return teams.length > 0 || isLastOwner;
}

/** What stands in place of the address of an account that is gone: nobody can have it, and it says nothing. */
export function emailOfDeleted(accountId: string): string {
  return `${accountId.replace('_', '-').toLowerCase()}@deleted.invalid`;
}
