import BetterSqlite3 from 'better-sqlite3';

import type { Actor } from '../../src/accounts/account.ts';
import { createApplicationStore } from '../../src/applications/application-store.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import { createKeyConfirmationStore } from '../../src/key-reminders/key-confirmation-store.ts';
import { createKeyRotationStore } from '../../src/key-rotation/key-rotation-store.ts';
import { createKeyStore } from '../../src/keys/key-store.ts';
import { replaceSecret } from '../../src/key-rotation/replace-secret.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { rotateKey } from '../../src/key-rotation/rotate-key.ts';
import { createPlanStore } from '../../src/plans/plan-store.ts';
import { openDatabase } from '../../src/database/database.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { toPeppers } from '../../src/keys/pepper.ts';

/**
 * A process of its own that makes one change on a real SQLite file and kills itself with SIGKILL before the n-th
 * statement, `begin` and `commit` included; or, as many statements as there are later, after the last. It prints what
 * it answered once everything is committed, as the portal would.
 */
export interface KilledChange {
  url: string;
  /** Statements that still run; more than there are: it ends by itself. */
  statements: number;
  change: 'issue' | 'rotate' | 'revoke' | 'replace' | 'withdraw';
  actor: Actor;
  applicationId: string;
  keyId: string;
  requestId: string;
  nowMs: number;
  pepper: string;
}

interface Answer {
  ok: boolean;
  token?: string;
}

function killBefore(statements: number): void {
  const prototype = Object.getPrototypeOf(new BetterSqlite3(':memory:').prepare('select 1')) as Record<
    'run' | 'get' | 'all',
    (...parameters: unknown[]) => unknown
  >;
  let done = 0;
  for (const method of ['run', 'get', 'all'] as const) {
    const original = prototype[method];
    prototype[method] = function counted(this: unknown, ...parameters: unknown[]): unknown {
      if (done === statements) process.kill(process.pid, 'SIGKILL');
      done += 1;
      return original.apply(this, parameters);
    };
  }
}

async function run(request: KilledChange): Promise<Answer> {
  const database = openDatabase<PortalSchema>({ url: request.url });
  killBefore(request.statements);
  const deps = {
    applications: createApplicationStore(database),
    plans: createPlanStore(database),
    keys: createKeyStore(database),
    rotations: createKeyRotationStore(database),
    confirmations: createKeyConfirmationStore(database),
    wasCalled: () => Promise.resolve(false),
    clock: { nowMs: () => request.nowMs },
    random: systemRandom,
    peppers: toPeppers({ keyPepper: new TextEncoder().encode(request.pepper), keyPepperPrevious: null }),
    prefix: 'gth',
  };
  const { actor, applicationId, keyId, requestId, nowMs } = request;
  switch (request.change) {
    case 'issue':
      return issueKey(deps, actor, {
        name: 'CI',
        environment: 'live',
        expiresAtMs: null,
        allowlist: [],
        requestId,
        applicationId,
      });
    case 'rotate':
      return rotateKey(deps, actor, { applicationId, keyId, requestId, overlapMs: 86_400_000 });
    case 'revoke':
      return revokeKey(deps, actor, { applicationId, keyId, reason: 'old' });
    case 'replace':
      return replaceSecret(deps, actor, { applicationId, keyId });
    case 'withdraw': {
      const teamId = actor.teamIds[0] ?? '';
      const withdrawal = { keyId, applicationId, teamId, reason: 'lost', nowMs };
      return { ok: await deps.confirmations.withdrawIfWaiting(withdrawal, systemRandom) };
    }
  }
}

const request = JSON.parse(process.argv[2] ?? '') as KilledChange;
const answer = await run({ ...request, actor: { ...request.actor, teamRoles: new Map(request.actor.teamRoles) } });
process.stdout.write(JSON.stringify(answer));
