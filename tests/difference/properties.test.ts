import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { read } from '../catalog/documents.ts';
import { documentOf } from './cases/case.ts';
import { differenceOf, rulesOf, verdictOf } from './judge.ts';
import { mutationsOf, shuffled } from './mutations.ts';

const text = readFileSync('content/apis/parcels/v2/openapi.yaml', 'utf8');
const parcels = (await read(text)).parsed as unknown as Record<string, unknown>;
const mutations = mutationsOf(parcels);

function changed(index: number) {
  const copy = structuredClone(parcels);
  const mutation = mutations[index % mutations.length];
  mutation?.apply(copy);
  return { copy, name: mutation?.name };
}

describe('a real document', () => {
  test('does not differ from itself', () => {
    expect(verdictOf({ old: parcels, new: structuredClone(parcels) })).toBe('nothing');
  });

  test('differs after every change that can be made to it', () => {
    expect(mutations.length).toBeGreaterThan(300);
    const unseen = mutations.flatMap((_, index) => {
      const { copy, name } = changed(index);
      // Every other one the other way round.
      const pair = index % 2 === 0 ? { old: parcels, new: copy } : { old: copy, new: parcels };
      return verdictOf(pair) === 'nothing' ? [name] : [];
    });
    expect(unseen).toEqual([]);
  }, 120_000);

  test('may name its parts in any order', () => {
    fc.assert(
      fc.property(fc.nat(), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (index, numbers) => {
        const draw = (): number => numbers.next().value as number;
        const { copy } = changed(index);
        const mixed = { old: shuffled(parcels, draw), new: shuffled(copy, draw) };
        expect(verdictOf({ old: parcels, new: mixed.old })).toBe('nothing');
        expect(rulesOf(mixed).sort()).toEqual(rulesOf({ old: parcels, new: copy }).sort());
      }),
      { numRuns: 5 },
    );
  });
});

const names = ['A', 'B', 'C'];
const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
    fc.boolean(),
    fc.constantFrom(...names).map((name) => ({ $ref: `#/components/schemas/${name}` })),
    fc.record(
      {
        type: fc.constantFrom('string', 'object', 'array', 'integer', ['string', 'null'], 7),
        enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
        const: fc.jsonValue({ maxDepth: 1 }),
        properties: fc.dictionary(fc.constantFrom('a', 'b', 'toString', '__proto__'), tie('schema'), { maxKeys: 2 }),
        required: fc.array(fc.constantFrom('a', 'b', 'toString'), { maxLength: 2 }),
        additionalProperties: tie('schema'),
        patternProperties: fc.dictionary(fc.constantFrom('^a', '(', '^b'), tie('schema'), { maxKeys: 1 }),
        items: tie('schema'),
        prefixItems: fc.array(tie('schema'), { maxLength: 2 }),
        allOf: fc.array(tie('schema'), { maxLength: 2 }),
        oneOf: fc.array(tie('schema'), { maxLength: 3 }),
        anyOf: fc.array(tie('schema'), { maxLength: 3 }),
        not: tie('schema'),
        maximum: fc.oneof(fc.double(), fc.constant('9')),
        exclusiveMinimum: fc.oneof(fc.integer(), fc.boolean()),
        discriminator: fc.constantFrom({ propertyName: 'a' }, { propertyName: 'b', mapping: { a: 'A' } }, 7),
        readOnly: fc.boolean(),
        nullable: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  ),
}));

const anyDocument = fc.record({ body: schema, answer: schema, A: schema, B: schema, C: schema }).map((parts) => {
  const content = (one: unknown) => ({ content: { 'application/json': { schema: one } } });
  const schemas = { A: parts.A, B: parts.B, C: parts.C };
  const responses = { 200: { description: 'Fine', ...content(parts.answer) } };
  return documentOf({ requestBody: content(parts.body), responses }, { components: { schemas } });
});

describe('any two documents', () => {
  test('can be compared, whatever their schemas refer to', () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, (old, now) => {
        const { counts, isComplete } = differenceOf({ old, new: now });
        expect(isComplete).toBe(true);
        expect(counts.error + counts.warning + counts.info).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 25 },
    );
  });

  test('do not differ from themselves', () => {
    fc.assert(
      fc.property(anyDocument, (one) => {
        expect(rulesOf({ old: one, new: structuredClone(one) })).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('may be no documents at all', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 5 }), fc.object({ maxDepth: 5 }), (a, b) => {
        const within = (value: object) => ({ ...documentOf({ ...value }), ...value });
        differenceOf({ old: within(a), new: within(b) });
      }),
      { numRuns: 25 },
    );
  });
});
