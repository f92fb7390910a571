import { describe, expect, test } from 'vitest';

import { parseApiFile } from '../../src/catalog/api-file.ts';
import { brownOutAt, readEnding, storeBrownOuts } from '../../src/catalog/version-ending.ts';
import { sunsetCalendar } from '../../src/notices/sunset-calendar.ts';

const file = (line: string, dates = 'deprecated: 2026-06-01\n    sunset: 2027-06-01') => `title: Tea
summary: Leaves by post.
versions:
  v1:
    lifecycle: deprecated
    ${dates}
    upstream: https://tea.example/v1/
    ${line}
`;

const at = (text: string) => Date.parse(text);

function endingOf(line: string) {
  const read = parseApiFile('tea', file(line));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.file.versions[0]?.ending;
}

describe('what an owner chose for the end of a version', () => {
  test('nothing is chosen unless it is said', () => {
    expect(endingOf('afterSunset: serve')).toBeUndefined();
    expect(endingOf('brownOuts: []')).toBeUndefined();
  });

  test('gone after the sunset, with single brown-outs', () => {
    expect(
      endingOf(
        '{ afterSunset: gone, brownOuts: [{ from: 2027-05-01T10:00:00Z, until: 2027-05-01T10:15:00Z }] }'
          .slice(2, -2)
          .replace(', brownOuts', '\n    brownOuts'),
      ),
    ).toEqual({
      isGoneAfterSunset: true,
      brownOuts: [{ fromMs: at('2027-05-01T10:00:00Z'), untilMs: at('2027-05-01T10:15:00Z') }],
    });
  });

  test('a repeated one ends before the sunset, or when it is said', () => {
    const weekly = endingOf('brownOuts: [{ every: week, minutes: 10, from: 2027-05-03T10:00:00Z }]');
    expect(weekly?.brownOuts.map(({ fromMs }) => new Date(fromMs).toISOString().slice(0, 10))).toEqual([
      ...['2027-05-03', '2027-05-10', '2027-05-17', '2027-05-24', '2027-05-31'],
    ]);
    const daily = endingOf(
      'brownOuts: [{ every: day, minutes: 60, from: 2027-05-03T10:00:00Z, until: 2027-05-05T10:59:00Z }]',
    );
    expect(daily?.brownOuts).toHaveLength(2);
  });

  test.each([
    ['afterSunset: never', 'must be serve or gone'],
    ['brownOuts: [{ from: 2027-05-01, until: 2027-05-02 }]', 'must be a time such as 2027-05-31T12:00:00Z'],
    ['brownOuts: [{ from: 2027-05-01T10:00:00Z, until: 2027-05-01T10:00:00Z }]', 'ends before it begins'],
    ['brownOuts: [{ from: 2027-05-01T10:00:00Z, until: 2027-05-03T10:00:00Z }]', 'is longer than a day'],
    ['brownOuts: [{ from: 2027-05-31T23:00:00Z, until: 2027-06-01T00:00:01Z }]', 'must be over by the sunset'],
    ['brownOuts: [{ from: 2026-05-01T10:00:00Z, until: 2026-05-01T10:10:00Z }]', 'must not be before deprecated'],
    ['brownOuts: [{ every: hour, minutes: 10, from: 2027-05-01T10:00:00Z }]', 'must be { from, until }'],
    ['brownOuts: [{ every: day, minutes: 1441, from: 2027-05-01T10:00:00Z }]', 'from 1 to 1440'],
    ['brownOuts: [{ minutes: 10 }]', 'must be { from, until }'],
    [
      'brownOuts: [{ every: week, minutes: 9, from: 2027-05-01T10:00:00Z }, { from: 2027-05-09T10:00:00Z, until: 2027-05-09T11:00:00Z }]',
      'must begin after the one before it',
    ],
  ])('%s is refused with its line', (line, reason) => {
    const read = parseApiFile('tea', file(line));
    const problems = read.ok ? [] : read.problems;
    expect(problems.map(({ line: number }) => number)).toContain(9);
    expect(problems[0]?.reason).toContain(reason);
  });

  test('a daily one of more than a year is too much', () => {
    const dates = 'deprecated: 2026-06-01\n    sunset: 2028-06-01';
    const read = parseApiFile(
      'tea',
      file('brownOuts: [{ every: day, minutes: 9, from: 2026-07-01T10:00:00Z }]', dates),
    );
    expect(read.ok ? '' : read.problems[0]?.reason).toContain('400 are the most');
  });

  test('without a sunset there is nothing to come before or after', () => {
    for (const line of ['afterSunset: gone', 'brownOuts: [{ every: day, minutes: 9, from: 2026-07-01T10:00:00Z }]']) {
      const read = parseApiFile('tea', file(line, 'deprecated: 2026-06-01'));
      expect(read.ok ? '' : read.problems[0]?.reason).toContain('sunset');
    }
  });

  test('is stored and read back the same; what is not chosen is read as nothing', () => {
    const ending = {
      isGoneAfterSunset: false,
      brownOuts: [
        { fromMs: 1, untilMs: 2 },
        { fromMs: 5, untilMs: 9 },
      ],
    };
    expect(readEnding({ gone_after_sunset: 0, brown_outs: storeBrownOuts(ending) })).toEqual(ending);
    expect(readEnding({ gone_after_sunset: 0, brown_outs: storeBrownOuts(undefined) })).toBeUndefined();
    expect([0, 1, 2, 5, 8, 9].map((nowMs) => brownOutAt(ending, nowMs)?.fromMs)).toEqual([
      ...[undefined, 1, undefined, 5, 5, undefined],
    ]);
  });

  test('each brown-out stands in the calendar with its hours', () => {
    const ending = {
      isGoneAfterSunset: false,
      brownOuts: [{ fromMs: at('2027-05-01T10:00:00Z'), untilMs: at('2027-05-01T10:15:00Z') }],
    };
    const dates = { lifecycle: 'deprecated' as const, deprecatedAtMs: at('2026-06-01'), sunsetAtMs: at('2027-06-01') };
    const texts = { title: 'Tea', documentVersion: '1', description: '', operationCount: 1 };
    const version = { apiSlug: 'tea', version: 'v1', ...dates, ...texts, ending };
    const { body } = sunsetCalendar([], 'https://portal.example', [version]);
    for (const line of [
      'DTSTART:20270501T100000Z',
      'DTEND:20270501T101500Z',
      'SUMMARY:Brown-out: tea v1 refuses all calls',
    ])
      expect(body).toContain(line);
  });
});
