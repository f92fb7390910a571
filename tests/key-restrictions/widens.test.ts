import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type KeyRestrictions, UNRESTRICTED } from '../../src/key-restrictions/key-restrictions.ts';
import { widens } from '../../src/key-restrictions/widens.ts';
import { wholeFamilies } from '../../src/platform/address-ranges.ts';
import { createAllowlist, parseCidr, parseIpAddress } from '../../src/platform/ip-address.ts';
import { createCallRulesReader, refuseCall, refuseReferrer } from '../../src/verify/call-rules.ts';
import { restrictionColumns } from '../../src/key-restrictions/restriction-columns.ts';
import { entryOf } from '../keys/house.ts';

const withAllowlist = (...cidrs: string[]): KeyRestrictions => ({
  ...UNRESTRICTED,
  allowlist: cidrs.map((cidr) => entryOf(cidr)),
});

/** A world of 32 addresses of either family, in which everything can be tried out. */
const FOUR = Array.from({ length: 32 }, (_, index) => `203.0.113.${index}`);
const SIX = Array.from({ length: 32 }, (_, index) => `2001:db8::${index.toString(16)}`);
const cidr = fc.oneof(
  fc.tuple(fc.nat({ max: 31 }), fc.integer({ min: 27, max: 32 })).map(([at, length]) => `203.0.113.${at}/${length}`),
  fc
    .tuple(fc.nat({ max: 31 }), fc.integer({ min: 123, max: 128 }))
    .map(([at, length]) => `2001:db8::${at.toString(16)}/${length}`),
);
const allowlist = fc.array(cidr, { maxLength: 8 }).map((texts) => texts.map((text) => parseCidr(text)?.text ?? ''));

/** The addresses of the world that a list lets in, found by asking for each. */
function letIn(cidrs: readonly string[]): string[] {
  const list = createAllowlist(cidrs.map(parseCidr).filter((range) => range !== null));
  return [...FOUR, ...SIX].filter((text) => {
    const address = parseIpAddress(text);
    return cidrs.length === 0 || (address !== null && list.includes(address));
  });
}

const methods = fc.subarray(['GET', 'HEAD', 'POST', 'DELETE'] as const);
const names = fc.subarray(['read', 'write', 'admin']);
const operations = fc
  .subarray(['list', 'create', 'v3/list'])
  .map((ids) => ids.map((operationId) => ({ api: 'parcels', version: 'v2', operationId })));
const referrers = fc.subarray([
  'https://example.com',
  'https://app.example.com',
  'https://eu.app.example.com',
  'https://*.example.com',
  'https://*.app.example.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://*.example.com:8443',
]);
const calls = fc.record({ scopes: names, methods, operations, referrers });

const readRules = createCallRulesReader();
const ORIGINS = [
  undefined,
  'null',
  'https://example.com',
  'https://app.example.com',
  'https://eu.app.example.com',
  'https://x.y.app.example.com',
  'https://shop.example.com',
  'https://badexample.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://a.example.com:8443',
];

/** Every call of a small world that the verifier lets through under these restrictions. */
function passing(restrictions: Omit<KeyRestrictions, 'allowlist'>): Set<string> {
  const rules = readRules(restrictionColumns({ ...restrictions, allowlist: [] }).restrictions);
  const passed = new Set<string>();
  for (const origin of ORIGINS)
    if (!rules || !refuseReferrer(rules, { origin })) passed.add(`from ${origin ?? 'none'}`);
  for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'PUT']) {
    if (!rules?.methods || !refuseCall({ ...rules, operations: null }, target('list'), method)) passed.add(method);
  }
  for (const operationId of ['list', 'create', 'v3/list', 'purge']) {
    if (!rules || !refuseCall({ ...rules, methods: null }, target(operationId), 'GET')) passed.add(operationId);
  }
  for (const scope of ['read', 'write', 'admin', 'later'])
    if (rules?.scopes?.has(scope) ?? true) passed.add(`scope ${scope}`);
  return passed;
}

