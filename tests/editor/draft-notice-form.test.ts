import { describe, expect, test } from 'vitest';

import { formValuesOf, parseDraftNoticeForm } from '../../src/editor/draft-notice.form.ts';
import {
  parseCorrectNoticeForm,
  parsePublishNoticeForm,
  parseWithdrawNoticeForm,
} from '../../src/editor/revision.form.ts';
import { formOf } from '../applications/cast.ts';

const common = {
  ...{ title: 'T', summary: 'S', text: 'Text.', api: 'parcels', version: 'parcels/v1', revision: '3', action: 'save' },
  ...{ 'operations-parcels': 'getLabel, listParcels', 'keys-parcels': '' },
};
const deprecation = {
  ...common,
  ...{ kind: 'deprecation', deprecated: '2026-11-26T00:00', sunset: '2027-06-01T12:30', replacement: '', guide: '' },
};
const advisory = {
  ...common,
  ...{ kind: 'advisory', severity: 'high', fixed_in: '', cvss: '', cwe: '', workaround: '' },
  ...{ ids: 'CVE-2026-12345, GHSA-xxxx', credit: 'Ada\r\nBob\r\n' },
};
const incident = {
  ...common,
  ...{ kind: 'incident', started: '2026-11-26T08:00', review: '' },
  ...{ entryAt: '2026-11-26T08:05', entryStatus: 'identified', entryText: 'A disk.\r\nFull.' },
};
const change = { ...common, kind: 'change', effective: '' };

const errorsOf = (fields: Record<string, string>) => {
  const parsed = parseDraftNoticeForm(formOf(fields));
  return parsed.ok ? {} : parsed.errors;
};

test('a form is read as what a file would say', () => {
  expect(parseDraftNoticeForm(formOf(deprecation))).toEqual({
    ok: true,
    value: {
      revision: 3,
      draft: {
        text: 'Text.',
        fields: {
          ...{ kind: 'deprecation', title: 'T', summary: 'S' },
          affects: [{ api: 'parcels', versions: ['v1'], operations: ['getLabel', 'listParcels'] }],
          ...{ deprecated: '2026-11-26T00:00:00.000Z', sunset: '2027-06-01T12:30:00.000Z' },
        },
      },
    },
  });
  expect(parseDraftNoticeForm(formOf(advisory))).toMatchObject({
    value: { draft: { fields: { ids: ['CVE-2026-12345', 'GHSA-xxxx'], credit: ['Ada', 'Bob'] } } },
  });
  expect(parseDraftNoticeForm(formOf(incident))).toMatchObject({
    value: { draft: { fields: { timeline: [{ status: 'identified', text: 'A disk.\nFull.' }] } } },
  });
});

test.each([deprecation, advisory, incident, change])('what was saved fills the form again: $kind', (fields) => {
  const parsed = parseDraftNoticeForm(formOf(fields));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const again = parseDraftNoticeForm(formOf(formValuesOf(parsed.value.draft)));
  expect(again).toMatchObject({ ok: true, value: { draft: parsed.value.draft } });
});

test('boxes of several versions, plans and APIs go to their API', () => {
  const form = formOf(change);
  for (const [name, value] of [
    ['api', 'rates'],
    ['version', 'parcels/v2'],
    ['plan', 'rates/free'],
    ['version', 'gone/v9'],
  ] as const)
    form.append(name, value);
  form.set('keys-parcels', 'key_1 key_2');
  expect(parseDraftNoticeForm(form)).toMatchObject({
    value: {
      draft: {
        fields: {
          affects: [
            { api: 'parcels', versions: ['v1', 'v2'], keys: ['key_1', 'key_2'] },
            { api: 'rates', versions: [], plans: ['free'] },
          ],
        },
      },
    },
  });
});

describe('what is wrong is said beside its field:', () => {
  test.each<[string, Record<string, string>, string, RegExp]>([
    ['no title', { ...change, title: ' ' }, 'title', /^The title must not be empty\.$/],
    ['a title that hides something', { ...change, title: 'a\u202Eb' }, 'title', /cannot be seen/],
    ['no text', { ...change, text: '' }, 'text', /^Write what readers should know\.$/],
    ['too much text', { ...change, text: 'x'.repeat(50_001) }, 'text', /50,000 characters at most/],
    ['no API', { ...change, api: '' }, 'api', /API/],
    ['an unknown severity', { ...advisory, severity: 'urgent' }, 'severity', /critical, high, medium or low/],
    ['a vector that is none', { ...advisory, cvss: 'CVSS:4.0/AV:N' }, 'cvss', /vector/],
    ['a CVE number that is none', { ...advisory, ids: 'CVE-26-1' }, 'ids', /CVE/],
    ['a weakness without a name', { ...advisory, cwe: 'CWE-340' }, 'cwe', /number and name/],
    ['a day that is none', { ...deprecation, sunset: '2027-02-30T00:00' }, 'sunset', /must be a date/],
    ['a sunset before the deprecation', { ...deprecation, sunset: '2026-11-25T00:00' }, 'sunset', /RFC 9745/],
    ['a link that runs something', { ...deprecation, replacement: 'javascript:alert(1)' }, 'replacement', /path/],
    ['a status that is none', { ...incident, entryStatus: 'fine' }, 'timeline', /^Entry 1: the status/],
    ['an entry without a time', { ...incident, entryAt: '' }, 'timeline', /^Entry 1: the time/],
    ['no kind', { ...change, kind: 'news' }, '', /kind of notice/],
    ['a field of another kind', { ...change, severity: 'high' }, '', /field we do not know/],
    ['a field nobody knows', { ...change, isAdmin: 'yes' }, '', /field we do not know/],
    ['a revision that is none', { ...change, revision: 'x' }, '', /Reload/],
  ])('%s', (_what, fields, field, message) => {
    expect(errorsOf(fields)[field]).toMatch(message);
  });

  test('what was typed stays', () => {
    const parsed = parseDraftNoticeForm(formOf({ ...change, title: '' }));
    expect(parsed.ok ? {} : parsed.values).toMatchObject({ summary: 'S', text: 'Text.', version: 'parcels/v1' });
  });
});

test('publishing takes a moment in UTC or none, correcting and withdrawing take a reason', () => {
  expect(parsePublishNoticeForm(formOf({ revision: '1', publishAt: '' }))).toMatchObject({
    value: { publishAtMs: null },
  });
  expect(parsePublishNoticeForm(formOf({ revision: '1', publishAt: '2027-01-02T03:04' }))).toMatchObject({
    value: { publishAtMs: Date.UTC(2027, 0, 2, 3, 4) },
  });
  expect(parsePublishNoticeForm(formOf({ revision: '1', publishAt: 'soon' }))).toMatchObject({ ok: false });
  expect(parseCorrectNoticeForm(formOf({ revision: '1', reason: ' ', tell: 'no' }))).toMatchObject({
    errors: { reason: 'Say why, in a sentence for readers.' },
  });
  expect(parseCorrectNoticeForm(formOf({ revision: '1', reason: 'Wrong day.', tell: 'yes' }))).toMatchObject({
    value: { isTold: true },
  });
  expect(parseWithdrawNoticeForm(formOf({ revision: '1', reason: '' }))).toMatchObject({ ok: false });
});
