import { expect, test } from 'vitest';

import { type PlanLimits, plainLimits } from '../../src/plans/plan-limits.ts';
import type { Metered } from '../../src/usage/meter.ts';
import { createMeterBook } from '../../src/usage/meter-book.ts';

const few = plainLimits(10, 1, 100, 'month');
const many = plainLimits(20, 1, 200, 'month');
const newSubscription = (limits: PlanLimits): Metered => ({ id: 'sub_1', limits });

test('a subscription that was asked for is found again, as long as nothing changed', () => {
  const book = createMeterBook();
  const subscription = newSubscription(few);
  const meter = book.find(subscription, 'key_1', 'list');
  expect(book.find(subscription, 'key_2', 'create')).toBe(meter);
  expect(book.find(newSubscription(few), 'key_1', 'list')).toBe(meter);
  expect(createMeterBook().find(subscription, 'key_1', 'list')).not.toBe(meter);
});

test('of another plan the limits count, and what was counted stays', () => {
  const book = createMeterBook();
  const before = newSubscription(few);
  const [bucket] = book.find(before, 'key_1', 'list').rates;
  Object.assign(bucket ?? {}, { level: 7 });
  const changed = book.find(newSubscription(many), 'key_1', 'list');
  expect(changed.rates).toMatchObject([{ level: 7, limit: { calls: 20 } }]);
  expect(changed.quotas).toMatchObject([{ quota: { calls: 200 } }]);
  expect(book.find(before, 'key_1', 'list').quotas).toMatchObject([{ quota: { calls: 100 } }]);
});

test('a subscription that was forgotten is not found where it was', () => {
  const book = createMeterBook();
  const subscription = newSubscription(few);
  const forgotten = book.find(subscription, 'key_1', 'list');
  book.forget(0, 1_000);
  const found = book.find(subscription, 'key_1', 'list');
  expect(found).not.toBe(forgotten);
  expect([...book.counters()]).toEqual(found.quotas);
});

test('where an operation or a key has limits of its own, each is told apart', () => {
  const book = createMeterBook();
  const operations = { create: { ...few, cost: null } };
  const subscription = newSubscription({ ...few, operations });
  expect(book.find(subscription, 'key_1', 'list').quotas).toHaveLength(1);
  expect(book.find(subscription, 'key_1', 'create').quotas).toHaveLength(2);
  expect(book.find(subscription, 'key_1', 'list').quotas).toHaveLength(1);
  const perKey = newSubscription({ ...few, perKey: few });
  expect(book.find(perKey, 'key_1', 'list').quotas[1]).not.toBe(book.find(perKey, 'key_2', 'list').quotas[1]);
});
