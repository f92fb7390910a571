import { expect, test } from 'vitest';

import { operations } from '../../src/management/operations.ts';
import { routes } from '../pages/route-matrix.ts';
import { coverage } from './browser-coverage.ts';

const OPEN = ['everyone', 'guests', 'nobody'];

const closed = routes
  .filter(({ read, post }) => !OPEN.includes(read) || (post !== null && !OPEN.includes(post.by)))
  .map(({ path }) => path);

test('what people do in the browser, programs do with an operation, or it is said why not', () => {
  expect(closed.filter((path) => coverage[path] === undefined)).toEqual([]);
});

test('that list names pages and operations that there are', () => {
  expect(Object.keys(coverage).filter((path) => !closed.includes(path))).toEqual([]);
  const known = new Set(operations.map(({ operationId }) => operationId));
  const named = Object.values(coverage).flatMap((one) => (typeof one === 'string' ? [] : one));
  expect(named.filter((operationId) => !known.has(operationId))).toEqual([]);
});
