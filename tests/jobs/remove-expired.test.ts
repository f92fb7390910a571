import { expect, test } from 'vitest';

import { createAccessTokenStore } from '../../src/access-tokens/access-token-store.ts';
import { createFirstOwnerToken } from '../../src/accounts/create-first-owner-token.ts';
import { peekFirstOwner } from '../../src/accounts/peek-first-owner.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { removeExpired } from '../../src/jobs/remove-expired.ts';
import { createIdempotencyStore } from '../../src/management/idempotency-store.ts';
import { createUsedTicketStore } from '../../src/identities/used-ticket-store.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { ADA, DAY_MS, HOUR_MS, OFFICE, mailedToken, openParts, signedUp } from '../accounts/parts.ts';
import { forEachDialect } from '../support/databases.ts';

forEachDialect((dialect) => {
  test('what has no effect any more is removed, and nothing else', async () => {
    const parts = await openParts(dialect);
    const accessTokens = createAccessTokenStore(parts.database, systemRandom);
    const idempotentRequests = createIdempotencyStore(parts.database);
    const usedTickets = createUsedTicketStore(parts.database);
    const removal = { ...parts, sessions: parts.sessionStore, accessTokens, usedTickets, idempotentRequests };
    const count = async () => ({
      sessions: (await parts.db.selectFrom('session').select('id').execute()).length,
      tokens: (await parts.db.selectFrom('one_time_token').select('token_hash').execute()).length,
      failures: (await parts.db.selectFrom('sign_in_failure').select('subject').execute()).length,
      outbox: (await parts.db.selectFrom('outbox').select('id').execute()).length,
    });
    await mailedToken(parts, await signedUp(parts));
    await parts.outbox.claimDue({ family: 'mail', nowMs: parts.clock.now, leaseMs: 1, limit: 1 });
    await parts.db.updateTable('outbox').set({ done_at_ms: parts.clock.now }).execute();
    await signIn(parts, ADA, OFFICE);
    await signIn(parts, { ...ADA, password: 'wrong' }, OFFICE);
    const ownerToken = (await createFirstOwnerToken(parts)) ?? '';
    await removeExpired(removal);
    expect(await count()).toEqual({ sessions: 1, tokens: 2, failures: 3, outbox: 1 });

    parts.clock.now += 12 * HOUR_MS;
    await removeExpired(removal);
    expect(await count()).toEqual({ sessions: 0, tokens: 1, failures: 3, outbox: 1 });
    expect(await peekFirstOwner(parts, ownerToken)).toEqual({ valid: true });

    parts.clock.now += 7 * DAY_MS;
    await removeExpired(removal);
    // Failures in a row are kept for longer.
    expect(await count()).toEqual({ sessions: 0, tokens: 0, failures: 1, outbox: 0 });
    parts.clock.now += 90 * DAY_MS;
    await removeExpired(removal);
    expect((await count()).failures).toBe(0);
    await parts.close();
  });
});
