import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { parseToken } from '../keys/key-secret.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { LeakedKeyAction } from './leaked-key.ts';
import type { LeakedKeyStore } from './leaked-key-store.ts';
import { type Peppers, findByToken } from '../keys/pepper.ts';

export interface ReportLeakedKeyDeps {
  keys: Pick<KeyStore, 'findByTokenHash' | 'findWithTeam'>;
  leaks: LeakedKeyStore;
  clock: Clock;
  random: Random;
  peppers: Peppers;
  prefix: string;
  leakedKeyAction: LeakedKeyAction;
}

/** The same for personal access tokens, which people lose in the same places. */
export type ReportAccessToken = (leak: { token: string; place: string }) => Promise<boolean>;

/**
 * Ends a key whose token somebody found, and tells its team. Whoever holds the token may do that: what others know is
 * no secret any more.
 * @param place where it was found, as a signed scan says; '' for a report by anybody
 * @returns whether the token is or was one of ours, ended or not; for those who may know
 */
export async function reportLeakedKey(
  deps: ReportLeakedKeyDeps,
  { token, place }: { token: string; place: string },
): Promise<boolean> {
  const nowMs = deps.clock.nowMs();
  if (!parseToken(deps.prefix, token)) return false;
  const key = await findByToken(deps.keys, deps.peppers, token);
  if (!key) return false;
  const found = await deps.keys.findWithTeam(key.id);
  if (!found) return true;
  const { leakedKeyAction: action } = deps;
  const reason = place === '' ? 'Reported as leaked' : 'Found in public by a secret scan';
  const leak = { keyId: key.id, teamId: found.teamId, action, reason, place };
  const audit = {
    atMs: nowMs,
    actor: 'system',
    action: action === 'revoke' ? 'key.revoked' : 'key.suspended',
    subject: key.id,
    teamId: found.teamId,
    details: { reason, place },
  };
  await deps.leaks.endIfUsable({ ...leak, audit }, deps.random);
  return true;
}
