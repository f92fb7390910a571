import type { DueEndpoint } from '../webhooks/webhook-dispatch-store.ts';

/** How many attempts may run beside each other, and for whom. */
export interface Lanes {
  /** How many more attempts of this endpoint may begin. */
  room(endpoint: DueEndpoint): number;
  /** Takes a place; call what is returned when the attempt is over. */
  enter(endpoint: DueEndpoint): () => void;
}

const PER_PROVEN_ENDPOINT = 4;
/** One that fails, or has never succeeded, may be one that hangs. */
const PER_OTHER_ENDPOINT = 1;
const PER_TEAM = 8;
const PER_LANE = 128;

/**
 * Two lanes with places of their own, so that endpoints that hang, however many, never take the places of those that
 * answer: one for endpoints whose last attempt succeeded, one for all others (yardstick F9).
 */
export function createLanes(): Lanes {
  const taken = new Map<string, number>();
  const count = (name: string): number => taken.get(name) ?? 0;
  const add = (name: string, change: 1 | -1): void => {
    const left = count(name) + change;
    if (left === 0) taken.delete(name);
    else taken.set(name, left);
  };
  const places = ({ id, teamId, isProven }: DueEndpoint): [name: string, most: number][] => {
    const lane = isProven ? 'proven' : 'others';
    return [
      [id, isProven ? PER_PROVEN_ENDPOINT : PER_OTHER_ENDPOINT],
      // The owners' endpoints count as one team.
      [`${lane} of ${teamId ?? 'owners'}`, PER_TEAM],
      [lane, PER_LANE],
    ];
  };
  return {
    room: (endpoint) => Math.max(0, Math.min(...places(endpoint).map(([name, most]) => most - count(name)))),
    enter(endpoint) {
      const names = places(endpoint).map(([name]) => name);
      for (const name of names) add(name, 1);
      return () => {
        for (const name of names) add(name, -1);
      };
    },
  };
}
