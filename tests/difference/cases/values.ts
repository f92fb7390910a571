import { type SchemaCase, harmless, judged, narrows, replaces, same, unclear } from './case.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const number = { type: 'number' };
const list = { type: 'array', items: text };
const object = { type: 'object' };

/** Types, formats, null, lists of values, bounds, patterns. */

// prettier-ignore
export const valueCases: readonly SchemaCase[] = [
  // Types
  replaces('a text becomes a number', text, number, 'type-changed', 'type-changed'),
  replaces('an object becomes a list', object, list, 'type-changed', 'type-changed'),
  narrows('a number becomes an integer', number, whole, 'type-specialized', 'type-generalized'),
  narrows('any type becomes text', {}, text, 'list-of-types-narrowed', 'list-of-types-widened'),
  narrows('text or number becomes text', { type: ['string', 'number'] }, text, 'list-of-types-narrowed', 'list-of-types-widened'),
  narrows('number or text becomes integer or text', { type: ['number', 'string'] }, { type: ['integer', 'string'] }, 'list-of-types-narrowed', 'list-of-types-widened'),
  replaces('text or number becomes text or boolean', { type: ['string', 'number'] }, { type: ['string', 'boolean'] }, 'type-changed', 'type-changed'),
  same('a list of one type is that type', { type: ['string'] }, text),
  same('the order of types means nothing', { type: ['string', 'number'] }, { type: ['number', 'string'] }),
  same('integer beside number adds nothing', { type: ['number', 'integer'] }, number),
  same('who names properties means an object', { properties: { a: text } }, { type: 'object', properties: { a: text } }),
  same('who names items means a list', { items: text }, list),
  same('a schema true permits everything', true, {}),
  narrows('nothing is permitted any more', text, false, 'list-of-types-narrowed', 'list-of-types-widened'),
  // Formats
  narrows('text becomes a date', text, { ...text, format: 'date' }, 'type-specialized', 'type-generalized'),
  replaces('a date becomes a time', { ...text, format: 'date' }, { ...text, format: 'date-time' }, 'type-changed', 'type-changed'),
  narrows('int64 becomes int32', { ...whole, format: 'int64' }, { ...whole, format: 'int32' }, 'type-specialized', 'type-generalized'),
  narrows('double becomes float', { ...number, format: 'double' }, { ...number, format: 'float' }, 'type-specialized', 'type-generalized'),
  replaces('uuid becomes email', { ...text, format: 'uuid' }, { ...text, format: 'email' }, 'type-changed', 'type-changed'),
  // Null
  narrows('null is no longer permitted', { type: ['string', 'null'] }, text, 'became-not-nullable', 'became-nullable'),
  narrows('null as an alternative is dropped', { oneOf: [text, { type: 'null' }] }, text, 'became-not-nullable', 'became-nullable'),
  narrows('null as any of two is dropped', { anyOf: [{ type: 'null' }, list] }, list, 'became-not-nullable', 'became-nullable'),
  same('three ways to permit null', { type: ['string', 'null'] }, { oneOf: [{ type: 'null' }, text] }),
  same('null as a value among others', { type: ['string', 'null'], enum: ['a', null] }, { anyOf: [{ const: null }, { type: 'string', enum: ['a'] }] }),
  narrows('null leaves the list of values', { enum: ['a', null] }, { enum: ['a'] }, 'became-not-nullable', 'became-nullable'),
  // Lists of values
  narrows('a value is removed', { enum: ['a', 'b'] }, { enum: ['a'] }, 'enum-value-removed', 'enum-value-added'),
  judged(['breaks', 'breaks'], ['breaks', 'breaks'])('a value is exchanged', { enum: ['a', 'b'] }, { enum: ['a', 'c'] }, 'enum-value-removed', 'enum-value-removed'),
  narrows('text is limited to values', text, { ...text, enum: ['a'] }, 'became-enum', 'enum-removed'),
  narrows('text must be one value', text, { ...text, const: 'a' }, 'const-added', 'const-removed'),
  replaces('it must be another value', { const: 'a' }, { const: 'b' }, 'const-changed', 'const-changed'),
  same('one value is a constant', { ...text, enum: ['a'] }, { ...text, const: 'a' }),
  narrows('two values become a constant', { enum: ['a', 'b'] }, { const: 'a' }, 'enum-value-removed', 'enum-value-added'),
  same('the order of values means nothing', { enum: ['a', 'b'] }, { enum: ['b', 'a'] }),
  same('the type of values need not be said', { enum: ['a', 'b'] }, { ...text, enum: ['a', 'b'] }),
  same('values are compared by what they hold', { enum: [{ a: 1, b: 2 }] }, { enum: [{ b: 2, a: 1 }] }),
  // Bounds of numbers
  narrows('a greatest value is set', whole, { ...whole, maximum: 9 }, 'max-set', 'max-unset'),
  narrows('the greatest value is lowered', { ...whole, maximum: 9 }, { ...whole, maximum: 8 }, 'max-decreased', 'max-increased'),
  narrows('a least value is set', whole, { ...whole, minimum: 1 }, 'min-set', 'min-unset'),
  narrows('the least value is raised', { ...whole, minimum: 1 }, { ...whole, minimum: 2 }, 'min-increased', 'min-decreased'),
  narrows('an exclusive greatest value is set', number, { ...number, exclusiveMaximum: 9 }, 'exclusive-max-set', 'exclusive-max-unset'),
  narrows('the exclusive greatest value is lowered', { ...number, exclusiveMaximum: 9 }, { ...number, exclusiveMaximum: 8 }, 'exclusive-max-decreased', 'exclusive-max-increased'),
  narrows('an exclusive least value is set', number, { ...number, exclusiveMinimum: 0 }, 'exclusive-min-set', 'exclusive-min-unset'),
  narrows('the exclusive least value is raised', { ...number, exclusiveMinimum: 0 }, { ...number, exclusiveMinimum: 1 }, 'exclusive-min-increased', 'exclusive-min-decreased'),
  narrows('the greatest value is excluded', { ...number, maximum: 9 }, { ...number, exclusiveMaximum: 9 }, 'exclusive-max-set', 'exclusive-max-unset'),
  same('below 10 is at most 9 for an integer', { ...whole, exclusiveMaximum: 10 }, { ...whole, maximum: 9 }),
  same('above 0 is at least 1 for an integer', { ...whole, exclusiveMinimum: 0 }, { ...whole, minimum: 1 }),
  narrows('multiples of 5 only', number, { ...number, multipleOf: 5 }, 'multiple-of-set', 'multiple-of-unset'),
  narrows('multiples of 10, no longer of 5', { ...number, multipleOf: 5 }, { ...number, multipleOf: 10 }, 'multiple-of-narrowed', 'multiple-of-widened'),
  replaces('multiples of 3 in place of 2', { ...number, multipleOf: 2 }, { ...number, multipleOf: 3 }, 'multiple-of-changed', 'multiple-of-changed'),
  same('an integer is a multiple of 1', whole, { ...whole, multipleOf: 1 }),
  // Texts
  narrows('a greatest length is set', text, { ...text, maxLength: 9 }, 'max-length-set', 'max-length-unset'),
  narrows('the greatest length is lowered', { ...text, maxLength: 9 }, { ...text, maxLength: 8 }, 'max-length-decreased', 'max-length-increased'),
  narrows('a least length is set', text, { ...text, minLength: 1 }, 'min-length-set', 'min-length-unset'),
  narrows('the least length is raised', { ...text, minLength: 1 }, { ...text, minLength: 2 }, 'min-length-increased', 'min-length-decreased'),
  same('no text is shorter than nothing', text, { ...text, minLength: 0 }),
  narrows('a pattern is added', text, { ...text, pattern: '^a' }, 'pattern-added', 'pattern-removed'),
  unclear('the pattern is another one', { ...text, pattern: '^a' }, { ...text, pattern: '^b' }, 'pattern-changed', 'pattern-changed'),
  narrows('any text had to match, now a pattern', { ...text, pattern: '.*' }, { ...text, pattern: '^a' }, 'pattern-added', 'pattern-generalized'),
  same('a pattern that everything matches is none', text, { ...text, pattern: '.*' }),
  narrows('text is a file in base64', text, { ...text, contentEncoding: 'base64' }, 'content-encoding-added', 'content-encoding-removed'),
  unclear('another encoding', { ...text, contentEncoding: 'base64' }, { ...text, contentEncoding: 'base32' }, 'content-encoding-changed', 'content-encoding-changed'),
  narrows('text is a picture', text, { ...text, contentMediaType: 'image/png' }, 'content-media-type-added', 'content-media-type-removed'),
  unclear('another kind of picture', { ...text, contentMediaType: 'image/png' }, { ...text, contentMediaType: 'image/gif' }, 'content-media-type-changed', 'content-media-type-changed'),
  narrows('the JSON within text gets a schema', text, { ...text, contentSchema: object }, 'content-schema-added', 'content-schema-removed'),
  unclear('the JSON within text gets another schema', { ...text, contentSchema: object }, { ...text, contentSchema: list }, 'content-schema-changed', 'content-schema-changed'),
  // Said about it
  harmless('a description', { ...text, description: 'A' }, { ...text, description: 'B' }, 'description-changed', 'description-changed'),
  harmless('a title', text, { ...text, title: 'Title' }, 'description-changed', 'description-changed'),
  harmless('an example', text, { ...text, example: 'a' }, 'examples-changed', 'examples-changed'),
  harmless('a deprecation', text, { ...text, deprecated: true }, 'deprecated', 'reactivated'),
  harmless('a default value appears', text, { ...text, default: 'a' }, 'default-value-added', 'default-value-removed'),
  judged(['may break', 'may break'], ['safe', 'safe'])('another default value', { ...text, default: 'a' }, { ...text, default: 'b' }, 'default-value-changed', 'default-value-changed'),
  unclear('it is written otherwise in XML', text, { ...text, xml: { attribute: true } }, 'xml-changed', 'xml-changed'),
];
