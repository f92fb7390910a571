import { describe, expect, it } from 'vitest';

import { parseIssueKeyForm } from '../../src/keys/issue-key.form.ts';
import { parseRenameKeyForm } from '../../src/keys/rename-key.form.ts';
import { parseRestrictAllowlistForm } from '../../src/key-restrictions/restrict-key.form.ts';
import { parseRevokeKeyForm } from '../../src/key-revocation/revoke-key.form.ts';
import { formOf } from '../applications/cast.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 10, 30);
const DAY_MS = 24 * 60 * 60 * 1000;
const FIELDS = {
  name: 'CI',
  environment: 'test',
  expiry: 'never',
  allowlist: '',
  requestId: 'req_0123456789abcdefghij',
};

const issue = (changes: Record<string, string>) => parseIssueKeyForm(formOf({ ...FIELDS, ...changes }), NOW_MS);
/** Only what the form says about the list. */
const restrict = (allowlist: string) => {
  const parsed = parseRestrictAllowlistForm(formOf({ allowlist }));
  return parsed.ok ? { ok: true, value: { allowlist: parsed.value.allowlist } } : parsed;
};
const entryOf = (cidr: string, note = '') => ({ cidr, note });

describe('the form that issues a key', () => {
  it('gives an exact request', () => {
    expect(issue({ name: ' CI ', environment: 'live', allowlist: '203.0.113.7' })).toEqual({
      ok: true,
      value: {
        name: 'CI',
        environment: 'live',
        expiresAtMs: null,
        allowlist: [entryOf('203.0.113.7/32')],
        requestId: FIELDS.requestId,
      },
    });
  });

  it.each([
    ['never', null],
    ['30', NOW_MS + 30 * DAY_MS],
    ['90', NOW_MS + 90 * DAY_MS],
    ['365', NOW_MS + 365 * DAY_MS],
    ['2026-11-24', Date.UTC(2026, 10, 25)],
    ['2026-12-31', Date.UTC(2027, 0, 1)],
    ['2028-02-29', Date.UTC(2028, 2, 1)],
    [' 2026-11-30 ', Date.UTC(2026, 11, 1)],
  ])('reads the expiry %s; a key works through the last day of a date, UTC', (expiry, expiresAtMs) => {
    expect(issue({ expiry })).toMatchObject({ ok: true, value: { expiresAtMs } });
  });

  it.each([
    ['', 'Choose when the key ends, or enter a date such as 2027-01-31.'],
    ['31', 'Choose when the key ends, or enter a date such as 2027-01-31.'],
    ['toString', 'Choose when the key ends, or enter a date such as 2027-01-31.'],
    ['31.12.2026', 'Choose when the key ends, or enter a date such as 2027-01-31.'],
    ['2026-02-30', '2026-02-30 is not a day of the calendar. Enter a date such as 2027-01-31.'],
    ['2027-02-29', '2027-02-29 is not a day of the calendar. Enter a date such as 2027-01-31.'],
    ['2027-13-01', '2027-13-01 is not a day of the calendar. Enter a date such as 2027-01-31.'],
    ['0026-12-01', '0026-12-01 is not a day of the calendar. Enter a date such as 2027-01-31.'],
    ['2026-11-23', '2026-11-23 has passed. Enter today or a later date.'],
  ])('refuses the expiry "%s" and says why', (expiry, message) => {
    expect(issue({ expiry })).toMatchObject({ ok: false, errors: { expiry: message } });
  });

  it('accepts a date until its last millisecond and not after', () => {
    const form = formOf({ ...FIELDS, expiry: '2026-11-24' });
    expect(parseIssueKeyForm(form, Date.UTC(2026, 10, 25) - 1).ok).toBe(true);
    expect(parseIssueKeyForm(form, Date.UTC(2026, 10, 25)).ok).toBe(false);
  });

  it('tells all that is wrong at once and keeps what was typed', () => {
    const typed = {
      name: '',
      environment: 'prod',
      expiry: 'soon',
      allowlist: '10.0.0.300',
      requestId: FIELDS.requestId,
    };
    expect(parseIssueKeyForm(formOf(typed), NOW_MS)).toEqual({
      ok: false,
      errors: {
        name: 'Enter a name.',
        environment: 'Choose live or test.',
        expiry: 'Choose when the key ends, or enter a date such as 2027-01-31.',
        allowlist: 'line 1: 10.0.0.300 is not an address',
      },
      values: typed,
    });
  });

  it('refuses a missing or strange request id and every field it does not know', () => {
    for (const requestId of ['', 'short', 'x'.repeat(65), '../../../../etc/passwd']) {
      expect(issue({ requestId })).toMatchObject({
        ok: false,
        errors: { requestId: 'This form is out of date. Reload the page and try again.' },
      });
    }
    for (const field of ['applicationId', 'token', 'tokenHash', 'revokedAtMs', '__proto__']) {
      expect(issue({ [field]: 'x' }).ok, field).toBe(false);
    }
  });
});