function target(operationId: string) {
  const operation = { operationId, method: 'GET', path: '/', scopes: [], cost: 1 };
  return { refusal: null, api: 'parcels', version: 'v2', route: null, operation };
}

describe('what widens a key', () => {
  it('is, of addresses, a list that lets in one that the other does not, and nothing else', () => {
    fc.assert(
      fc.property(allowlist, allowlist, (before, after) => {
        const known = new Set(letIn(before));
        // A list holds few addresses of the whole internet, so that no list is wider than any.
        const expected = after.length === 0 ? before.length > 0 : letIn(after).some((address) => !known.has(address));
        expect(widens(withAllowlist(...before), withAllowlist(...after))).toBe(before.length > 0 && expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is, of calls, what lets through one that was refused, and nothing else', () => {
    fc.assert(
      fc.property(calls, calls, (before, after) => {
        const known = passing(before);
        const expected = [...passing(after)].some((call) => !known.has(call));
        expect(widens({ ...UNRESTRICTED, ...before }, { ...UNRESTRICTED, ...after })).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each<[string, KeyRestrictions, KeyRestrictions, boolean]>([
    [
      'two halves of a range for the range',
      withAllowlist('10.0.0.0/8'),
      withAllowlist('10.0.0.0/9', '10.128.0.0/9'),
      false,
    ],
    ['a range for its two halves', withAllowlist('10.0.0.0/9', '10.128.0.0/9'), withAllowlist('10.0.0.0/8'), false],
    ['one address more', withAllowlist('10.0.0.0/9'), withAllowlist('10.0.0.0/9', '10.128.0.0/32'), true],
    ['a list for none', UNRESTRICTED, withAllowlist('0.0.0.0/0', '::/0'), false],
    ['none for a list that holds everything', withAllowlist('0.0.0.0/0', '::/0'), UNRESTRICTED, true],
    ['an IPv6 range for an IPv4 one', withAllowlist('10.0.0.0/8'), withAllowlist('2001:db8::/64'), true],
    ['HEAD beside GET', { ...UNRESTRICTED, methods: ['GET'] }, { ...UNRESTRICTED, methods: ['GET', 'HEAD'] }, false],
    ['GET beside HEAD', { ...UNRESTRICTED, methods: ['HEAD'] }, { ...UNRESTRICTED, methods: ['GET', 'HEAD'] }, true],
  ])('%s: as expected', (_, before, after, expected) => {
    expect(widens(before, after)).toBe(expected);
  });

  it('is never a note', () => {
    const before = { ...UNRESTRICTED, allowlist: [entryOf('10.0.0.0/8', 'vpn')] };
    expect(widens(before, withAllowlist('10.0.0.0/8'))).toBe(false);
  });
});

describe('the whole internet', () => {
  it.each<[string[], string[]]>([
    [['0.0.0.0/0'], ['ipv4']],
    [['0.0.0.0/1', '128.0.0.0/1'], ['ipv4']],
    [['128.0.0.0/1', '64.0.0.0/2', '0.0.0.0/2'], ['ipv4']],
    // Every public address, without those that are nobody's.
    [
      [
        '1.0.0.0/8',
        '2.0.0.0/7',
        '4.0.0.0/6',
        '8.0.0.0/5',
        '16.0.0.0/4',
        '32.0.0.0/3',
        '64.0.0.0/2',
        '128.0.0.0/2',
        '192.0.0.0/3',
      ],
      ['ipv4'],
    ],
    [['::/0'], ['ipv6']],
    [['2000::/3'], ['ipv6']],
    [['2000::/4', '3000::/4'], ['ipv6']],
    [
      ['0.0.0.0/0', '::/0'],
      ['ipv4', 'ipv6'],
    ],
    [['::ffff:0:0/96'], ['ipv4']],
    [['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/4'], []],
    [['2000::/4', '3000::/5'], []],
    [[], []],
  ])('%j holds all of %j', (texts, families) => {
    expect(wholeFamilies(texts.map(parseCidr).filter((range) => range !== null))).toEqual(families);
  });
});
