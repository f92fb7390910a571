import { describe, expect, test } from 'vitest';

import { parseNoticeFile } from '../../src/notices/notice-file.ts';

const ADVISORY = `---
kind: advisory
title: Label addresses could be guessed
summary: Change the label addresses you have stored.
published: 2026-11-20T09:00:00Z
updated: 2026-11-21
severity: high
fixed_in: v2.3.1
ids: [CVE-2026-12345]
affects:
  - api: parcels
    versions: [v2]
    operations: [getLabel]
cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N
cwe: "CWE-340: Generation of Predictable Numbers or Identifiers"
workaround: Fetch labels anew.
credit: [Ada]
---
## What happened

See <script>.
`;

const DEPRECATION = `---
kind: deprecation
title: Version 1 is deprecated
summary: Move to version 2.
published: 2026-06-01
deprecated: 2026-06-01
sunset: 2027-06-01
replacement: /docs/parcels/v2
affects: [{ api: parcels, versions: [v1] }]
---
`;

const ADVISORY_NAME = '2026-11-20-label-addresses.md';
const DEPRECATION_NAME = '2026-06-01-parcels-v1.md';

test('an advisory is read with all its fields and sanitised text', () => {
  expect(parseNoticeFile(ADVISORY_NAME, ADVISORY)).toEqual({
    ok: true,
    notice: {
      kind: 'advisory',
      slug: '2026-11-20-label-addresses',
      title: 'Label addresses could be guessed',
      summary: 'Change the label addresses you have stored.',
      publishedAtMs: Date.UTC(2026, 10, 20, 9),
      updatedAtMs: Date.UTC(2026, 10, 21),
      severity: 'high',
      fixedIn: 'v2.3.1',
      ids: ['CVE-2026-12345'],
      affects: [{ api: 'parcels', versions: ['v2'], operations: ['getLabel'] }],
      cvss: {
        version: '3.1',
        vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N',
        baseScore: 5.3,
        baseSeverity: 'MEDIUM',
      },
      corrections: [],
      weakness: { id: 'CWE-340', name: 'Generation of Predictable Numbers or Identifiers' },
      workaround: 'Fetch labels anew.',
      credit: ['Ada'],
      html: '<h2 id="what-happened">What happened</h2>\n<p>See &lt;script&gt;.</p>\n',
    },
  });
});

test('a deprecation is read with both dates and its replacement', () => {
  expect(parseNoticeFile(DEPRECATION_NAME, DEPRECATION)).toMatchObject({
    notice: {
      kind: 'deprecation',
      deprecatedAtMs: Date.UTC(2026, 5, 1),
      sunsetAtMs: Date.UTC(2027, 5, 1),
      replacement: '/docs/parcels/v2',
    },
  });
});

test('what may be left out has a plain meaning: no fix, no ids, all versions, no replacement', () => {
  const advisory = ADVISORY.replace(
    /^(updated|fixed_in|ids|    versions|    operations|cvss|cwe|workaround|credit).*\n/gm,
    '',
  );
  expect(parseNoticeFile(ADVISORY_NAME, advisory)).toMatchObject({
    notice: {
      updatedAtMs: null,
      fixedIn: null,
      ids: [],
      cvss: null,
      weakness: null,
      workaround: null,
      credit: [],
      affects: [{ api: 'parcels', versions: [], operations: [] }],
    },
  });
  expect(parseNoticeFile(DEPRECATION_NAME, DEPRECATION.replace(/^replacement.*\n/m, ''))).toMatchObject({
    notice: { replacement: null },
  });
});

describe('a broken advisory is refused with line and reason:', () => {
  test.each([
    ['severity: high', 'severity: urgent', 7, 'severity must be critical, high, medium or low'],
    ['severity: high\n', '', 2, 'severity must be critical, high, medium or low'],
    ['kind: advisory', 'kind: advice', 2, 'kind must be advisory, deprecation, change or incident'],
    ['title: Label addresses could be guessed', 'title: ""', 3, 'title must not be empty'],
    ['updated: 2026-11-21', 'updated: 2026-11-19', 6, 'updated must not be earlier than published'],
    [
      'updated: 2026-11-21',
      'updated: yesterday',
      6,
      'updated must be a date such as 2026-11-24, or a moment such as 2026-11-24T09:00:00Z',
    ],
    [
      'updated: 2026-11-21',
      'updated: 2026-02-30',
      6,
      'updated must be a date such as 2026-11-24, or a moment such as 2026-11-24T09:00:00Z',
    ],
    ['fixed_in: v2.3.1', 'fixed_in: 2.3', 8, 'fixed_in is missing or not text; numbers need quotes'],
    ['versions: [v2]', 'version: v2', 12, 'version is not a known field'],
    ['api: parcels', 'api: Parcels API', 11, 'affects.0.api must be the name of an API, as in its address'],
    ['ids: [CVE-2026-12345]', 'ids: ["<b>"]', 9, 'ids.0 must be an id such as CVE-2026-12345'],
    [
      'CVSS:3.1/AV:N/AC:L',
      'CVSS:3.1/AC:L',
      14,
      'cvss must be a CVSS 3.1 or 4.0 vector such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N',
    ],
    [
      'CWE-340: ',
      'CWE-340 ',
      15,
      'cwe must be number and name, such as "CWE-340: Generation of Predictable Numbers or Identifiers"',
    ],
  ])('%j as %j', (from, to, line, reason) => {
    expect(parseNoticeFile(ADVISORY_NAME, ADVISORY.replace(from, to))).toEqual({
      ok: false,
      problems: [{ line, reason }],
    });
  });
});

describe('a broken deprecation is refused with line and reason:', () => {
  test.each([
    ['sunset: 2027-06-01', 'sunset: 2026-05-31', 7, 'sunset must not be earlier than deprecated (RFC 9745)'],
    [
      'replacement: /docs/parcels/v2',
      'replacement: javascript:alert(1)',
      8,
      'replacement must be a path such as /docs/parcels/v2, or an http or https URL',
    ],
    ['affects: [{ api: parcels, versions: [v1] }]', 'affects: []', 9, 'affects must name at least one API'],
    [
      'deprecated: 2026-06-01',
      'severity: low',
      2,
      'deprecated must be a date such as 2026-11-24, or a moment such as 2026-11-24T09:00:00Z',
    ],
  ])('%j as %j', (from, to, line, reason) => {
    const parsed = parseNoticeFile(DEPRECATION_NAME, DEPRECATION.replace(from, to));
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? [] : parsed.problems).toContainEqual({ line, reason });
  });
});

test('a file is named by its day of publication and words', () => {
  const named = (name: string) => parseNoticeFile(name, ADVISORY);
  expect(named('label.md')).toEqual({
    ok: false,
    problems: [{ line: null, reason: 'must be named <yyyy-mm-dd>-<words-with-hyphens>.md, in lower case' }],
  });
  expect(named('2025-11-20-label.md')).toEqual({
    ok: false,
    problems: [{ line: null, reason: 'is named 2025-11-20 but published 2026-11-20 (UTC); make the two agree' }],
  });
});
