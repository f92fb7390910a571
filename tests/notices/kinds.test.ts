import { describe, expect, test } from 'vitest';

import { csafAdvisory } from '../../src/notices/csaf-advisory.ts';
import { noticeFeed } from '../../src/notices/notice-feed.ts';
import { NO_CALLS, reachOf, reasonFor } from '../../src/notices/notice-impact.ts';
import { type Notice, changedAtMsOf, hasWording, mannerFor, revisionOf, wordingsOf } from '../../src/notices/notice.ts';
import { parseNoticeFile } from '../../src/notices/notice-file.ts';
import { needsAttention } from '../../src/notices/own-notice.ts';
import { NOW_MS } from './newsroom.ts';

const common = 'title: T\nsummary: S\npublished: 2026-11-20T09:00:00Z\naffects: [{ api: parcels, versions: [v1] }]';
const times = (...entries: string[]): string =>
  `timeline: [${entries.map((entry) => `{ at: 2026-11-${entry}, text: Text. }`).join(', ')}]`;
const INCIDENT = `kind: incident\n${common}\nstarted: 2026-11-20\n`;
const OPEN = `${INCIDENT}${times('20T08:00:00Z, status: investigating', '21T08:00:00Z, status: identified')}`;
const RESOLVED = `${OPEN.slice(0, -1)}, { at: 2026-11-22T08:00:00Z, status: resolved, text: Over. }]`;
const CHANGE = `kind: change\n${common}\n`;

function read(frontMatter: string): Notice | string {
  const parsed = parseNoticeFile('2026-11-20-x.md', `---\n${frontMatter}\n---\nText.\n`);
  return parsed.ok ? parsed.notice : parsed.problems.map(({ reason }) => reason).join('; ');
}
function noticeOf(frontMatter: string): Notice {
  const notice = read(frontMatter);
  if (typeof notice === 'string') throw new Error(notice);
  return notice;
}

test('a change and an incident are files like all others', () => {
  expect(noticeOf(`${CHANGE}effective: 2026-12-01`)).toMatchObject({
    kind: 'change',
    effectiveAtMs: Date.UTC(2026, 11, 1),
  });
  expect(noticeOf(`${RESOLVED}\nreview: "We **learnt**."`)).toMatchObject({
    kind: 'incident',
    startedAtMs: Date.UTC(2026, 10, 20),
    timeline: [{ status: 'investigating' }, { status: 'identified' }, { status: 'resolved', text: 'Over.' }],
    review: '<p>We <strong>learnt</strong>.</p>\n',
  });
});

describe('a mistake is said with its field:', () => {
  test.each([
    ['an incident without a start', OPEN.replace('started: 2026-11-20\n', ''), /^started must be a date/],
    ['an incident without entries', `${INCIDENT}timeline: []`, /must have at least one entry/],
    ['a status that is none', OPEN.replace('identified', 'fine'), /^timeline.1.status must be investigating/],
    [
      'entries in another order',
      `${INCIDENT}${times('21, status: identified', '20, status: resolved')}`,
      /^timeline.1.at must not be earlier/,
    ],
    ['what another kind has', `${CHANGE}sunset: 2027-01-01`, /sunset is not a known field/],
    ['a CVE number that is none', `kind: advisory\n${common}\nseverity: low\nids: [CVE-26-1]`, /is no CVE number/],
    ['a correction without a reason', `${CHANGE}corrections: [{ at: 2026-11-21 }]`, /^corrections.0.reason/],
  ])('%s', (_what, frontMatter, reason) => {
    expect(read(frontMatter)).toMatch(reason);
  });
});

test('each entry after the publication of an incident is told; what replaces a wording is told instead of it', () => {
  const incident = noticeOf(OPEN);
  expect(wordingsOf(incident).map(({ revisionAtMs }) => revisionAtMs)).toEqual([
    Date.UTC(2026, 10, 20, 9),
    Date.UTC(2026, 10, 21, 8),
  ]);
  expect(hasWording(incident, Date.UTC(2026, 10, 20, 9))).toBe(true);
  const corrected = noticeOf(`${CHANGE}updated: 2026-11-21\ncorrections: [{ at: 2026-11-23, reason: Wrong. }]`);
  expect(wordingsOf(corrected)).toHaveLength(1);
  expect(revisionOf(corrected)).toBe(Date.UTC(2026, 10, 21));
  expect(changedAtMsOf(corrected), 'not everything that is corrected is told').toBe(Date.UTC(2026, 10, 23));
});

