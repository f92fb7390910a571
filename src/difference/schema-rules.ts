import { type Effect, type Level, type Rule, levelOf, whyOf } from './rule.ts';

/** Where a schema stands, as the first part of rule names. */
export type Place =
  | 'request-body'
  | 'request-property'
  | 'request-parameter'
  | 'request-parameter-property'
  | 'response-body'
  | 'response-property'
  | 'response-header'
  | 'webhook-body'
  | 'webhook-property'
  | 'webhook-response-body'
  | 'webhook-response-property';

/** `isSent`: clients make the values. They receive what webhooks and callbacks carry, and send the answers to them. */
export const places: Readonly<Record<Place, { isSent: boolean; property: Place; prefix: string }>> = {
  'request-body': { isSent: true, property: 'request-property', prefix: 'request' },
  'request-property': { isSent: true, property: 'request-property', prefix: 'request' },
  'request-parameter': { isSent: true, property: 'request-parameter-property', prefix: 'request-parameter' },
  'request-parameter-property': { isSent: true, property: 'request-parameter-property', prefix: 'request-parameter' },
  'response-body': { isSent: false, property: 'response-property', prefix: 'response' },
  'response-property': { isSent: false, property: 'response-property', prefix: 'response' },
  'response-header': { isSent: false, property: 'response-property', prefix: 'response' },
  'webhook-body': { isSent: false, property: 'webhook-property', prefix: 'webhook' },
  'webhook-property': { isSent: false, property: 'webhook-property', prefix: 'webhook' },
  'webhook-response-body': { isSent: true, property: 'webhook-response-property', prefix: 'webhook-response' },
  'webhook-response-property': { isSent: true, property: 'webhook-response-property', prefix: 'webhook-response' },
};

type Aspects = Readonly<Record<string, readonly [Effect, string]>>;
type Aspect = readonly [string, readonly [Effect, string]];

const highest: Readonly<Record<string, string>> = {
  max: 'greatest value',
  'exclusive-max': 'value that it must stay below',
  'max-length': 'greatest length',
  'max-items': 'greatest number of items',
  'max-properties': 'greatest number of properties',
  'max-contains': 'greatest number of matching items',
};
const lowest: Readonly<Record<string, string>> = {
  min: 'least value',
  'exclusive-min': 'value that it must exceed',
  'min-length': 'least length',
  'min-items': 'least number of items',
  'min-properties': 'least number of properties',
  'min-contains': 'least number of matching items',
};

function bounds(names: Readonly<Record<string, string>>, down: Effect, up: Effect): Aspects {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, words]): Aspect[] => [
      [`${name}-set`, ['narrows', `got a ${words}: {to}`]],
      [`${name}-unset`, ['widens', `lost its ${words}, which was {from}`]],
      [`${name}-decreased`, [down, `has its ${words} lowered from {from} to {to}`]],
      [`${name}-increased`, [up, `has its ${words} raised from {from} to {to}`]],
    ]),
  );
}

/** Keywords that are compared as a whole: having one narrows. */
export const wholeKeywords = {
  not: 'not',
  if: 'if',
  then: 'then',
  else: 'else',
  contains: 'contains',
  propertyNames: 'property-names',
  dependentRequired: 'dependent-required',
  dependentSchemas: 'dependent-schema',
  contentMediaType: 'content-media-type',
  contentEncoding: 'content-encoding',
  contentSchema: 'content-schema',
  unevaluatedItems: 'unevaluated-items',
  unevaluatedProperties: 'unevaluated-properties',
} as const;

const whole: Aspects = Object.fromEntries(
  Object.entries(wholeKeywords).flatMap(([keyword, name]): Aspect[] => [
    [`${name}-added`, ['narrows', `got the condition "${keyword}"`]],
    [`${name}-removed`, ['widens', `lost the condition "${keyword}"`]],
    [`${name}-changed`, ['unclear', `has another condition "${keyword}"`]],
  ]),
);

const choices: Aspects = Object.fromEntries(
  (['one-of', 'any-of'] as const).flatMap((name): Aspect[] => [
    [`${name}-added`, ['widens', 'can be one more alternative: {to}']],
    [`${name}-removed`, ['narrows', 'can no longer be this alternative: {from}']],
    [`${name}-introduced`, ['replaces', 'is now one of several alternatives, none like before: {to}']],
    [`${name}-dropped`, ['replaces', 'was one of several alternatives, none like now: {from}']],
  ]),
);

