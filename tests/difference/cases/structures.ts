import { type SchemaCase, harmless, judged, narrows, replaces, same, unclear } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const of = (properties: object, rest: object = {}): object => ({ type: 'object', properties, ...rest });
const closed = { additionalProperties: false };
const card = { type: 'object', properties: { kind: { const: 'card' }, number: text }, required: ['kind'] };
const iban = { type: 'object', properties: { kind: { const: 'iban' }, iban: text }, required: ['kind'] };
const cash = { type: 'object', properties: { kind: { const: 'cash' }, amount: whole }, required: ['kind'] };
const both = (schemas: object) => ({ schemas: { old: schemas, new: schemas } });
const refs = both({ Card: card, Iban: iban, Cash: cash });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const mapped = (mapping: object, propertyName = 'kind') => ({
  oneOf: [ref('Card'), ref('Iban')],
  discriminator: { propertyName, mapping },
});
const toCard = '#/components/schemas/Card';
const toIban = '#/components/schemas/Iban';

/** Objects, lists, alternatives, conditions, references. */

// prettier-ignore
export const structureCases: readonly SchemaCase[] = [
  // Properties
  judged(['may break', 'safe'], ['may break', 'safe'])('an optional property is removed', of({ a: text, b: text }), of({ a: text }), 'removed', ''),
  judged(['may break', 'breaks'], ['breaks', 'safe'])('a required property is removed', of({ a: text, b: text }, { required: ['b'] }), of({ a: text }), 'removed', ''),
  judged(['breaks', 'safe'], ['may break', 'safe'])('a property is removed from a closed object', of({ a: text, b: text }, closed), of({ a: text }, closed), 'removed', ''),
  judged(['breaks', 'safe'], ['safe', 'breaks'])('a property becomes required', of({ a: text }), of({ a: text }, { required: ['a'] }), 'became-required', 'became-optional'),
  judged(['breaks', 'safe'], ['safe', 'breaks'])('a property becomes required though it has a default', of({ a: { ...text, default: '' } }), of({ a: { ...text, default: '' } }, { required: ['a'] }), 'became-required', 'became-optional'),
  judged(['breaks', 'may break'], ['safe', 'breaks'])('a name without a schema is required', of({}), of({}, { required: ['a'] }), '', 'removed'),
  same('the order of properties means nothing', of({ a: text, b: whole }), of({ b: whole, a: text })),
  same('the order of required names means nothing', of({ a: text, b: text }, { required: ['a', 'b'] }), of({ a: text, b: text }, { required: ['b', 'a'] })),
  judged(['breaks', 'safe'], ['safe', 'may break'])('other properties are forbidden', of({ a: text }), of({ a: text }, closed), 'additional-properties-forbidden', 'additional-properties-allowed'),
  narrows('other properties get a type', of({ a: text }), of({ a: text }, { additionalProperties: text }), 'list-of-types-narrowed', 'list-of-types-widened'),
  same('other properties were always permitted', of({ a: text }), of({ a: text }, { additionalProperties: true })),
  narrows('names get a rule', of({}), of({}, { patternProperties: { '^x-': text } }), 'pattern-property-added', 'pattern-property-removed'),
  replaces('a rule for names has another type', of({}, { patternProperties: { '^x-': text } }), of({}, { patternProperties: { '^x-': whole } }), 'type-changed', 'type-changed'),
  judged(['nothing', 'safe'], ['nothing', 'safe'])('a property becomes one of the others', of({ a: text }, { additionalProperties: text }), of({}, { additionalProperties: text }), '', 'optional'),
  narrows('names must be short', of({}), of({}, { propertyNames: { maxLength: 3 } }), 'property-names-added', 'property-names-removed'),
  unclear('names must be shorter', of({}, { propertyNames: { maxLength: 3 } }), of({}, { propertyNames: { maxLength: 2 } }), 'property-names-changed', 'property-names-changed'),
  narrows('at most two properties', of({}), of({}, { maxProperties: 2 }), 'max-properties-set', 'max-properties-unset'),
  narrows('at most one of two properties', of({}, { maxProperties: 2 }), of({}, { maxProperties: 1 }), 'max-properties-decreased', 'max-properties-increased'),
  narrows('at least one property', of({}), of({}, { minProperties: 1 }), 'min-properties-set', 'min-properties-unset'),
  narrows('at least two properties', of({}, { minProperties: 1 }), of({}, { minProperties: 2 }), 'min-properties-increased', 'min-properties-decreased'),
  narrows('one property needs another', of({}), of({}, { dependentRequired: { a: ['b'] } }), 'dependent-required-added', 'dependent-required-removed'),
  unclear('one property needs a third', of({}, { dependentRequired: { a: ['b'] } }), of({}, { dependentRequired: { a: ['c'] } }), 'dependent-required-changed', 'dependent-required-changed'),
  narrows('one property asks for a schema', of({}), of({}, { dependentSchemas: { a: of({ b: text }) } }), 'dependent-schema-added', 'dependent-schema-removed'),
  unclear('one property asks for another schema', of({}, { dependentSchemas: { a: of({ b: text }) } }), of({}, { dependentSchemas: { a: of({ b: whole }) } }), 'dependent-schema-changed', 'dependent-schema-changed'),
  narrows('nothing unevaluated', of({ a: text }), of({ a: text }, { unevaluatedProperties: false }), 'unevaluated-properties-added', 'unevaluated-properties-removed'),
  unclear('unevaluated ones have another type', of({}, { unevaluatedProperties: text }), of({}, { unevaluatedProperties: whole }), 'unevaluated-properties-changed', 'unevaluated-properties-changed'),
  // Read-only and write-only
  judged(['may break', 'safe'], ['nothing', 'nothing'])('a property becomes read-only', of({ a: text }), of({ a: { ...text, readOnly: true } }), 'optional-property-became-read-only', 'optional-property-became-not-read-only'),
  judged(['may break', 'breaks'], ['nothing', 'nothing'])('a required property becomes read-only', of({ a: text }, { required: ['a'] }), of({ a: { ...text, readOnly: true } }, { required: ['a'] }), 'required-property-became-read-only', 'required-property-became-not-read-only'),
  judged(['nothing', 'nothing'], ['may break', 'safe'])('a property becomes write-only', of({ a: text }), of({ a: { ...text, writeOnly: true } }), 'optional-property-became-write-only', 'became-not-write-only'),
  judged(['nothing', 'nothing'], ['breaks', 'safe'])('a required property becomes write-only', of({ a: text }, { required: ['a'] }), of({ a: { ...text, writeOnly: true } }, { required: ['a'] }), 'required-property-became-write-only', 'became-not-write-only'),
  judged(['nothing', 'nothing'], ['safe', 'breaks'])('a read-only property becomes required', of({ a: { ...text, readOnly: true } }), of({ a: { ...text, readOnly: true } }, { required: ['a'] }), 'became-required', 'became-optional'),
  judged(['nothing', 'nothing'], ['may break', 'safe'])('a read-only property is removed', of({ a: { ...text, readOnly: true } }), of({}), 'optional-property-removed', 'optional-property-added'),
  judged(['may break', 'safe'], ['nothing', 'nothing'])('a write-only property is removed', of({ a: { ...text, writeOnly: true } }), of({}), 'removed', 'new-optional'),
  // Lists
  replaces('items have another type', { type: 'array', items: text }, { type: 'array', items: whole }, 'type-changed', 'type-changed'),
  narrows('items get a type', { type: 'array' }, { type: 'array', items: text }, 'list-of-types-narrowed', 'list-of-types-widened'),
  narrows('at most nine items', { type: 'array' }, { type: 'array', maxItems: 9 }, 'max-items-set', 'max-items-unset'),
  narrows('at most eight items', { type: 'array', maxItems: 9 }, { type: 'array', maxItems: 8 }, 'max-items-decreased', 'max-items-increased'),
  narrows('at least one item', { type: 'array' }, { type: 'array', minItems: 1 }, 'min-items-set', 'min-items-unset'),
  narrows('at least two items', { type: 'array', minItems: 1 }, { type: 'array', minItems: 2 }, 'min-items-increased', 'min-items-decreased'),
  narrows('no item twice', { type: 'array' }, { type: 'array', uniqueItems: true }, 'unique-items-set', 'unique-items-unset'),
  replaces('the second item has another type', { type: 'array', prefixItems: [text, text] }, { type: 'array', prefixItems: [text, whole] }, 'type-changed', 'type-changed'),
  narrows('a third item gets a type', { type: 'array', prefixItems: [text] }, { type: 'array', prefixItems: [text, text] }, 'list-of-types-narrowed', 'list-of-types-widened'),
  narrows('one item must match', { type: 'array' }, { type: 'array', contains: text }, 'contains-added', 'contains-removed'),
  unclear('one item must match otherwise', { type: 'array', contains: text }, { type: 'array', contains: whole }, 'contains-changed', 'contains-changed'),
  narrows('two items must match', { type: 'array', contains: text }, { type: 'array', contains: text, minContains: 2 }, 'min-contains-set', 'min-contains-unset'),
  narrows('three items must match', { type: 'array', contains: text, minContains: 2 }, { type: 'array', contains: text, minContains: 3 }, 'min-contains-increased', 'min-contains-decreased'),
  narrows('at most four items match', { type: 'array', contains: text }, { type: 'array', contains: text, maxContains: 4 }, 'max-contains-set', 'max-contains-unset'),
  narrows('at most three items match', { type: 'array', contains: text, maxContains: 4 }, { type: 'array', contains: text, maxContains: 3 }, 'max-contains-decreased', 'max-contains-increased'),
  narrows('no unevaluated items', { type: 'array' }, { type: 'array', unevaluatedItems: false }, 'unevaluated-items-added', 'unevaluated-items-removed'),
  unclear('unevaluated items have another type', { type: 'array', unevaluatedItems: text }, { type: 'array', unevaluatedItems: whole }, 'unevaluated-items-changed', 'unevaluated-items-changed'),
  // Alternatives
  narrows('one of three becomes one of two', { oneOf: [card, iban, cash] }, { oneOf: [card, iban] }, 'one-of-removed', 'one-of-added'),
  narrows('any of three becomes any of two', { anyOf: [card, iban, cash] }, { anyOf: [card, iban] }, 'any-of-removed', 'any-of-added'),
  narrows('one of two becomes the one', { oneOf: [card, iban] }, card, 'one-of-removed', 'one-of-added'),
  narrows('any of two becomes the one', { anyOf: [card, iban] }, card, 'any-of-removed', 'any-of-added'),
  replaces('two alternatives, none like before', whole, { oneOf: [text, { type: 'boolean' }] }, 'one-of-introduced', 'one-of-dropped'),
  replaces('any of two, none like before', whole, { anyOf: [text, { type: 'boolean' }] }, 'any-of-introduced', 'any-of-dropped'),
  same('the order of alternatives means nothing', { oneOf: [card, iban] }, { oneOf: [iban, card] }),
  same('an only alternative is what it is', { oneOf: [card] }, card),
  replaces('an alternative changes within', { oneOf: [card, text] }, { oneOf: [{ ...card, properties: { kind: { const: 'card' }, number: whole } }, text] }, 'type-changed', 'type-changed'),
  unclear('any of becomes one of', { anyOf: [card, iban] }, { oneOf: [card, iban] }, 'any-of-became-one-of', 'one-of-became-any-of'),
];

