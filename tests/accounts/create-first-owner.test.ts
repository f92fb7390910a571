import { afterEach, beforeEach, expect, test } from 'vitest';

import { createFirstOwnerToken } from '../../src/accounts/create-first-owner-token.ts';
import { createFirstOwner } from '../../src/accounts/create-first-owner.ts';
import { findSession } from '../../src/sessions/find-session.ts';
import { peekFirstOwner } from '../../src/accounts/peek-first-owner.ts';
import { verifyEmail } from '../../src/email-addresses/verify-email.ts';
import { forEachDialect } from '../support/databases.ts';
import { ADA, DAY_MS, GRACE, OFFICE, type Parts, openParts, signedIn, signedUp } from './parts.ts';

const REFUSED = { ok: false, reason: 'invalid_or_expired' };

forEachDialect((dialect) => {
  let parts: Parts;
  let token: string;
  beforeEach(async () => {
    parts = await openParts(dialect);
    token = (await createFirstOwnerToken(parts)) ?? '';
  });
  afterEach(() => parts.close());

  test('the holder of the link becomes the owner and is signed in', async () => {
    expect(await peekFirstOwner(parts, token)).toEqual({ valid: true });
    const result = await createFirstOwner(parts, token, ADA, OFFICE);
    const session = await findSession(parts, result.ok ? result.sessionToken : '');
    expect(session?.actor).toMatchObject({ email: ADA.email, role: 'owner', emailVerified: false });
    const audit = await parts.db.selectFrom('audit_entry').select('action').orderBy('sequence').execute();
    expect(audit.map((row) => row.action)).toEqual(['owner_link.issued', 'account.created', 'account.signed_in']);
  });

  test('the link works once, also for two at the same time', async () => {
    const results = await Promise.all([ADA, GRACE].map((person) => createFirstOwner(parts, token, person, OFFICE)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(await createFirstOwner(parts, token, ADA, OFFICE)).toEqual(REFUSED);
    expect(await parts.db.selectFrom('account').selectAll().execute()).toHaveLength(1);
  });

  test('once there is an owner, no start makes another link', async () => {
    await createFirstOwner(parts, token, ADA, OFFICE);
    expect(await createFirstOwnerToken(parts)).toBeNull();
    expect(await peekFirstOwner(parts, token)).toEqual({ valid: false });
  });

  test('each start ends the link of the one before, and a day ends it anyway', async () => {
    const newer = (await createFirstOwnerToken(parts)) ?? '';
    expect(await createFirstOwner(parts, token, ADA, OFFICE)).toEqual(REFUSED);
    parts.clock.now += DAY_MS;
    expect(await createFirstOwner(parts, newer, ADA, OFFICE)).toEqual(REFUSED);
  });

  test('a refused address or password leaves the link good', async () => {
    await signedUp(parts, GRACE);
    expect(await createFirstOwner(parts, token, GRACE, OFFICE)).toEqual({ ok: false, reason: 'email_taken' });
    const weak = { ...ADA, password: 'gatehouse gatehouse' };
    expect(await createFirstOwner(parts, token, weak, OFFICE)).toMatchObject({ reason: 'password_has_context' });
    expect(await createFirstOwner(parts, token, ADA, OFFICE)).toMatchObject({ ok: true });
    expect(await parts.db.selectFrom('team').selectAll().execute()).toHaveLength(2);
  });

  test('the link verifies no address, and a made-up one opens nothing', async () => {
    await signedUp(parts, GRACE);
    const { actor } = await signedIn(parts, GRACE);
    expect(await verifyEmail(parts, actor, token)).toEqual(REFUSED);
    expect(await createFirstOwner(parts, 'A'.repeat(43), ADA, OFFICE)).toEqual(REFUSED);
  });
});
