import type { LintRuleText } from './lint-rule.ts';

/**
 * Rules of the linter (its names) that say whether a document is right and pleasant to read. Those that check examples
 * against schemas are left out: they would run regular expressions of whoever wrote the document.
 */
export const qualityRules = {
  struct: {
    level: 'error',
    title: 'Everything stands where the specification puts it',
    why: 'A member that is unknown, missing or of the wrong kind is ignored by tools, or read in different ways.',
  },
  'no-unresolved-refs': {
    level: 'error',
    title: 'Every reference leads somewhere',
    why: 'Readers and generators of clients stop at a reference that leads nowhere.',
  },
  'no-identical-paths': {
    level: 'error',
    title: 'No two paths are the same',
    why: 'Paths that differ in the names of parameters only are one path: which operation answers is chance.',
  },
  'path-parameters-defined': {
    level: 'error',
    title: 'Every parameter of a path is described',
    why: 'A caller cannot know what to put into the braces.',
  },
  'path-not-include-query': {
    level: 'error',
    title: 'Paths have no query',
    why: 'Describe what comes after the question mark as parameters with "in: query".',
  },
  'operation-parameters-unique': {
    level: 'error',
    title: 'Parameters are listed once',
    why: 'Which of two descriptions counts is chance.',
  },
  'no-enum-type-mismatch': {
    level: 'error',
    title: 'Values of an enum fit its type',
    why: 'A value that can never be valid misleads callers and generators.',
  },
  'no-schema-type-mismatch': {
    level: 'error',
    title: 'Schemas have the type of what they describe',
    why: 'Members of an array in an object, or the other way round, are never checked.',
  },
  'security-scopes-defined': {
    level: 'error',
    title: 'Scopes that operations ask for are defined',
    why: 'Nobody can be given a scope that no scheme lists.',
  },
  'no-ambiguous-paths': {
    level: 'warning',
    title: 'Each address matches one path',
    why: 'A gateway may choose another path than the service does, and with it other limits and scopes.',
  },
  'no-path-trailing-slash': {
    level: 'warning',
    title: 'Paths do not end in a slash',
    why: 'Some gateways treat both forms as one, others do not.',
  },
  'no-duplicated-enum-values': {
    level: 'warning',
    title: 'Values of an enum stand once',
    why: 'Generated code does not compile with the same name twice.',
  },
  'no-required-schema-properties-undefined': {
    level: 'warning',
    title: 'Required properties are described',
    why: 'Callers must send, or get, something about which the document says nothing.',
  },
  'no-illogical-composition-keywords': {
    level: 'warning',
    title: 'oneOf, anyOf and allOf choose between several',
    why: 'With one schema there is nothing to choose: use it directly.',
  },
  'no-mixed-number-range-constraints': {
    level: 'warning',
    title: 'A range has one lower and one upper end',
    why: 'minimum together with exclusiveMinimum is read in different ways.',
  },
  'nullable-type-sibling': {
    level: 'warning',
    title: 'nullable stands beside a type',
    why: 'Without a type, nullable means nothing.',
  },
  'operation-2xx-response': {
    level: 'warning',
    title: 'Operations say what success looks like',
    why: 'Describe at least one answer with a status of 2xx.',
  },
  'operation-operationId': {
    level: 'warning',
    title: 'Operations have an operationId',
    why: 'Addresses, counters and policies call an operation by it. Without one it changes when the path does.',
  },
  'operation-summary': {
    level: 'warning',
    title: 'Operations have a summary',
    why: 'It is the title of the page, and what people search for.',
  },
  'no-unsafe-markdown': {
    level: 'warning',
    title: 'Descriptions hold no scripts',
    why: 'This portal removes them, other readers of the document may run them.',
  },
  'operation-4xx-response': {
    level: 'info',
    title: 'Operations say what refusals look like',
    why: 'Describe at least one answer with a status of 4xx, so that callers can handle it.',
  },
  'no-unused-components': {
    level: 'info',
    title: 'Shared parts are used',
    why: 'What nothing refers to is often a reference that was forgotten.',
  },
  'tag-description': {
    level: 'info',
    title: 'Tags have a description',
    why: 'It introduces the page of the tag.',
  },
  'parameter-description': {
    level: 'info',
    title: 'Parameters have a description',
    why: 'A name alone seldom says what a value does.',
  },
} as const satisfies Record<string, LintRuleText>;