describe('an allowlist', () => {
  it('may be empty, which means any address', () => {
    for (const text of ['', '  \r\n\t\n', '# nothing yet', ' # a\n, ,\n']) {
      expect(restrict(text), JSON.stringify(text)).toEqual({ ok: true, value: { allowlist: [] } });
    }
  });

  it('that is missing is refused, since an empty one would let every address in', () => {
    const form = formOf(FIELDS);
    form.delete('allowlist');
    for (const parsed of [parseRestrictAllowlistForm(formOf({})), parseIssueKeyForm(form, NOW_MS)]) {
      expect(parsed).toMatchObject({ ok: false, errors: { allowlist: expect.stringContaining('missing') as string } });
    }
  });

  it('with a token in it is refused, and neither the message nor the form shown again has the token', () => {
    const token = `gth_live_${'a'.repeat(36)}`;
    for (const text of [token, `10.0.0.1\n${token}`, `${token} # note`]) {
      const parsed = restrict(text);
      expect(parsed).toMatchObject({
        ok: false,
        errors: { allowlist: expect.stringContaining('an API key') as string },
      });
      expect(JSON.stringify(parsed)).not.toContain(token);
    }
  });

  it('takes lines and commas and notes, and gives each range once in its only spelling', () => {
    const text =
      '203.0.113.77/24 # office\r\n10.0.0.1, 10.0.0.2,\n# v6\n2001:DB8::1/32\t# data centre, old\n::ffff:10.0.0.1\n10.0.0.1/32';
    expect(restrict(text)).toEqual({
      ok: true,
      value: {
        allowlist: [
          entryOf('203.0.113.0/24', 'office'),
          entryOf('10.0.0.1/32'),
          entryOf('10.0.0.2/32'),
          entryOf('2001:db8::/32', 'data centre, old'),
        ],
      },
    });
  });

  it.each([
    ['10.0.0.1\n10.0.0.300', 'line 2: 10.0.0.300 is not an address'],
    ['010.0.0.1', 'line 1: 010.0.0.1 is not an address'],
    ['10.0.0', 'line 1: 10.0.0 is not an address'],
    ['167772161', 'line 1: 167772161 is not an address'],
    ['10.0.0.1 10.0.0.2', 'line 1: 10.0.0.1 10.0.0.2 is not an address'],
    ['10.0.0.1:80', 'line 1: 10.0.0.1:80 is not an address'],
    ['[2001:db8::1]', 'line 1: [2001:db8::1] is not an address'],
    ['fe80::1%eth0', 'line 1: fe80::1%eth0 is not an address'],
    ['example.com', 'line 1: example.com is not an address'],
    ['10.0.0.1#note', 'line 1: 10.0.0.1#note is not an address'],
    ['/8', 'line 1: /8 is not an address'],
    ['１０.0.0.1', 'line 1: ??.0.0.1 is not an address'],
    ['10.0.0.0/33', 'line 1: /33 after 10.0.0.0 is not a prefix length from /1 to /32'],
    ['10.0.0.0/', 'line 1: / after 10.0.0.0 is not a prefix length from /1 to /32'],
    ['10.0.0.0/08', 'line 1: /08 after 10.0.0.0 is not a prefix length from /1 to /32'],
    ['10.0.0.0/8/8', 'line 1: /8/8 after 10.0.0.0 is not a prefix length from /1 to /32'],
    ['10.0.0.0/255.0.0.0', 'line 1: /255.0.0.0 after 10.0.0.0 is not a prefix length from /1 to /32'],
    ['2001:db8::/129', 'line 1: /129 after 2001:db8:: is not a prefix length from /1 to /128'],
    [
      'a\n10.0.0.1, b # note\nc',
      'line 1: a is not an address; line 2: b is not an address; line 3: c is not an address',
    ],
  ])('names the line and what was wrong in %j', (text, message) => {
    expect(restrict(text)).toEqual({ ok: false, errors: { allowlist: message }, values: { allowlist: text } });
  });

  it('shows the first five problems and counts the rest', () => {
    const message = [1, 2, 3, 4, 5].map((line) => `line ${line}: x is not an address`).join('; ');
    expect(restrict(Array(12).fill('x').join('\n'))).toMatchObject({ errors: { allowlist: `${message}; and 7 more` } });
  });

  it('holds 100 ranges and not 101, and no text without bound', () => {
    const list = (count: number): string => Array.from({ length: count }, (_, index) => `10.0.0.${index}`).join('\n');
    expect(restrict(list(100)).ok).toBe(true);
    expect(restrict(`${list(100)}\n${list(100)}`).ok).toBe(true);
    expect(restrict(list(101))).toMatchObject({
      errors: { allowlist: 'This list has 101 ranges; a key can have 100. Combine neighbours into larger ranges.' },
    });
    expect(restrict('#'.repeat(20_001))).toMatchObject({
      errors: { allowlist: 'Use 20000 characters or fewer; this has 20001.' },
    });
  });
});

