import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createTokenCheck, issueSecret, parseToken, tokenRegularExpression } from '../../src/keys/key-secret.ts';
import { BASE62, type Random, systemRandom } from '../../src/platform/random.ts';
import { hashToken, toPepper } from '../../src/keys/pepper.ts';

const PEPPER = new TextEncoder().encode('a pepper of thirty-two bytes....');
const PREFIX = 'gth';
const CHECKED_AT = 'gth_live_'.length;

/** Bytes from fast-check, so that a failure names a seed. */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  return { bytes: (count) => Uint8Array.from({ length: count }, next) };
}

const tokens = fc
  .tuple(fc.integer(), fc.constantFrom<'live' | 'test'>('live', 'test'))
  .map(([seed, environment]) => issueSecret(randomOf(seed), PREFIX, environment));

const withCharacter = (token: string, at: number, character: string): string =>
  token.slice(0, at) + character + token.slice(at + 1);

describe('a token', () => {
  it('has the published shape, and parses to its environment and its first and last four characters', () => {
    fc.assert(
      fc.property(tokens, ({ token, ...parts }) => {
        expect(token).toMatch(/^gth_(live|test)_[0-9A-Za-z]{36}$/);
        expect(parts.firstFour).toBe(token.slice(CHECKED_AT, CHECKED_AT + 4));
        expect(parts.lastFour).toBe(token.slice(-4));
        expect(parseToken(PREFIX, token)).toEqual(parts);
        expect(new RegExp(`^${tokenRegularExpression(PREFIX)}$`).test(token)).toBe(true);
      }),
    );
  });

  it('carries the checksum that GitHub publishes for its tokens', () => {
    const published = 'zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17';
    expect(parseToken(PREFIX, `gth_live_${published}`)).toEqual({
      environment: 'live',
      firstFour: 'zQWB',
      lastFour: 'Lq17',
    });
    expect(parseToken(PREFIX, `gth_live_${published.slice(0, -1)}8`)).toBeNull();
  });

  it('is refused after any change of a single character of secret or checksum', () => {
    const { token } = issueSecret(randomOf(1), PREFIX, 'live');
    for (let at = CHECKED_AT; at < token.length; at += 1) {
      for (const character of BASE62) {
        if (character === token.charAt(at)) continue;
        expect(parseToken(PREFIX, withCharacter(token, at, character))).toBeNull();
      }
    }
  });

  it('is refused after neighbours changed places', () => {
    fc.assert(
      fc.property(tokens, fc.integer({ min: CHECKED_AT, max: CHECKED_AT + 34 }), ({ token }, at) => {
        const [left, right] = [token.charAt(at), token.charAt(at + 1)];
        fc.pre(left !== right);
        expect(parseToken(PREFIX, withCharacter(withCharacter(token, at, right), at + 1, left))).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('is refused with another prefix, environment, length, case or surroundings', () => {
    const { token } = issueSecret(systemRandom, PREFIX, 'live');
    const wrong = [
      '',
      token.replace('gth', 'gtx'),
      token.replace('live', 'prod'),
      token.replace('gth_', 'gth-'),
      token.toUpperCase(),
      token.slice(0, -1),
      `${token}0`,
      ` ${token}`,
      `${token}\n`,
      `${token}\0`,
      token.replace('_live_', '_live__'),
      `x${token}`,
    ];
    for (const text of wrong) expect(parseToken(PREFIX, text), JSON.stringify(text)).toBeNull();
    expect(parseToken('acme', token)).toBeNull();
  });

  it('is not made by its shape alone', () => {
    const shapes = fc.stringMatching(/^gth_(live|test)_[0-9A-Za-z]{36}$/);
    fc.assert(
      fc.property(shapes, (text) => {
        expect(parseToken(PREFIX, text)).toBeNull();
      }),
      { seed: 1 },
    );
  });

  it('differs from one issue to the next', () => {
    const issued = Array.from({ length: 1000 }, () => issueSecret(systemRandom, PREFIX, 'test').token);
    expect(new Set(issued).size).toBe(1000);
  });
});

describe('what is stored of a token', () => {
  it('is HMAC-SHA-256 under the pepper (RFC 4231, test case 2)', () => {
    const digest = hashToken(toPepper(new TextEncoder().encode('Jefe')), 'what do ya want for nothing?');
    expect(Buffer.from(digest).toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('differs with the pepper, so that a stolen database cannot be searched with guessed tokens', () => {
    const { token } = issueSecret(systemRandom, PREFIX, 'live');
    expect(hashToken(toPepper(PEPPER), token)).toEqual(hashToken(toPepper(PEPPER), token));
    expect(hashToken(toPepper(PEPPER), token)).not.toEqual(hashToken(toPepper(PEPPER.slice(1)), token));
  });
});

describe('the quick check of the hot path', () => {
  const isToken = createTokenCheck(PREFIX);
  const characters = fc.constantFrom(...Array.from(BASE62), '_', '-', ' ', '\0', '\u0142', '\u{1f511}');

  it('accepts what was issued', () => {
    fc.assert(fc.property(tokens, ({ token }) => isToken(token)));
  });

  it('says the same as reading the token does, whatever was changed in it', () => {
    fc.assert(
      fc.property(tokens, fc.nat(50), characters, fc.nat(2), ({ token }, at, character, kind) => {
        const changed = [withCharacter(token, at, character), token.slice(0, at), token + character][kind] ?? '';
        expect(isToken(changed)).toBe(parseToken(PREFIX, changed) !== null);
      }),
      { numRuns: 2000 },
    );
  });
});