test('an incident is mailed at once or not at all, a change as chosen', () => {
  const manners = (notice: Notice) => (['immediate', 'digest', 'none'] as const).map((one) => mannerFor(notice, one));
  expect(manners(noticeOf(OPEN))).toEqual(['immediate', 'immediate', 'none']);
  expect(manners(noticeOf(CHANGE))).toEqual(['immediate', 'digest', 'none']);
});

test('an incident needs attention while it is open, a change until it is acknowledged', () => {
  const own = { keys: [], callsThisWeek: 9, awaitsReader: true };
  expect(needsAttention({ ...own, notice: noticeOf(OPEN), acknowledgedAtMs: null })).toBe(true);
  expect(needsAttention({ ...own, notice: noticeOf(RESOLVED), acknowledgedAtMs: null })).toBe(false);
  expect(needsAttention({ ...own, notice: noticeOf(CHANGE), acknowledgedAtMs: 1 })).toBe(false);
});

describe('whom it concerns', () => {
  const key = { id: 'key_1', name: 'ci', createdAtMs: 1, isWorking: true };
  const holder = { teamId: 't', applicationId: 'a', applicationName: 'Depot', subscribedAtMs: 1, plan: 'free', key };
  const called = { ...NO_CALLS, named: 3, any: 3 };
  const about = (rest: string): Notice => noticeOf(CHANGE.replace('versions: [v1]', rest));

  test.each([
    ['only the plans that it names', 'plans: [pro]', holder, called, null],
    ['all who are on a plan that it names', 'plans: [free, pro]', holder, NO_CALLS, 'subscribed'],
    ['the keys that it names, whether they call or not', 'keys: [key_1]', holder, NO_CALLS, 'named'],
    ['no other keys', 'keys: [key_2]', holder, called, null],
    ['no key that has ended', 'keys: [key_1]', { ...holder, key: { ...key, isWorking: false } }, NO_CALLS, null],
    ['nobody without a key where it names one', 'keys: [key_1]', { ...holder, key: null }, NO_CALLS, null],
  ])('%s', (_rule, rest, who, calls, reason) => {
    const notice = about(rest);
    const [affected] = notice.affects;
    if (!affected) throw new Error('affects nothing');
    expect(reasonFor(notice, affected, who, calls, NOW_MS)).toBe(reason);
  });

  test('a resolved incident concerns who called before it was over', () => {
    expect(reachOf(noticeOf(RESOLVED), NOW_MS).untilMs).toBe(Date.UTC(2026, 10, 22, 8));
    expect(reachOf(noticeOf(OPEN), NOW_MS).untilMs).toBe(NOW_MS);
  });
});

test('feeds say what an incident has come to, and hold policies among the notices', () => {
  const policy = {
    ...{ kind: 'policy' as const, path: '/policies/keys-end', title: 'Keys end', summary: 'All of them.', api: null },
    ...{ publishedAtMs: Date.UTC(2026, 10, 21), changedAtMs: Date.UTC(2026, 10, 22) },
  };
  const feed = noticeFeed('json', [noticeOf(RESOLVED)], {}, 'https://portal.example', [policy]);
  const { items } = JSON.parse(feed.body) as { items: { url: string; summary: string }[] };
  expect(items.map(({ url, summary }) => [url, summary])).toEqual([
    ['https://portal.example/policies/keys-end', 'All of them.'],
    ['https://portal.example/notices/2026-11-20-x', 'S Now resolved: Over.'],
  ]);
});

test('a CSAF document has a revision for each correction, and the score of CVSS 4.0 in a note', () => {
  const vector = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N';
  const advisory = noticeOf(
    `kind: advisory\n${common}\nseverity: high\ncvss: ${vector}\ncorrections: [{ at: 2026-11-23, reason: Wrong version. }]`,
  );
  if (advisory.kind !== 'advisory') throw new Error('no advisory');
  const { document, vulnerabilities } = csafAdvisory(advisory, {
    publicUrl: 'https://portal.example',
    apiTitle: (slug) => slug,
  });
  expect(document.tracking).toMatchObject({
    version: '2',
    current_release_date: '2026-11-23T00:00:00.000Z',
    revision_history: [{ summary: 'Published.' }, { number: '2', summary: 'Wrong version.' }],
  });
  expect(vulnerabilities[0]?.notes[1]).toMatchObject({ text: `${vector} (8.7, high)` });
});
