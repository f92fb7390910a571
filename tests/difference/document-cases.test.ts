import { describe, expect, test } from 'vitest';

import { documentRules } from '../../src/difference/document-rules.ts';
import { propertyRules } from '../../src/difference/property-rules.ts';
import { aspects, schemaRules } from '../../src/difference/schema-rules.ts';
import { accessCases } from './cases/access.ts';
import { documentWith } from './cases/case.ts';
import { operationCases } from './cases/operations.ts';
import { linkCases, structureCases } from './cases/structures.ts';
import { valueCases } from './cases/values.ts';
import { rulesOf, verdictOf } from './judge.ts';

const documents = [...operationCases, ...accessCases];
const schemas = [...valueCases, ...structureCases, ...linkCases];

test.each(documents)('$name', ({ old, new: now, forth, back, rules }) => {
  const pairs = [
    { old, new: now },
    { old: now, new: old },
  ] as const;
  expect(pairs.map(verdictOf)).toEqual([forth, back]);
  const [found, foundBack] = pairs.map(rulesOf);
  if (rules[0]) expect(found).toContain(rules[0]);
  if (rules[1]) expect(foundBack).toContain(rules[1]);
});

describe('every rule has a case', () => {
  const found = new Set([
    ...documents.flatMap(({ old, new: now }) => [...rulesOf({ old, new: now }), ...rulesOf({ old: now, new: old })]),
    ...schemas.flatMap((one) =>
      (['sent', 'received', 'parameter'] as const).flatMap((place) => {
        const old = documentWith(place, one.old, one.schemas?.old);
        const now = documentWith(place, one.new, one.schemas?.new);
        return [...rulesOf({ old, new: now }), ...rulesOf({ old: now, new: old })];
      }),
    ),
  ]);

  test.each(documentRules.map(({ id }) => id))('%s', (id) => {
    expect(found).toContain(id);
  });

  test.each(['request-property', 'response-property', 'request-parameter'])('%s', (place) => {
    expect(Object.keys(aspects).filter((aspect) => !found.has(`${place}-${aspect}`))).toEqual([]);
  });

  test('about properties', () => {
    const wanted = propertyRules.map(({ id }) => id).filter((id) => !/webhook|parameter/.test(id));
    expect(wanted.filter((id) => !found.has(id))).toEqual([]);
  });

  test('and one name each', () => {
    const names = [...documentRules, ...schemaRules, ...propertyRules].map(({ id }) => id);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
