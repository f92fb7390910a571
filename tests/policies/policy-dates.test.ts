import { afterEach, beforeEach, expect, test } from 'vitest';

import { policyAnnouncements } from '../../src/composition/policy-announcements.ts';
import { draftPolicy } from '../../src/policies/draft-policy.ts';
import { movePolicy } from '../../src/policies/move-policy.ts';
import { planPolicy } from '../../src/policies/plan-policy.ts';
import { policyDatesMail } from '../../src/policies/policy-dates-mail.ts';
import { NO_DATES, type PolicyDates } from '../../src/policies/policy.ts';
import { forEachDialect } from '../support/databases.ts';
import { type Consumer, DAY_MS, HOUR_MS, NOW_MS, type PolicyOffice, openPolicyOffice } from './policy-office.ts';

const ENFORCED_MS = Date.UTC(2027, 0, 15, 9);

forEachDialect((dialect) => {
  let office: PolicyOffice;
  let ada: Consumer;
  let policyId: string;
  beforeEach(async () => {
    office = await openPolicyOffice(dialect);
    ada = await office.addConsumer('ada', { allowlist: '[]' });
    await office.addConsumer('bob', { allowlist: '["10.0.0.0/8"]' });
    const about = { title: 'Keys need an IP allowlist', reason: '', apiSlug: null, planSlug: null } as const;
    const rules = [{ kind: 'allowlist_required' }] as const;
    const dates = { ...NO_DATES, enforced: ENFORCED_MS };
    const drafted = await draftPolicy(office, office.owner, { ...about, environment: 'all', rules, dates });
    policyId = drafted.ok ? drafted.policy.id : '';
  });
  afterEach(() => office.close());

  const current = async () => {
    const policy = await office.policies.find(policyId);
    if (!policy) throw new Error('no policy');
    return policy;
  };
  const plan = async (dates: Partial<PolicyDates>) =>
    planPolicy(office, office.owner, policyId, {
      dates: { ...NO_DATES, ...dates },
      revision: (await current()).revision,
    });
  const announce = async () => {
    await movePolicy(office, office.owner, policyId, { to: 'announced', revision: (await current()).revision });
    await office.forgetQueued();
    office.time.nowMs = NOW_MS + HOUR_MS;
  };
  const told = (dates: { warned: number | null; enforced: number | null }) => {
    const former = { warned: null, enforced: ENFORCED_MS };
    return policyDatesMail(office, { accountId: ada.accountId, policyId, dates, former });
  };

  test('of a draft nobody is told', async () => {
    expect(await plan({ enforced: ENFORCED_MS + DAY_MS })).toEqual({ ok: true });
    expect(await office.queued()).toEqual([]);
    expect((await current()).replannedAtMs).toBeNull();
  });

  test('of a policy that was announced the teams that it hits are told, and nobody else', async () => {
    await announce();
    expect(await plan({ enforced: ENFORCED_MS + DAY_MS })).toEqual({ ok: true });
    expect(await office.queued()).toEqual([
      ['event', { type: 'policy.dates_changed', teamIds: ada.teamIds }],
      ['mail.policy_dates', { accountId: ada.accountId }],
    ]);
  });

  test('dates that stay, and when calls are observed, are no news', async () => {
    await announce();
    expect(await plan({ observed: NOW_MS + 2 * DAY_MS, enforced: ENFORCED_MS })).toEqual({ ok: true });
    expect((await current()).dates.observed).toBe(NOW_MS + 2 * DAY_MS);
    expect(await office.queued()).toEqual([]);
  });

  test('of two who change dates at once one does, and tells', async () => {
    await announce();
    const { revision } = await current();
    const results = await Promise.all(
      [1, 2].map((days) => {
        const dates = { ...NO_DATES, enforced: ENFORCED_MS + days * DAY_MS };
        return planPolicy(office, office.owner, policyId, { dates, revision });
      }),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await office.queued()).toHaveLength(2);
  });

  test('the mail says what holds now and what held before, with the keys', async () => {
    await announce();
    const warned = Date.UTC(2027, 0, 1, 9);
    await plan({ warned, enforced: ENFORCED_MS + DAY_MS });
    const mail = await told({ warned, enforced: ENFORCED_MS + DAY_MS });
    expect(mail).toMatchObject({ to: ada.email, subject: 'New dates of a security policy: Keys need an IP allowlist' });
    expect(mail?.text).toContain('- warned about from 1 January 2027 at 09:00 UTC (so far: not decided)');
    expect(mail?.text).toContain('- refused from 16 January 2027 at 09:00 UTC (so far: 15 January 2027 at 09:00 UTC)');
    expect(mail?.text).toContain(`https://portal.example/applications/${ada.applicationId}/keys/${ada.keyId}`);
    await plan({ warned, enforced: null });
    expect((await told({ warned, enforced: null }))?.text).toContain('- refused from a date that is not decided yet');
  });

  test('the mail is not sent when the dates were changed again, or nothing is wrong any more', async () => {
    await announce();
    const dates = { warned: null, enforced: ENFORCED_MS + DAY_MS };
    await plan(dates);
    await office.restrict(ada.keyId, '["10.0.0.0/8"]');
    expect(await told(dates)).toBeNull();
    await office.restrict(ada.keyId, '[]');
    expect(await told(dates)).not.toBeNull();
    await plan({ enforced: ENFORCED_MS + 2 * DAY_MS });
    expect(await told(dates)).toBeNull();
  });

  test('the entry among the notices is new then, and says the date', async () => {
    await announce();
    const entry = async () => policyAnnouncements([await current()], {}, office.time.nowMs)[0];
    expect(await entry()).toMatchObject({ publishedAtMs: NOW_MS, changedAtMs: NOW_MS });
    await plan({ enforced: ENFORCED_MS + DAY_MS });
    expect(await entry()).toMatchObject({ publishedAtMs: NOW_MS, changedAtMs: NOW_MS + HOUR_MS });
    expect((await entry())?.summary).toContain('Enforced from 16 January 2027 at 09:00 UTC.');
  });
});
