import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { PolicyDraft } from '../../src/policies/draft-policy.form.ts';
import { draftPolicy, redraftPolicy } from '../../src/policies/draft-policy.ts';
import { advancePolicies, movePolicy } from '../../src/policies/move-policy.ts';
import { planPolicy } from '../../src/policies/plan-policy.ts';
import { policyStageMail } from '../../src/policies/policy-mail.ts';
import { NO_DATES, type PolicyDates } from '../../src/policies/policy.ts';
import { readOwnPolicies } from '../../src/policies/read-own-policies.ts';
import { readPolicyReport } from '../../src/policies/read-policy-report.ts';
import { writePolicyBook } from '../../src/policies/policy-book.ts';
import { forEachDialect } from '../support/databases.ts';
import { DAY_MS, HOUR_MS, NOW_MS, type PolicyOffice, openPolicyOffice } from './policy-office.ts';

const allowlist = { title: 'Keys need an IP allowlist', rules: [{ kind: 'allowlist_required' }] } as const;

forEachDialect((dialect) => {
  let office: PolicyOffice;
  beforeEach(async () => {
    office = await openPolicyOffice(dialect);
  });
  afterEach(() => office.close());

  const draft = async (dates: Partial<PolicyDates> = {}) => {
    const about = { ...allowlist, reason: '', apiSlug: null, planSlug: null, environment: 'all' } as const;
    const drafted = await draftPolicy(office, office.owner, { ...about, dates: { ...NO_DATES, ...dates } });
    if (!drafted.ok) throw new Error(drafted.reason);
    return drafted.policy.id;
  };
  const move = async (policyId: string, to: 'announced' | 'observed' | 'warned' | 'enforced' | 'withdrawn') => {
    const policy = await office.policies.find(policyId);
    return movePolicy(office, office.owner, policyId, { to, revision: policy?.revision ?? 0 });
  };
  const report = async (policyId: string) => {
    const policy = await office.policies.find(policyId);
    if (!policy) throw new Error('no policy');
    return readPolicyReport(office, policy, 7, office.time.nowMs);
  };

  describe('what a move tells', () => {
    test('announcing tells the teams whose keys are hit, and nobody else, in the same transaction', async () => {
      const ada = await office.addConsumer('ada', { allowlist: '[]' });
      await office.addConsumer('bob', { allowlist: '["10.0.0.0/8"]' });
      const policyId = await draft({ enforced: NOW_MS + 30 * DAY_MS });
      expect(await office.queued()).toEqual([]);
      expect(await move(policyId, 'announced')).toEqual({ ok: true });
      expect(await office.queued()).toEqual([
        ['event', { type: 'policy.announced', teamIds: ada.teamIds }],
        ['event', { type: 'policy.stage_changed', teamIds: ada.teamIds }],
        ['mail.policy_stage', { accountId: ada.accountId, stage: 'announced' }],
      ]);
      const { teams, history } = await report(policyId);
      expect(teams).toMatchObject([{ teamId: ada.teamIds[0], toldAtMs: NOW_MS, told: 1, fixed: 0, still: 1 }]);
      expect(history.map(({ action }) => action)).toEqual(['policy.stage_changed', 'policy.drafted']);
      expect(history[0]).toMatchObject({
        actor: office.owner.accountId,
        details: { from: 'draft', to: 'announced', teams: 1 },
      });
    });

    test('the mail names the keys and what to do, and is not sent when nothing is wrong any more', async () => {
      const ada = await office.addConsumer('ada', { allowlist: '[]' });
      const policyId = await draft({ enforced: Date.UTC(2027, 0, 15, 9) });
      await move(policyId, 'announced');
      const payload = { accountId: ada.accountId, policyId, stage: 'announced', isMilder: false } as const;
      const mail = await policyStageMail(office, payload);
      expect(mail?.to).toBe(ada.email);
      expect(mail?.text).toContain('15 January 2027 at 09:00 UTC');
      expect(mail?.text).toContain(`https://portal.example/applications/${ada.applicationId}/keys/${ada.keyId}`);
      expect(mail?.text).toContain('It has no IP allowlist. Give the key an IP allowlist on its page.');
      await office.restrict(ada.keyId, '["10.0.0.0/8"]');
      expect(await policyStageMail(office, payload)).toBeNull();
      await office.restrict(ada.keyId, '[]');
      await move(policyId, 'observed');
      expect(await policyStageMail(office, payload)).toBeNull();
    });

    test('a step back and the end are told to those who were told before', async () => {
      const ada = await office.addConsumer('ada', { allowlist: '[]' });
      const policyId = await draft();
      await move(policyId, 'announced');
      await move(policyId, 'observed');
      await move(policyId, 'enforced');
      await office.restrict(ada.keyId, '["10.0.0.0/8"]');
      await office.addConsumer('eve', { allowlist: '[]' });
      await office.forgetQueued();
      await move(policyId, 'observed');
      await move(policyId, 'withdrawn');
      const mails = (await office.queued()).filter(([kind]) => kind === 'mail.policy_stage');
      expect(mails.map(([, payload]) => payload)).toEqual([
        { accountId: ada.accountId, stage: 'observed' },
        { accountId: ada.accountId, stage: 'withdrawn' },
      ]);
      const payload = { accountId: ada.accountId, policyId, stage: 'withdrawn', isMilder: true } as const;
      expect((await policyStageMail(office, payload))?.subject).toBe(
        'Security policy withdrawn: Keys need an IP allowlist',
      );
    });
  });

  describe('moves', () => {
    test('each date is followed once, however many processes look, and stages without a date wait', async () => {
      const policyId = await draft({
        announced: NOW_MS + HOUR_MS,
        warned: NOW_MS + 2 * HOUR_MS,
        enforced: NOW_MS + 3 * HOUR_MS,
      });
      expect(await advancePolicies(office)).toBe(0);
      office.time.nowMs = NOW_MS + HOUR_MS;
      const moved = await Promise.all([advancePolicies(office), advancePolicies(office), advancePolicies(office)]);
      expect(moved.reduce((sum, moves) => sum + moves, 0)).toBe(1);
      office.time.nowMs = NOW_MS + 4 * HOUR_MS;
      expect(await advancePolicies(office)).toBe(2);
      const { policy, history } = await report(policyId);
      expect(policy.stage).toBe('enforced');
      expect(history.map(({ actor, details }) => [actor, details.to ?? null]).toReversed()).toEqual([
        [office.owner.accountId, null],
        ['system', 'announced'],
        ['system', 'warned'],
        ['system', 'enforced'],
      ]);
      expect(await advancePolicies(office)).toBe(0);
    });

    test('an owner who has not seen the last change moves nothing', async () => {
      const policyId = await draft();
      expect(await movePolicy(office, office.owner, policyId, { to: 'announced', revision: 7 })).toEqual({
        ok: false,
        reason: 'changed_meanwhile',
      });
      const both = await Promise.all([move(policyId, 'announced'), move(policyId, 'withdrawn')]);
      expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    });

    test('after a return later dates are to be set anew: nothing comes back by itself', async () => {
      const policyId = await draft({ enforced: NOW_MS + DAY_MS });
      await move(policyId, 'announced');
      await move(policyId, 'warned');
      office.time.nowMs = NOW_MS + 2 * DAY_MS;
      expect(await advancePolicies(office)).toBe(1);
      expect(await move(policyId, 'observed')).toEqual({ ok: true });
      office.time.nowMs = NOW_MS + 400 * DAY_MS;
      expect(await advancePolicies(office)).toBe(0);
      const { policy } = await report(policyId);
      expect(policy).toMatchObject({ stage: 'observed', dates: { warned: null, enforced: null } });
      const dates = { ...NO_DATES, warned: office.time.nowMs + 1, enforced: office.time.nowMs + 1 };
      const plan = (asked: PolicyDates) =>
        planPolicy(office, office.owner, policyId, { dates: asked, revision: policy.revision });
      expect(await plan(dates)).toEqual({ ok: false, reason: 'dates_out_of_order', stage: 'enforced' });
      expect(await plan({ ...dates, warned: office.time.nowMs })).toMatchObject({ stage: 'warned' });
      expect(await plan({ ...dates, enforced: office.time.nowMs + 2 })).toEqual({ ok: true });
    });

    test('what was announced is not rewritten', async () => {
      const policyId = await draft();
      const about = { ...allowlist, reason: 'why', apiSlug: null, planSlug: null, environment: 'live' } as const;
      const changed = { ...about, dates: NO_DATES };
      const redraft = (draft: PolicyDraft, revision: number) =>
        redraftPolicy(office, office.owner, policyId, { draft, revision });
      expect(await redraft(changed, 1)).toMatchObject({ ok: true });
      expect(await redraft({ ...changed, apiSlug: 'nope' }, 2)).toEqual({ ok: false, reason: 'unknown_scope' });
      // Somebody else was faster: what they wrote is not overwritten.
      expect(await redraft(changed, 1)).toEqual({ ok: false, reason: 'changed_meanwhile' });
      await move(policyId, 'announced');
      const { policy } = await report(policyId);
      expect(await redraft(changed, policy.revision)).toEqual({ ok: false, reason: 'changed_meanwhile' });
    });
  });

  test('two policies of one title have addresses of their own', async () => {
    const slugs = [await draft(), await draft(), await draft()].map(
      async (id) => (await office.policies.find(id))?.slug,
    );
    const [first = '', second = '', third = ''] = await Promise.all(slugs);
    expect([first, second]).toEqual(['keys-need-an-ip-allowlist', 'keys-need-an-ip-allowlist-2026-11-24']);
    expect(third).toMatch(/^keys-need-an-ip-allowlist-[0-9a-z]{12}$/);
  });

  test('a team sees what its own keys break, until they do not', async () => {
    const ada = await office.addConsumer('ada', { allowlist: '[]' });
    const bob = await office.addConsumer('bob', { allowlist: '[]' });
    const policyId = await draft();
    expect(await readOwnPolicies(office, ada.teamIds, NOW_MS)).toEqual([]);
    await move(policyId, 'announced');
    const own = await readOwnPolicies(office, ada.teamIds, NOW_MS);
    expect(own.map(({ keys }) => keys.map(({ keyId }) => keyId))).toEqual([[ada.keyId]]);
    await office.restrict(ada.keyId, '["10.0.0.0/8"]');
    expect(await readOwnPolicies(office, ada.teamIds, NOW_MS)).toEqual([]);
    expect(await readOwnPolicies(office, bob.teamIds, NOW_MS)).toHaveLength(1);
    const { teams } = await report(policyId);
    expect(teams.map(({ told, fixed, still }) => [told, fixed, still])).toEqual([
      [1, 0, 1],
      [1, 1, 0],
    ]);
  });

  test('verifiers read exactly what is observed, warned about or enforced, and see every change', async () => {
    const [policyId, other] = [await draft(), await draft()];
    const seen: [string[], boolean][] = [];
    let last = '';
    const look = async (): Promise<void> => {
      const { fingerprint, policies } = await office.active.read();
      seen.push([policies().map(({ stage }) => stage), fingerprint !== last]);
      last = fingerprint;
    };
    await look();
    for (const to of ['announced', 'observed', 'warned', 'enforced', 'announced'] as const) {
      await move(policyId, to);
      await look();
    }
    await move(other, 'announced');
    await look();
    expect(seen).toEqual([
      [[], true],
      [[], false],
      [['observed'], true],
      [['warned'], true],
      [['enforced'], true],
      [[], true],
      [[], false],
    ]);
    expect(writePolicyBook((await office.active.read()).policies())).toBeNull();
  });
});
