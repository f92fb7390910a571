import { type Random, newId } from '../platform/random.ts';
import { type RequestOrigin, type Role, normalizeEmail } from './account.ts';

/** Everything that comes into being with an account: the person's sign-in and a team of their own. */
export interface NewAccount {
  id: string;
  email: string;
  emailNormalized: string;
  passwordHash: string;
  role: Role;
  teamId: string;
  teamName: string;
  origin: RequestOrigin;
  createdAtMs: number;
}

export function newAccount(
  random: Random,
  given: { email: string; passwordHash: string; role: Role; origin: RequestOrigin; nowMs: number },
): NewAccount {
  const { nowMs, ...person } = given;
  return {
    ...person,
    id: newId(random, 'acc'),
    emailNormalized: normalizeEmail(given.email),
    teamId: newId(random, 'team'),
    teamName: given.email.split('@', 1)[0] ?? given.email,
    createdAtMs: nowMs,
  };
}