describe('the forms that rename and revoke', () => {
  it('rename to a name of 1 to 60 characters that can be seen', () => {
    expect(parseRenameKeyForm(formOf({ name: ' CI 2 ' }))).toEqual({ ok: true, value: { name: 'CI 2' } });
    expect(parseRenameKeyForm(formOf({ name: '' }))).toMatchObject({ errors: { name: 'Enter a name.' } });
    expect(parseRenameKeyForm(formOf({ name: 'x'.repeat(61) })).ok).toBe(false);
    expect(parseRenameKeyForm(formOf({ name: 'a\u2066b' })).ok).toBe(false);
  });

  it('revoke only when the name of the key was typed', () => {
    const revoke = (fields: Record<string, string>) => parseRevokeKeyForm(formOf(fields), 'Café CI');
    const message = 'Type the name of the key, Café CI, to confirm.';
    expect(revoke({ reason: ' leaked ', confirmation: ' Cafe\u0301 CI ' })).toEqual({
      ok: true,
      value: { reason: 'leaked' },
    });
    expect(revoke({ confirmation: 'Café CI' })).toEqual({ ok: true, value: { reason: '' } });
    for (const confirmation of ['', 'café ci', 'Café', 'Café CI 2']) {
      expect(revoke({ reason: '', confirmation })).toMatchObject({ ok: false, errors: { confirmation: message } });
    }
    expect(revoke({ reason: 'x' })).toMatchObject({ ok: false, errors: { confirmation: message } });
  });

  it('refuse a reason that is too long, has a line break or holds a token', () => {
    const revoke = (reason: string) => parseRevokeKeyForm(formOf({ reason, confirmation: 'CI' }), 'CI');
    expect(revoke('x'.repeat(200)).ok).toBe(true);
    for (const reason of ['x'.repeat(201), 'a\nb', `leaked: gth_live_${'a'.repeat(36)}`]) {
      expect(revoke(reason)).toMatchObject({ ok: false, errors: { reason: expect.any(String) as string } });
    }
  });

  it('never give back a field that holds a token, and keep the others as typed', () => {
    const token = `gth_test_${'b'.repeat(36)}`;
    const parsed = parseRevokeKeyForm(formOf({ reason: 'stolen', confirmation: token }), 'CI');
    expect(parsed).toMatchObject({ ok: false, values: { reason: 'stolen' } });
    expect(JSON.stringify(parsed)).not.toContain(token);
  });
});
