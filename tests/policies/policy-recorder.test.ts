import { expect, test } from 'vitest';

import { createPolicyRecorder } from '../../src/policies/policy-recorder.ts';
import type { PolicyBatch } from '../../src/policies/policy-tally.ts';

const manner = { atMs: 0, api: 'parcels', isBasic: false, calls: 1 };

function recording(add: (batch: PolicyBatch) => Promise<void>) {
  const errors: unknown[] = [];
  const store = { add, removeBefore: () => Promise.resolve() };
  return {
    errors,
    recorder: createPolicyRecorder({ store, nowMs: () => 0, onWriteError: (error) => errors.push(error) }),
  };
}

test('much is written in parts, so that calls need not wait for all of it, and all of it is written', async () => {
  const parts: PolicyBatch[] = [];
  const { recorder } = recording((batch) => Promise.resolve(void parts.push(batch)));
  for (let key = 0; key < 300; key += 1) {
    for (const address of ['', '203.0.113.9', '203.0.113.10'])
      recorder.noteManner({ ...manner, keyId: `key_${key}`, address });
    recorder.noteBroken({ atMs: 0, keyId: `key_${key}`, policyId: 'pol_1', rule: 'expiry', outcome: 'observed' });
  }
  await recorder.flush();
  expect(parts.length).toBeGreaterThan(8);
  for (const { manners, counts } of parts) expect(Math.max(manners.length, counts.length)).toBeLessThan(110);
  expect(parts.flatMap(({ manners }) => manners)).toHaveLength(900);
  expect(parts.flatMap(({ counts }) => counts)).toHaveLength(300);
});

test('what could not be written is written later, each once', async () => {
  let isBroken = true;
  const written: PolicyBatch[] = [];
  const { errors, recorder } = recording((batch) => {
    if (isBroken) return Promise.reject(new Error('disk full'));
    written.push(batch);
    return Promise.resolve();
  });
  for (let key = 0; key < 150; key += 1) recorder.noteManner({ ...manner, keyId: `key_${key}`, address: '' });
  await recorder.flush();
  expect(errors).toHaveLength(1);
  isBroken = false;
  await recorder.stop();
  const rows = written.flatMap(({ manners }) => manners);
  expect(rows.map(({ calls }) => calls)).toEqual(Array.from({ length: 150 }, () => 1));
});
