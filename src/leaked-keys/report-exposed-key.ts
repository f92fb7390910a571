import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { ExposedKeyAction } from './leaked-key.ts';
import { QUERY_PLACE } from './leaked-key.ts';
import type { LeakedKeyStore } from './leaked-key-store.ts';

export interface ReportExposedKeyDeps {
  keys: Pick<KeyStore, 'findWithTeam'>;
  leaks: Pick<LeakedKeyStore, 'endIfUsable' | 'flagIfUsable'>;
  exposedKeyAction: ExposedKeyAction;
  clock: Clock;
  random: Random;
}

const REASON = 'Sent in the URL of a call';

/**
 * Does with a key whose token stood in a query string what the owner has chosen, and tells its team. Every address is
 * written to logs and histories, so the token must be regarded as known to others.
 * @param exposedAtMs when the verifier saw it last
 */
export async function reportExposedKey(
  deps: ReportExposedKeyDeps,
  { keyId, exposedAtMs }: { keyId: string; exposedAtMs: number },
): Promise<void> {
  const found = await deps.keys.findWithTeam(keyId);
  const isKnown = found?.key.exposedAtMs != null && found.key.exposedAtMs >= exposedAtMs;
  if (!found || isKnown) return;
  const { teamId } = found;
  const entry = { atMs: deps.clock.nowMs(), actor: 'system', subject: keyId, teamId };
  const details = { reason: REASON, place: QUERY_PLACE };
  if (deps.exposedKeyAction === 'tell') {
    await deps.leaks.flagIfUsable(
      { keyId, teamId, exposedAtMs, audit: { ...entry, action: 'key.exposed', details } },
      deps.random,
    );
    return;
  }
  const action = deps.exposedKeyAction;
  const audit = { ...entry, action: action === 'revoke' ? 'key.revoked' : 'key.suspended', details };
  const leak = { keyId, teamId, action, reason: REASON, place: QUERY_PLACE, exposedAtMs, audit };
  await deps.leaks.endIfUsable(leak, deps.random);
}
