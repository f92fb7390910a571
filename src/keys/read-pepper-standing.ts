import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { KeyPepperStore, PepperCounts } from './key-pepper-store.ts';
import type { Peppers } from './pepper.ts';

/** How far the replacement of KEY_PEPPER has come. */
export interface PepperStanding extends PepperCounts {
  /** KEY_PEPPER_PREVIOUS is given. */
  isBeingReplaced: boolean;
}

export interface PepperStandingDeps {
  keyPeppers: Pick<KeyPepperStore, 'count'>;
  peppers: Peppers;
  clock: Clock;
}

/** Owners only. */
export async function readPepperStanding(
  { keyPeppers, peppers, clock }: PepperStandingDeps,
  { role }: Pick<Actor, 'role'>,
): Promise<PepperStanding | null> {
  if (role !== 'owner') return null;
  return { ...(await keyPeppers.count(peppers, clock.nowMs())), isBeingReplaced: peppers.previous !== null };
}