/** Discriminators, conditions and references. */

// prettier-ignore
export const linkCases: readonly SchemaCase[] = [
  judged(['safe', 'may break'], ['safe', 'may break'])('a discriminator appears', { oneOf: [ref('Card'), ref('Iban')] }, mapped({ card: toCard, iban: toIban }), 'discriminator-added', 'discriminator-removed', refs),
  replaces('the discriminator is another property', mapped({}), mapped({}, 'type'), 'discriminator-property-name-changed', 'discriminator-property-name-changed', refs),
  judged(['breaks', 'safe'], ['safe', 'safe'])('a name of the discriminator is gone', mapped({ card: toCard, plastic: toCard }), mapped({ card: toCard }), 'discriminator-mapping-deleted', 'discriminator-mapping-added', refs),
  replaces('a name of the discriminator means another schema', mapped({ x: toCard }), mapped({ x: toIban }), 'discriminator-mapping-changed', 'discriminator-mapping-changed', refs),
  narrows('a condition "not"', text, { ...text, not: { const: 'a' } }, 'not-added', 'not-removed'),
  unclear('another condition "not"', { ...text, not: { const: 'a' } }, { ...text, not: { const: 'b' } }, 'not-changed', 'not-changed'),
  narrows('a condition "if"', of({}), of({}, { if: { required: ['a'] }, then: { required: ['b'] } }), 'if-added', 'if-removed'),
  unclear('another condition "if"', of({}, { if: { required: ['a'] }, then: { required: ['b'] } }), of({}, { if: { required: ['c'] }, then: { required: ['b'] } }), 'if-changed', 'if-changed'),
  narrows('a condition "then"', of({}, { if: { required: ['a'] } }), of({}, { if: { required: ['a'] }, then: { required: ['b'] } }), 'then-added', 'then-removed'),
  unclear('another condition "then"', of({}, { if: { required: ['a'] }, then: { required: ['b'] } }), of({}, { if: { required: ['a'] }, then: { required: ['c'] } }), 'then-changed', 'then-changed'),
  narrows('a condition "else"', of({}, { if: { required: ['a'] } }), of({}, { if: { required: ['a'] }, else: { required: ['b'] } }), 'else-added', 'else-removed'),
  unclear('another condition "else"', of({}, { if: { required: ['a'] }, else: { required: ['b'] } }), of({}, { if: { required: ['a'] }, else: { required: ['c'] } }), 'else-changed', 'else-changed'),
  same('a component is what it holds', ref('Card'), card, refs),
  same('a component is only called otherwise', ref('Card'), ref('Karte'), {
    schemas: { old: { Card: card }, new: { Karte: card } },
  }),
  same('alternatives are only called otherwise', { oneOf: [ref('A'), ref('B')] }, { oneOf: [ref('C'), ref('D')] }, { schemas: { old: { A: card, B: iban }, new: { C: card, D: iban } } }),
  replaces('a component changes within', ref('A'), ref('A'), 'type-changed', 'type-changed', {
    schemas: { old: { A: text }, new: { A: whole } },
  }),
  replaces('another component is used', ref('A'), ref('B'), 'type-changed', 'type-changed', both({ A: text, B: whole })),
  same('all of one is that one', { allOf: [ref('Card')] }, ref('Card'), refs),
  same('all of two is both of them in one', { allOf: [of({ a: text }), of({ b: text }, { required: ['b'] })] }, of({ a: text, b: text }, { required: ['b'] })),
  narrows('all of gets a tighter part', { allOf: [text] }, { allOf: [text, { maxLength: 3 }] }, 'max-length-set', 'max-length-unset'),
  same('a looser part adds nothing', { ...text, maxLength: 3 }, { allOf: [{ ...text, maxLength: 3 }, { maxLength: 5 }] }),
  judged(['breaks', 'safe'], ['safe', 'breaks'])('a part of all makes a property required', { allOf: [of({ a: text })] }, { allOf: [of({ a: text }), { required: ['a'] }] }, 'became-required', 'became-optional'),
  narrows('a limit beside a reference', ref('A'), { ...ref('A'), maxLength: 3 }, 'max-length-set', 'max-length-unset', both({ A: text })),
  harmless('a description beside a reference', ref('A'), { ...ref('A'), description: 'Mine' }, 'description-changed', 'description-changed', both({ A: text })),
  narrows('a circle with a change in it', ref('Node'), ref('Node'), 'max-length-set', 'max-length-unset', {
    schemas: {
      old: { Node: of({ next: ref('Node'), name: text }) },
      new: { Node: of({ next: ref('Node'), name: { ...text, maxLength: 3 } }) },
    },
  }),
  same('a circle through another name', ref('Node'), ref('Knot'), {
    schemas: { old: { Node: of({ next: ref('Node') }) }, new: { Knot: of({ next: ref('Knot') }) } },
  }),
];
