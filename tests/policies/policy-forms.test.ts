import { describe, expect, test } from 'vitest';

import { parsePolicyForm } from '../../src/policies/draft-policy.form.ts';
import { momentText, parseMovePolicyForm, parsePolicyDatesForm } from '../../src/policies/policy-dates.form.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 10);
const good = { title: 'No Basic', reason: '', scope: '', environment: 'all', rule: 'basic_refused' };

function form(fields: Record<string, string | string[]>): FormData {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) made.append(name, one);
  return made;
}

const parse = (fields: Record<string, string | string[]>) => parsePolicyForm(form({ ...good, ...fields }), NOW_MS);

describe('a draft', () => {
  test('has its scope, its rules in one order, and its dates in UTC', () => {
    const parsed = parse({
      scope: 'parcels/free',
      environment: 'live',
      rule: ['test_networks', 'max_key_age', 'basic_refused'],
      networks: '10.0.0.0/8 # office\n2001:DB8::/32',
      maxAgeDays: ' 90 ',
      enforced: '2027-03-01T09:00',
    });
    expect(parsed).toEqual({
      ok: true,
      value: {
        title: 'No Basic',
        reason: '',
        apiSlug: 'parcels',
        planSlug: 'free',
        environment: 'live',
        rules: [
          { kind: 'basic_refused' },
          { kind: 'max_key_age', days: 90 },
          { kind: 'test_networks', networks: ['10.0.0.0/8', '2001:db8::/32'] },
        ],
        dates: { announced: null, observed: null, warned: null, enforced: Date.UTC(2027, 2, 1, 9) },
      },
    });
  });

  test.each([
    ['title', { title: ' ' }],
    ['rule', { rule: [] }],
    ['', { rule: ['basic_refused', 'all_refused'] }],
    ['', { extra: 'x' }],
    ['', { title: ['one', 'two'] }],
    ['scope', { scope: '../parcels' }],
    ['environment', { environment: 'production' }],
    ['maxAgeDays', { rule: 'max_key_age', maxAgeDays: '0' }],
    ['maxAgeDays', { rule: 'max_key_age', maxAgeDays: '3651' }],
    ['maxAgeDays', { rule: 'max_key_age', maxAgeDays: '1.5' }],
    ['expiryDays', { rule: 'expiry_required' }],
    ['networks', { rule: 'test_networks', networks: '' }],
    ['networks', { rule: 'test_networks', networks: '10.0.0.0/33' }],
    ['announced', { announced: '2026-11-24T10:00' }],
    ['observed', { observed: '2027-02-30T10:00' }],
    ['observed', { observed: 'tomorrow' }],
    ['warned', { observed: '2027-03-02T10:00', warned: '2027-03-01T10:00' }],
    ['enforced', { warned: '2027-03-01T10:00', enforced: '2027-03-01T10:00' }],
  ])('with a mistake at "%s" is refused there, and keeps what was typed', (field, fields) => {
    const parsed = parse(fields);
    if (parsed.ok) throw new Error('was accepted');
    expect(Object.keys(parsed.errors)).toEqual([field]);
    expect(parsed.values.environment).toBeDefined();
  });

  test('a rule that was not chosen needs no numbers', () => {
    expect(parse({ maxAgeDays: 'nonsense', networks: 'nonsense' }).ok).toBe(true);
  });
});

describe('dates and moves', () => {
  test('a moment is read as it is written', () => {
    const parsed = parsePolicyDatesForm(form({ revision: '3', warned: '2028-02-29T23:59' }));
    expect(parsed).toMatchObject({
      ok: true,
      value: { revision: 3, dates: { warned: Date.UTC(2028, 1, 29, 23, 59) } },
    });
    expect(momentText(Date.UTC(2028, 1, 29, 23, 59))).toBe('2028-02-29T23:59');
  });

  test('a move names a stage that exists, and what its sender has seen', () => {
    expect(parseMovePolicyForm(form({ to: 'enforced', revision: '2' }))).toEqual({
      ok: true,
      value: { to: 'enforced', revision: 2 },
    });
    for (const wrong of [{ to: 'draft', revision: '2' }, { to: 'enforced' }, { to: 'enforced', revision: '-1' }])
      expect(parseMovePolicyForm(form(wrong as Record<string, string>)).ok).toBe(false);
  });
});