/** What can happen to any schema. `{place}-{aspect}` is the rule. */
export const aspects: Aspects = {
  'type-changed': ['replaces', 'changed its type from {from} to {to}'],
  'type-generalized': ['widens', 'widened its type from {from} to {to}'],
  'type-specialized': ['narrows', 'narrowed its type from {from} to {to}'],
  'list-of-types-widened': ['widens', 'may have more types: {from} before, {to} now'],
  'list-of-types-narrowed': ['narrows', 'may have fewer types: {from} before, {to} now'],
  'became-nullable': ['widens', 'may be null now'],
  'became-not-nullable': ['narrows', 'may no longer be null'],
  'became-enum': ['narrows', 'is limited to these values now: {to}'],
  'enum-removed': ['widens', 'is no longer limited to these values: {from}'],
  'enum-value-added': ['widens', 'may have these values as well: {to}'],
  'enum-value-removed': ['narrows', 'may no longer have these values: {from}'],
  'const-added': ['narrows', 'must be {to} now'],
  'const-removed': ['widens', 'need no longer be {from}'],
  'const-changed': ['replaces', 'must be {to} in place of {from}'],
  ...bounds(highest, 'narrows', 'widens'),
  ...bounds(lowest, 'widens', 'narrows'),
  'multiple-of-set': ['narrows', 'must be a multiple of {to} now'],
  'multiple-of-unset': ['widens', 'need no longer be a multiple of {from}'],
  'multiple-of-narrowed': ['narrows', 'must be a multiple of {to}, no longer just of {from}'],
  'multiple-of-widened': ['widens', 'must be a multiple of {to}, no longer of {from}'],
  'multiple-of-changed': ['replaces', 'must be a multiple of {to} in place of {from}'],
  'unique-items-set': ['narrows', 'may no longer have an item twice'],
  'unique-items-unset': ['widens', 'may have an item twice now'],
  'pattern-added': ['narrows', 'must match {to} now'],
  'pattern-removed': ['widens', 'need no longer match {from}'],
  'pattern-generalized': ['widens', 'matched {from}, and may be any text now'],
  'pattern-changed': ['unclear', 'must match {to} in place of {from}'],
  'additional-properties-forbidden': ['narrows', 'may no longer have properties that are not named'],
  'additional-properties-allowed': ['widens', 'may have properties that are not named'],
  'pattern-property-added': ['narrows', 'got a rule for properties that match {to}'],
  'pattern-property-removed': ['widens', 'lost the rule for properties that match {from}'],
  ...choices,
  'any-of-became-one-of': ['unclear', 'must match exactly one alternative, where several were fine before'],
  'one-of-became-any-of': ['unclear', 'may match several alternatives at once, where it was exactly one before'],
  'discriminator-added': ['none', 'got a discriminator: {to}'],
  'discriminator-removed': ['unclear', 'lost its discriminator {from}'],
  'discriminator-property-name-changed': ['replaces', 'has its discriminator changed from {from} to {to}'],
  'discriminator-mapping-added': ['none', 'got names of the discriminator: {to}'],
  'discriminator-mapping-deleted': ['narrows', 'lost names of the discriminator: {from}'],
  'discriminator-mapping-changed': ['replaces', 'has names of the discriminator that mean another schema: {to}'],
  ...whole,
  'xml-changed': ['unclear', 'is written otherwise in XML'],
  'default-value-added': ['none', 'has a default value now: {to}'],
  'default-value-removed': ['none', 'has no default value any more; it was {from}'],
  'default-value-changed': ['none', 'has another default value: {to} in place of {from}'],
  deprecated: ['none', 'is deprecated now'],
  reactivated: ['none', 'is no longer deprecated'],
  'description-changed': ['none', 'is described otherwise'],
  'examples-changed': ['none', 'has other examples'],
};

/** Where the effect alone does not tell the level. */
const levels: Readonly<Record<string, Level>> = {
  // An opened object permits what clients are told to leave alone; some refuse it.
  'response-body-additional-properties-allowed': 'warning',
  'response-property-additional-properties-allowed': 'warning',
  'response-header-additional-properties-allowed': 'warning',
  'webhook-body-additional-properties-allowed': 'warning',
  'webhook-property-additional-properties-allowed': 'warning',
  // Who leaves it out gets another answer.
  'request-parameter-default-value-added': 'warning',
  'request-parameter-default-value-removed': 'warning',
  'request-parameter-default-value-changed': 'error',
  'request-parameter-property-default-value-changed': 'warning',
  'request-body-default-value-changed': 'warning',
  'request-property-default-value-changed': 'warning',
};

const byDefault: Readonly<Record<string, string>> = {
  error: 'A client that leaves it out gets another answer than before.',
  warning: 'Whether clients break depends on what the documents do not say.',
  info: 'It changes nothing about what may be sent.',
};

export function aspectRule(place: Place, aspect: string): Rule {
  const [effect, text] = aspects[aspect] ?? ['unclear', aspect];
  const { isSent } = places[place];
  const id = `${place}-${aspect}`;
  const special = levels[id];
  if (special) return { id, level: special, text, why: byDefault[special] ?? '' };
  return { id, level: levelOf(effect, isSent), text, why: whyOf(effect, isSent) };
}

export const schemaRules: readonly Rule[] = (Object.keys(places) as Place[]).flatMap((place) =>
  Object.keys(aspects).map((aspect) => aspectRule(place, aspect)),
);
