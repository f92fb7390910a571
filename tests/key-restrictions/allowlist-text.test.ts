import { describe, expect, it } from 'vitest';

import { previewAllowlist, testAddress } from '../../src/key-restrictions/allowlist-preview.ts';
import { allowlistText, readAllowlist } from '../../src/key-restrictions/allowlist-text.ts';
import { entryOf } from '../keys/house.ts';

const remarksOn = (text: string): readonly string[] => {
  const reading = readAllowlist(text);
  return reading.ok ? reading.remarks : [reading.problem];
};

describe('reading an allowlist', () => {
  it.each<[string, string[]]>([
    ['203.0.113.7\n2001:db8::/32 # office', []],
    ['203.0.113.7/24', ['203.0.113.7/24 is kept as 203.0.113.0/24: a range begins with its first address.']],
    ['2001:DB8::0/32', []],
    ['10.0.0.1\n10.0.0.1/32 # again', ['10.0.0.1/32 stands here twice and is kept once.']],
    ['10.0.0.0/8\n10.1.0.0/16', ['10.1.0.0/16 lies inside 10.0.0.0/8 and adds nothing.']],
    ['10.1.0.0/16\n10.0.0.0/8', ['10.1.0.0/16 lies inside 10.0.0.0/8 and adds nothing.']],
    [
      '::ffff:10.0.0.1',
      ['::ffff:10.0.0.1 is the IPv4 range 10.0.0.1/32: mapped addresses are read as what they stand for.'],
    ],
    [`10.0.0.1 # ${'x'.repeat(81)}`, ['line 1: a note has 80 characters at most; this one has 81']],
    ['10.0.0.1 # a\u202eb', ['line 1: the note has a character that cannot be seen; type it again']],
  ])('%j: %j', (text, remarks) => {
    expect(remarksOn(text)).toEqual(remarks);
  });

  it('keeps a note of 80 characters, for all of its line, and the first note of what stands twice', () => {
    const note = 'x'.repeat(80);
    expect(readAllowlist(`10.0.0.1, 10.0.0.2 # ${note}\n10.0.0.1 # other\n10.0.0.3 #   Büro # 2  `)).toMatchObject({
      entries: [entryOf('10.0.0.1/32', note), entryOf('10.0.0.2/32', note), entryOf('10.0.0.3/32', 'Büro # 2')],
    });
  });

  it('gives back what it was written as', () => {
    const entries = [entryOf('203.0.113.0/24', 'office # 1'), entryOf('2001:db8::/48')];
    expect(allowlistText(entries)).toBe('203.0.113.0/24 # office # 1\n2001:db8::/48');
    expect(readAllowlist(allowlistText(entries))).toEqual({ ok: true, entries, remarks: [] });
  });
});

describe('trying an allowlist out', () => {
  const entries = [entryOf('10.0.0.0/8', 'vpn'), entryOf('10.1.0.0/16', 'Berlin'), entryOf('2001:db8::/48')];

  it.each([
    ['10.2.0.1', { isAllowed: true, entry: entries[0] }],
    ['10.1.0.1', { isAllowed: true, entry: entries[1] }],
    [' ::ffff:10.1.0.1 ', { isAllowed: true, address: '10.1.0.1', entry: entries[1] }],
    ['2001:DB8:0::1', { isAllowed: true, address: '2001:db8::1', entry: entries[2] }],
    ['192.0.2.1', { isAllowed: false, entry: null }],
    ['10.0.0.0/8', { isAddress: false }],
    ['elsewhere', { isAddress: false }],
    ['', { isAddress: false }],
  ])('%j: %j', (typed, expected) => {
    expect(testAddress(entries, typed)).toMatchObject(expected);
  });

  it('lets every address in when the list is empty', () => {
    expect(testAddress([], '192.0.2.1')).toMatchObject({ isAllowed: true, entry: null });
  });

  it('shows first whom it would refuse, then whoever called last', () => {
    const seen = (address: string, lastSeenAtMs: number) => ({ address, firstSeenAtMs: 0, lastSeenAtMs, calls: 1 });
    const recent = [seen('10.1.0.1', 3), seen('192.0.2.1', 1), seen('10.9.0.1', 5), seen('', 9)];
    expect(previewAllowlist(entries, recent).map(({ address, isAllowed }) => [address, isAllowed])).toEqual([
      ['', false],
      ['192.0.2.1', false],
      ['10.9.0.1', true],
      ['10.1.0.1', true],
    ]);
  });
});
