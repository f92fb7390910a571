import { TOTP } from 'otpauth';
import { expect, test } from 'vitest';

import {
  decryptTotpSecret,
  encryptTotpSecret,
  hashRecoveryCode,
  newRecoveryCodes,
  newTotpSecret,
  totpSetupKey,
  totpStep,
  totpUri,
} from '../../src/second-step/second-factor.ts';
import { systemRandom } from '../../src/platform/random.ts';

/** Of RFC 6238, appendix B; its codes have eight digits, ours the last six. */
const rfcSecret = new TextEncoder().encode('12345678901234567890');
const sessionSecret = new TextEncoder().encode('a session secret of tests, 32 characters');

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('the code of RFC 6238 at %i seconds is %s', (seconds, code) => {
  expect(totpStep(rfcSecret, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
});

test('A10: a code is good in its own half minute and one beside it, and says which step it is of', () => {
  const atMs = 1_111_111_111_000;
  const step = Math.floor(atMs / 30_000);
  expect(totpStep(rfcSecret, '050471', atMs - 30_000)).toBe(step);
  expect(totpStep(rfcSecret, '050471', atMs + 30_000)).toBe(step);
  expect(totpStep(rfcSecret, '050471', atMs + 60_000)).toBeNull();
  expect(totpStep(rfcSecret, '050471', atMs - 60_000)).toBeNull();
});

test.each(['', '05047', '0504711', ' 050471', '٠٥٠٤٧١', '1e5000', '-50471'])('A10: %j is no code', (code) => {
  expect(totpStep(rfcSecret, code, 1_111_111_111_000)).toBeNull();
});

test('what the app gets leads to the same codes', () => {
  const secret = newTotpSecret(systemRandom);
  expect(secret).toHaveLength(20);
  const app = new TOTP({ secret: totpSetupKey(secret) });
  expect(totpStep(secret, app.generate({ timestamp: 1_000_000 }), 1_000_000)).toBe(33);
  const uri = totpUri(secret, 'ada@example.com');
  expect(uri).toMatch(/^otpauth:\/\/totp\/Gatehouse:ada%40example\.com\?issuer=Gatehouse&secret=[A-Z2-7]{32}&/);
});

test('A31: a secret opens with the setting and in the row it was encrypted with, and nowhere else', () => {
  const secret = newTotpSecret(systemRandom);
  const encrypted = encryptTotpSecret(sessionSecret, 'acc_1', secret, systemRandom);
  expect(Buffer.from(encrypted).includes(Buffer.from(secret))).toBe(false);
  expect(Buffer.from(decryptTotpSecret(sessionSecret, 'acc_1', encrypted) ?? [])).toEqual(Buffer.from(secret));
  expect(decryptTotpSecret(sessionSecret, 'acc_2', encrypted)).toBeNull();
  expect(decryptTotpSecret(new TextEncoder().encode('another secret'), 'acc_1', encrypted)).toBeNull();
  for (const at of [0, 15, 40]) {
    const tampered = Uint8Array.from(encrypted, (byte, index) => (index === at ? byte ^ 1 : byte));
    expect(decryptTotpSecret(sessionSecret, 'acc_1', tampered)).toBeNull();
  }
});

test('A10: ten recovery codes of 120 bits, hashed, typed in any spelling', () => {
  const codes = newRecoveryCodes(systemRandom);
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$/);
  const [code = ''] = codes;
  const hash = hashRecoveryCode('acc_1', code);
  expect(hashRecoveryCode('acc_1', ` ${code.toLowerCase().replaceAll('-', ' ')}`)).toBe(hash);
  expect(hashRecoveryCode('acc_2', code)).not.toBe(hash);
});
