import { describe, expect, test } from 'vitest';

import { type SchemaCase, documentWith } from './cases/case.ts';
import { linkCases, structureCases } from './cases/structures.ts';
import { valueCases } from './cases/values.ts';
import { rulesOf, verdictOf } from './judge.ts';

const cases = [...valueCases, ...structureCases, ...linkCases];

describe.each(['sent', 'received'] as const)('a schema that clients have %s', (place) => {
  test.each(cases)('$name', (one) => {
    const { forth, back } = pairOf(place, one);
    expect([verdictOf(forth), verdictOf(back)]).toEqual(one[place]);
    if (one[place][0] !== 'nothing') expect(rulesOf(forth).join(' ')).toContain(one.rules[0]);
    if (one[place][1] !== 'nothing') expect(rulesOf(back).join(' ')).toContain(one.rules[1]);
  });
});

function pairOf(place: 'sent' | 'received', one: SchemaCase) {
  const old = documentWith(place, one.old, one.schemas?.old);
  const now = documentWith(place, one.new, one.schemas?.new);
  return { forth: { old, new: now }, back: { old: now, new: old } };
}
