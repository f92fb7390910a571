import { describe, expect, test } from 'vitest';

import type { Notice } from '../../src/notices/notice.ts';
import { type Holder, type KeyCalls, NO_CALLS, REACH_MS, reachOf, reasonFor } from '../../src/notices/notice-impact.ts';
import { parseNoticeFile } from '../../src/notices/notice-file.ts';
import { DAY_MS, NOW_MS, advisory, deprecation } from './newsroom.ts';

const CALLED: KeyCalls = { named: 3, namedThisWeek: 0, namedWeekBefore: 0, any: 3 };
const CALLED_OTHER: KeyCalls = { ...NO_CALLS, any: 5 };
const key = { id: 'key_1', name: 'ci', createdAtMs: NOW_MS - DAY_MS, isWorking: true };
const subscribed: Holder = {
  teamId: 'team_1',
  applicationId: 'app_1',
  applicationName: 'Depot',
  subscribedAtMs: 1,
  plan: 'free',
  key,
};
const ended = { ...subscribed, key: { ...key, isWorking: false } };
const old = { ...subscribed, key: { ...key, createdAtMs: NOW_MS - REACH_MS } };
const former = { ...subscribed, subscribedAtMs: null };
const keyless = { ...subscribed, key: null };

const v1Ends = noticeOf('2026-11-20', deprecation('2026-11-20'));
const apiEnds = noticeOf('2026-11-20', deprecation('2026-11-20', '{ api: parcels }'));
const operationEnds = noticeOf('2026-11-20', deprecation('2026-11-20', '{ api: parcels, operations: [listParcels] }'));
const leakFixed = noticeOf('2026-11-20', advisory('2026-11-20'));
const leakOpen = noticeOf('2026-11-20', advisory('2026-11-20', 'high', ''));

function noticeOf(day: string, frontMatter: string): Notice {
  const parsed = parseNoticeFile(`${day}-x.md`, `---\n${frontMatter}\n---\n`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.notice;
}

describe('a notice concerns', () => {
  test.each<[string, Notice, Holder, KeyCalls, string | null]>([
    ['who calls the version that ends', v1Ends, subscribed, CALLED, 'calls'],
    ['not who calls another version', v1Ends, subscribed, CALLED_OTHER, null],
    ['a new key that has called nothing yet', v1Ends, subscribed, NO_CALLS, 'new_key'],
    ['not an old key that calls nothing', v1Ends, old, NO_CALLS, null],
    ['not a key that has ended', v1Ends, ended, CALLED, null],
    ['not who may not call any more', v1Ends, former, CALLED, null],
    ['not an application without keys', v1Ends, keyless, NO_CALLS, null],
    ['every subscribed application when the whole API ends', apiEnds, old, NO_CALLS, 'subscribed'],
    ['also one without keys', apiEnds, keyless, NO_CALLS, 'subscribed'],
    ['not a stranger', apiEnds, { ...former, key: null }, NO_CALLS, null],
    ['who calls the operation that ends', operationEnds, old, CALLED, 'calls'],
    ['not who calls another operation', operationEnds, old, CALLED_OTHER, null],
    ['who used what leaked, with a key that has ended', leakFixed, ended, CALLED, 'calls'],
    ['who used what leaked and is not subscribed any more', leakFixed, former, CALLED, 'calls'],
    ['not a new key that has called nothing, once it is fixed', leakFixed, subscribed, NO_CALLS, null],
    ['a new key while there is no fix', leakOpen, subscribed, NO_CALLS, 'new_key'],
  ])('%s', (_who, notice, holder, calls, reason) => {
    const [affected] = notice.affects;
    if (!affected) throw new Error('affects nothing');
    expect(reasonFor(notice, affected, holder, calls, NOW_MS)).toBe(reason);
  });
});

test('calls count for 90 days, of a fixed advisory those before it was published', () => {
  expect(reachOf(v1Ends, NOW_MS)).toEqual({ sinceMs: NOW_MS - REACH_MS, untilMs: NOW_MS });
  expect(reachOf(leakOpen, NOW_MS)).toEqual({ sinceMs: NOW_MS - REACH_MS, untilMs: NOW_MS });
  const publishedAtMs = Date.UTC(2026, 10, 20);
  expect(reachOf(leakFixed, NOW_MS)).toEqual({ sinceMs: publishedAtMs - REACH_MS, untilMs: publishedAtMs });
});
