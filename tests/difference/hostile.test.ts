import { describe, expect, test } from 'vitest';

import { documentOf } from './cases/case.ts';
import { differenceOf } from './judge.ts';

const ref = (name: string | number) => ({ $ref: `#/components/schemas/S${name}` });
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

function documentWithSchemas(schemas: object): object {
  return documentOf(
    { requestBody: { content: { 'application/json': { schema: ref(0) } } } },
    { components: { schemas } },
  );
}

/** Every schema of a chain or web, and one limit at its end. */
function web(count: number, schemaOf: (index: number) => object, end: object): object {
  const schemas = numbers(count).map((index): [string, object] => [`S${index}`, schemaOf(index)]);
  return documentWithSchemas(Object.fromEntries([...schemas, [`S${count}`, end]]));
}

const text = { type: 'string' };
const tighter = { type: 'string', maxLength: 3 };

describe('a change is found at the end of', () => {
  test.each([
    {
      name: 'a chain of 5,000 references',
      count: 5000,
      of: (index: number) => ({ properties: { a: ref(index + 1) } }),
    },
    // Expanded, it would have 2^40 ends.
    {
      name: 'doubled references',
      count: 40,
      of: (index: number) => ({ properties: { a: ref(index + 1), b: ref(index + 1) } }),
    },
    { name: 'doubled all of', count: 40, of: (index: number) => ({ allOf: [ref(index + 1), ref(index + 1)] }) },
    {
      name: 'doubled alternatives',
      count: 40,
      of: (index: number) => ({ oneOf: [ref(index + 1), { properties: { a: ref(index + 1) } }] }),
    },
    {
      name: 'a web in which all refer to all',
      count: 60,
      of: () => ({ properties: Object.fromEntries(numbers(61).map((other) => [`p${other}`, ref(other)])) }),
    },
  ])('$name', ({ count, of }) => {
    const { counts, isComplete } = differenceOf({ old: web(count, of, text), new: web(count, of, tighter) });
    expect(isComplete).toBe(true);
    expect(counts.error).toBeGreaterThan(0);
  });
});

test('alternatives are matched in bounded time', () => {
  const many = (kind: string) =>
    documentWithSchemas({
      S0: { oneOf: numbers(300).map((index) => ({ type: 'object', properties: { [`${kind}${index}`]: text } })) },
    });
  expect(differenceOf({ old: many('a'), new: many('b') }).counts.error).toBeGreaterThan(0);
});

test('a schema that is all of itself ends', () => {
  const circle = { S0: { allOf: [ref(0), { oneOf: [ref(0), { anyOf: [ref(0), text] }] }] } };
  expect(differenceOf({ old: documentWithSchemas(circle), new: documentWithSchemas({ S0: text }) }).isComplete).toBe(
    true,
  );
});

test('a property called __proto__ or constructor is a property', () => {
  const named = (name: string) =>
    documentWithSchemas({ S0: JSON.parse(`{"type":"object","properties":{"${name}":{"type":"string"}}}`) as object });
  for (const name of ['__proto__', 'constructor', 'toString']) {
    expect(differenceOf({ old: named(name), new: named('other') }).counts).toMatchObject({ warning: 1, info: 1 });
  }
});

test('patterns of a document are not run', () => {
  const evil = { type: 'object', patternProperties: { '^(a+)+$': text } };
  const before = { ...evil, properties: { [`${'a'.repeat(40)}!`]: text } };
  expect(
    differenceOf({ old: documentWithSchemas({ S0: before }), new: documentWithSchemas({ S0: evil }) }).isComplete,
  ).toBe(true);
});
