import { describe, expect, test } from 'vitest';

import { refusals as serverRefusals } from '../../src/server/refusals.ts';
import { signInRefused, signUpRefused } from '../../src/ui/accounts/account-messages.ts';
import { explainRefusal } from '../../src/ui/errors/explain-refusal.ts';
import { historyText } from '../../src/ui/keys/history-text.ts';
import { splitLinks } from '../../src/ui/mail/split-links.ts';
import { noticeListPath, readNoticeFilter } from '../../src/ui/notices/notice-filter.ts';
import { parseTheme } from '../../src/ui/theme.ts';
import { refusals as verdictRefusals } from '../../src/verify/verdict.ts';

describe('explainRefusal', () => {
  test('explains every code that a problem can have', () => {
    for (const code of [...Object.keys(verdictRefusals), ...Object.keys(serverRefusals)]) {
      expect(explainRefusal(code)?.explanation, code).toMatch(/\.$/);
    }
  });

  test.each(['', 'unheard_of', 'constructor', '__proto__', 'toString'])('knows no code %j', (code) => {
    expect(explainRefusal(code)).toBeNull();
  });
});

describe('the filter of the notices', () => {
  test('keeps what it knows and nothing else', () => {
    const query = new URLSearchParams({ kind: 'advisory', severity: 'urgent', api: 'parcels', other: 'x' });
    const filter = readNoticeFilter(query, ['parcels']);
    expect(noticeListPath(filter)).toBe('/notices?kind=advisory&api=parcels');
    expect(noticeListPath(readNoticeFilter(new URLSearchParams({ api: '"><script>' }), ['parcels']))).toBe('/notices');
  });
});

describe('the links of a kept mail', () => {
  test('are those into this site; every other address stays text', () => {
    const text =
      'Go to http://127.0.0.1:4321/verify-email?token=a or https://evil.example/ or http://127.0.0.1:43210/.';
    const parts = splitLinks(text, 'http://127.0.0.1:4321');
    expect(parts.filter(({ isLink }) => isLink).map((part) => part.text)).toEqual([
      'http://127.0.0.1:4321/verify-email?token=a',
    ]);
    expect(parts.map((part) => part.text).join('')).toBe(text);
  });
});

describe('the history of a key', () => {
  test.each([
    ['key.issued', {}, 'Issued'],
    ['key.renamed', { name: 'Checkout' }, 'Renamed to Checkout'],
    ['key.restricted', { allowlist: [] }, 'Opened to every address'],
    ['key.restricted', { allowlist: ['203.0.113.0/24'] }, 'Restricted to 203.0.113.0/24'],
    ['key.issued', { replacesKeyId: 'key_1' }, 'Issued by a rotation'],
    ['key.rotated', { endsAtMs: Date.UTC(2026, 10, 24, 10, 30) }, 'Rotated; ends 24 Nov 2026, 10:30 UTC'],
    ['key.overlap_changed', { endsAtMs: Date.UTC(2026, 10, 24) }, 'End moved to 24 Nov 2026, 00:00 UTC'],
    ['key.scheduled', { rotationIntervalDays: 90 }, 'To be rotated every 90 days'],
    ['key.scheduled', { rotationIntervalDays: null }, 'Own schedule ended'],
    ['key.suspended', { message: 'Too many calls' }, 'Suspended: Too many calls'],
    ['key.suspended', { reason: 'Reported as leaked' }, 'Suspended: Reported as leaked'],
    ['key.resumed', { message: 'Sorted out' }, 'Resumed: Sorted out'],
    ['key.revoked', { reason: null }, 'Revoked'],
    ['key.revoked', { reason: 'laptop lost' }, 'Revoked: laptop lost'],
    ['key.unheard_of', {}, 'key.unheard_of'],
  ])('tells %s %j as "%s"', (action, details, text) => {
    expect(historyText({ action, details })).toBe(text);
  });
});

describe('refused accounts', () => {
  test('a wrong address and a wrong password read alike', () => {
    const refused = signInRefused({ ok: false, reason: 'wrong_credentials' });
    expect(refused).toEqual({ status: 422, errors: { '': 'The e-mail address or the password is wrong.' } });
  });

  test('waiting times are told to people and to programs', () => {
    const refused = signInRefused({ ok: false, reason: 'too_many_attempts', retryAfterSeconds: 30 });
    expect([refused.status, refused.retryAfterSeconds]).toEqual([429, 30]);
    expect(refused.errors['']).toContain('30 seconds');
  });

  test('a guessable password is answered at its field', () => {
    expect(signUpRefused({ reason: 'password_too_common', word: 'password' }).errors).toHaveProperty('password');
  });
});

test.each(['system', 'light', 'dark'])('the theme %s is kept, any other value means the system’s', (theme) => {
  expect(parseTheme(theme)).toBe(theme);
  for (const other of ['', 'blue', 'dark"', null, undefined, 7]) expect(parseTheme(other)).toBe('system');
});
