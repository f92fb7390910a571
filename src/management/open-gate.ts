import {
  type AuthenticateAccessTokenDeps,
  authenticateAccessToken,
} from '../access-tokens/authenticate-access-token.ts';
import type { Log } from '../platform/log.ts';
import { newId } from '../platform/random.ts';
import { createCallRate } from './call-rate.ts';
import type { ManagementGate } from './gate.ts';
import { type IdempotencyDeps, beginIdempotent, finishIdempotent } from './idempotency.ts';

export interface GateDeps extends AuthenticateAccessTokenDeps, IdempotencyDeps {
  log: Pick<Log, 'info' | 'error'>;
}

/** What the management API needs of the process: who calls, how often, and what was answered before. */
export function openGate(deps: GateDeps): ManagementGate {
  const rates = createCallRate();
  const turns = new Map<string, Promise<unknown>>();
  return {
    async enter(token, origin) {
      const caller = await authenticateAccessToken(deps, token, origin);
      if (!caller) return { ok: false, reason: 'not_active' };
      const { isAllowed, rate } = rates.take(caller.accessToken.id, deps.clock.nowMs());
      return isAllowed ? { ok: true, caller, rate } : { ok: false, reason: 'rate_limited', rate };
    },
    newRequestId: () => newId(deps.random, 'req'),
    exclusively(subject, work) {
      const before = turns.get(subject) ?? Promise.resolve();
      const turn = before.then(work);
      const settled = turn
        .catch(() => undefined)
        .then(() => {
          if (turns.get(subject) === settled) turns.delete(subject);
        });
      turns.set(subject, settled);
      return turn;
    },
    begin: (call) => beginIdempotent(deps, call),
    finish: (call, startedAtMs, answer) => finishIdempotent(deps, call, startedAtMs, answer),
    report(call, error) {
      if (error === undefined) deps.log.info(call, 'management API');
      else deps.log.error({ ...call, err: error }, 'management API');
    },
  };
}
