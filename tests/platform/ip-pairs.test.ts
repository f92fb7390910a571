import { expect, test } from 'vitest';

import { testAddress } from '../../src/key-restrictions/allowlist-preview.ts';
import { readAllowlist } from '../../src/key-restrictions/allowlist-text.ts';
import { UNRESTRICTED } from '../../src/key-restrictions/key-restrictions.ts';
import { readRestrictions, restrictionColumns } from '../../src/key-restrictions/restriction-columns.ts';
import { createClientAddressResolver } from '../../src/platform/client-address.ts';
import { createAllowlistReader } from '../../src/verify/allowlists.ts';
import { decide } from '../../src/verify/decide.ts';
import { goodFacts, key } from '../verify/facts.ts';

/**
 * Yardstick A14: a million pairs of a range and an address, decided on the whole way from the form to the verdict (read
 * with a note, stored, read by the verifier, the address resolved from X-Forwarded-For) and by an implementation that
 * shares nothing with it: it reads texts by hand into integers and compares the leading bits.
 */
const RANGES = 50_000;
const ADDRESSES_PER_RANGE = 20;
const NOW_MS = Date.UTC(2026, 2, 3, 10);
const resolver = createClientAddressResolver(['127.0.0.1']);

test('a million random pairs of range and address are decided as by an independent implementation', () => {
  const random = seeded(20_261_124);
  const differences: string[] = [];
  let included = 0;
  for (let index = 0; index < RANGES; index += 1) {
    const range = randomRange(random);
    const reading = readAllowlist(`${range.text} # note ${index}`);
    if (!reading.ok) throw new Error(`${range.text}: ${reading.problem}`);
    const stored = restrictionColumns({ ...UNRESTRICTED, allowlist: reading.entries });
    const allowlist = createAllowlistReader()(stored.allowlist);
    for (let pair = 0; pair < ADDRESSES_PER_RANGE; pair += 1) {
      const text = randomAddress(random, range);
      const address = resolver.resolve('127.0.0.1', `198.51.100.1, ${text}`);
      const expected = isInside(text, range.text);
      const { verdict } = decide({ ...goodFacts, key: { ...key, allowlist }, address }, NOW_MS);
      const actual = verdict.allowed;
      // The test of one address on the page of the key must say what the verifier does.
      if (pair === 0) {
        const tested = testAddress(readRestrictions(stored).allowlist, text);
        if (!tested.isAddress || tested.isAllowed !== actual) differences.push(`the page on ${text} in ${range.text}`);
      }
      if (expected) included += 1;
      if (actual !== expected) differences.push(`${text} in ${range.text}: ${String(actual)}`);
    }
  }
  expect(differences).toEqual([]);
  // Both answers are really met.
  const pairs = RANGES * ADDRESSES_PER_RANGE;
  expect(included).toBeGreaterThan(pairs / 5);
  expect(pairs - included).toBeGreaterThan(pairs / 5);
}, 300_000);

interface Range {
  text: string;
  bits: bigint;
  width: 32 | 128;
  prefix: number;
}

function randomRange(random: () => number): Range {
  const width = random() < 0.5 ? 32 : 128;
  const bits = randomBits(random, width);
  const prefix = Math.floor(random() * (width + 1));
  return { text: `${spell(random, bits, width)}/${prefix}`, bits, width, prefix };
}

/** Near the range on purpose: one bit off at the edge, somewhere inside, or anywhere; in any spelling. */
function randomAddress(random: () => number, { bits, width, prefix }: Range): string {
  const kind = random();
  const host = BigInt(width - prefix);
  const inside = host === 0n ? bits : ((bits >> host) << host) | (randomBits(random, width) & ((1n << host) - 1n));
  const edge = prefix === 0 ? inside : inside ^ (1n << host);
  const anywhere = randomBits(random, width);
  const chosen = kind < 0.45 ? inside : kind < 0.85 ? edge : anywhere;
  if (width === 32 && random() < 0.3) return `::ffff:${spellIpv4(chosen)}`;
  return spell(random, chosen, width);
}

function spell(random: () => number, bits: bigint, width: 32 | 128): string {
  if (width === 32) return spellIpv4(bits);
  const groups = Array.from({ length: 8 }, (_, index) => (bits >> BigInt(112 - 16 * index)) & 0xffffn);
  const texts = groups.map((group) => {
    const hex = group.toString(16).padStart(random() < 0.3 ? 4 : 1, '0');
    return random() < 0.3 ? hex.toUpperCase() : hex;
  });
  return texts.join(':');
}

function spellIpv4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join('.');
}

/** Reads by hand, without the platform's parsers. */
function read(text: string): { bits: bigint; width: 32 | 128 } {
  if (!text.includes(':')) return { bits: readIpv4(text), width: 32 };
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text);
  if (mapped) return { bits: readIpv4(mapped[1] ?? ''), width: 32 };
  let bits = 0n;
  for (const group of text.split(':')) bits = bits * 65_536n + BigInt(Number.parseInt(group, 16));
  return bits >> 32n === 0xffffn ? { bits: bits & 0xffff_ffffn, width: 32 } : { bits, width: 128 };
}

function readIpv4(text: string): bigint {
  let bits = 0n;
  for (const part of text.split('.')) bits = bits * 256n + BigInt(Number.parseInt(part, 10));
  return bits;
}

function isInside(addressText: string, rangeText: string): boolean {
  const [networkText = '', prefixText = ''] = rangeText.split('/');
  const address = read(addressText);
  const network = read(networkText);
  const shift = BigInt(network.width - Number(prefixText));
  return address.width === network.width && address.bits >> shift === network.bits >> shift;
}

function randomBits(random: () => number, width: 32 | 128): bigint {
  let bits = 0n;
  for (let done = 0; done < width; done += 32) bits = (bits << 32n) | BigInt(Math.floor(random() * 0x1_0000_0000));
  return bits;
}

/** Mulberry32: the same pairs in every run, so that a difference can be looked at again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
