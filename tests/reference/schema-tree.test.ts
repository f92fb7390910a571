import { describe, expect, test } from 'vitest';

import { createResolver } from '../../src/reference/resolver.ts';
import type { SchemaNode } from '../../src/reference/schema-node.ts';
import { createTree, describeSchema, rootPlace } from '../../src/reference/schema-tree.ts';

function treeOf(schema: unknown, schemas: Record<string, unknown> = {}, openId = ''): SchemaNode {
  const parts = Object.entries(schemas).map(
    ([name, value]) => [`/components/schemas/${name}`, { value, slug: name }] as const,
  );
  return describeSchema(createTree(createResolver(new Map(parts)), openId), schema, rootPlace('body'));
}

/** The property at a path of names. */
function property(node: SchemaNode | undefined, ...names: string[]): SchemaNode | undefined {
  return names.reduce((found, name) => found?.properties.find((one) => one.name === name)?.schema, node);
}

/** `Loop` is made of two of the next, which is made of two of the one after it, and so on. */
function doubling(levels: number): Record<string, unknown> {
  const nameOf = (level: number): string => (level === 0 ? 'Loop' : `L${level}`);
  const entries = Array.from({ length: levels }, (_, level) => [
    nameOf(level),
    { allOf: [ref(nameOf(level + 1)), ref(nameOf(level + 1))] },
  ]);
  return Object.fromEntries([...entries, [nameOf(levels), { properties: { a: {} } }]]) as Record<string, unknown>;
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe('the type of a schema in words', () => {
  test.each<[string, unknown]>([
    ['string', { type: 'string' }],
    ['string or null', { type: ['string', 'null'] }],
    ['string or integer', { type: ['string', 'integer'] }],
    ['array of strings', { type: 'array', items: { type: 'string' } }],
    ['array of arrays of integers', { items: { type: 'array', items: { type: 'integer' } } }],
    ['array of strings or null', { type: 'array', items: { type: ['string', 'null'] } }],
    ['object or null', { anyOf: [{ type: 'null' }, { type: 'object' }] }],
    ['string or integer', { oneOf: [{ type: 'string' }, { type: 'integer' }] }],
    ['one of several types', { anyOf: ['string', 'integer', 'boolean', 'object'].map((type) => ({ type })) }],
    ['integer', { const: 7 }],
    ['string or null', { enum: ['a', null] }],
    ['object', { properties: { a: {} } }],
    ['any value', {}],
    ['any value', true],
    ['nothing', false],
    ['array', { prefixItems: [{ type: 'string' }] }],
  ])('%s', (words, schema) => {
    expect(treeOf(schema).type).toBe(words);
  });
});

describe('limits in words', () => {
  test.each<[string[], unknown]>([
    [['date-time'], { type: 'string', format: 'date-time' }],
    [['1 to 40 characters'], { minLength: 1, maxLength: 40 }],
    [['exactly 2 characters'], { minLength: 2, maxLength: 2 }],
    [['at most 5 items', 'no item twice'], { type: 'array', maxItems: 5, uniqueItems: true }],
    [['0 to 1'], { minimum: 0, maximum: 1 }],
    [['more than 0, 9 or less'], { exclusiveMinimum: 0, maximum: 9 }],
    [['multiple of 0.5', 'matches ^a$'], { multipleOf: 0.5, pattern: '^a$' }],
    [[], { minLength: 0 }],
    [['no other properties'], { type: 'object', additionalProperties: false }],
  ])('%j', (limits, schema) => {
    expect(treeOf(schema).limits).toEqual(limits);
  });
});

test('allOf is one object, and what it refers to is named', () => {
  const node = treeOf(
    { allOf: [ref('Base'), { required: ['b'], properties: { b: { type: 'integer' } } }], description: 'Both.' },
    { Base: { required: ['a'], properties: { a: { type: 'string' }, b: { type: 'string' } } } },
  );
  expect(node.properties.map(({ name, required, schema }) => [name, required, schema.type])).toEqual([
    ['a', true, 'string'],
    ['b', true, 'integer'],
  ]);
  expect(node.description).toBe('Both.');
});

test('a described reference of OpenAPI 3.0 keeps its own description and the name of what it refers to', () => {
  const node = treeOf(
    { allOf: [ref('Size')], description: 'Outer.' },
    { Size: { type: 'object', description: 'Inner.', properties: { a: {} } } },
  );
  expect([node.component?.name, node.description, node.type]).toEqual(['Size', 'Outer.', 'object']);
});

test('a choice names its options and what tells them apart', () => {
  const node = treeOf(
    {
      oneOf: [ref('Cat'), ref('Dog')],
      discriminator: { propertyName: 'kind', mapping: { meow: '#/components/schemas/Cat' } },
    },
    { Cat: { type: 'object', properties: { a: {} } }, Dog: { type: 'object' } },
  );
  expect(node.choice).toMatchObject({ word: 'One of', discriminator: 'kind' });
  expect(node.choice?.options.map(({ label, value }) => [label, value])).toEqual([
    ['Cat', 'meow'],
    ['Dog', 'Dog'],
  ]);
});

test('maps, patterns and tuples show their rules in place of names', () => {
  const node = treeOf({ additionalProperties: { type: 'integer' }, patternProperties: { '^x-': { type: 'string' } } });
  expect(node.properties.map(({ name, isRule, schema }) => [name, isRule, schema.type])).toEqual([
    ['names that match ^x-', true, 'string'],
    ['any name', true, 'integer'],
  ]);
  expect(treeOf({ prefixItems: [{ type: 'string' }] }).properties[0]).toMatchObject({ name: 'item 1', isRule: true });
});

describe('where a tree is cut', () => {
  const wide = {
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`p${index}`, {}])),
  };
  const nested = { a: { properties: { b: { properties: { c: { properties: { d: { type: 'string' } } } } } } } };

  test('the third level stays closed until it is asked for, and then goes on', () => {
    const b = property(treeOf({ properties: nested }), 'a', 'b');
    expect(b).toMatchObject({ isCut: true, properties: [], id: 'body.a.b' });
    const opened = treeOf({ properties: nested }, {}, 'body.a.b');
    expect(property(opened, 'a', 'b', 'c', 'd')?.type).toBe('string');
  });

  test('a large schema within another stays closed', () => {
    expect(property(treeOf({ properties: { wide } }), 'wide')).toMatchObject({ isCut: true });
    expect(treeOf(wide).properties).toHaveLength(16);
  });

  test('a schema that stands within itself is shown once, and can be opened again and again', () => {
    const schemas = {
      Node: { type: 'object', properties: { next: ref('Node'), list: { type: 'array', items: ref('Node') } } },
    };
    const node = treeOf(ref('Node'), schemas);
    expect(property(node, 'next')).toMatchObject({ isCut: true, isCircular: true, properties: [] });
    expect(property(node, 'list')).toMatchObject({ isCut: true, isCircular: true, type: 'array of objects' });
    const opened = treeOf(ref('Node'), schemas, 'body.next.next');
    expect(property(opened, 'next', 'next', 'next')?.isCut).toBe(true);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a reference to itself', { Loop: ref('Loop') }],
    ['allOf of itself', { Loop: { allOf: [ref('Loop')], properties: { a: {} } } }],
    ['a choice of itself', { Loop: { oneOf: [ref('Loop')] } }],
    ['an array of itself', { Loop: { type: 'array', items: ref('Loop') } }],
    [
      'two that are made of each other',
      { Loop: { anyOf: [ref('Other'), { type: 'null' }] }, Other: { allOf: [ref('Loop')] } },
    ],
    ['allOf that doubles with every level', doubling(60)],
  ])('%s comes to an end', (_name, schemas) => {
    expect(treeOf(ref('Loop'), schemas).id).toBe('body');
  });

  test('of a schema of thousands of properties the first hundreds are shown', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`p${index}`, { type: 'string' }]),
    );
    const node = treeOf({ properties });
    expect(node.properties.length + node.omitted).toBe(5000);
    expect(node.properties.length).toBeLessThan(1000);
  });
});

test('ids hold no blank and are unique, whatever properties are called', () => {
  const names = ['a b', 'a.b', 'a%20b', 'ä', '"<>', 'a\tb', ':any'];
  const node = treeOf({
    properties: { ...Object.fromEntries(names.map((name) => [name, {}])), a: { properties: { b: {} } } },
    additionalProperties: { type: 'string' },
  });
  const ids = [...node.properties, ...(property(node, 'a')?.properties ?? [])].map(({ schema }) => schema.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => /[\s"<>]/.test(id))).toEqual([]);
});
