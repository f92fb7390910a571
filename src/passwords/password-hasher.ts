import { hash, verify } from '@node-rs/argon2';

import type { Random } from '../platform/random.ts';

/** argon2id, OWASP's second choice of parameters: 19 MiB, two passes, one lane; about 20 to 40 ms of one core. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * Hash of no password, with the same parameters: checking against it takes as long as checking against a real one,
 * so that time does not tell which addresses have an account (yardstick A7).
 */
export const NO_PASSWORD_HASH = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

export interface PasswordHasher {
  /** PHC string of the NFKC form of the password; null when too many wait already. */
  hash(password: string): Promise<string | null>;
  /** null when too many wait already. */
  verify(passwordHash: string, password: string): Promise<boolean | null>;
}

/**
 * Two at a time and 32 waiting; more are turned away at once. Without a bound, a flood of sign-ins
 * would take all memory and both cores from everything else.
 */
export function createPasswordHasher(random: Random): PasswordHasher {
  const inTurn = createQueue({ running: 2, waiting: 32 });
  return {
    hash: (password) => inTurn(() => hash(password.normalize('NFKC'), { ...PARAMETERS, salt: random.bytes(16) })),
    verify: (passwordHash, password) => inTurn(() => verify(passwordHash, password.normalize('NFKC'))),
  };
}

function createQueue(limits: { running: number; waiting: number }) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T | null> => {
    if (running < limits.running) running += 1;
    else if (waiting.length >= limits.waiting) return null;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Whoever is next takes over this place, so that `running` stays as it is.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
