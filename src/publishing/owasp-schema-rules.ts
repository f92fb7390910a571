import type { LintRule } from './lint-rule.ts';

/** What may be sent: API1, API3, API4 and API7 of the OWASP API Security Top 10 2023. */

type Node = Readonly<Record<string, unknown>>;

const ID_NAME = /^id$|(?:_|-)id$|[a-z]Id$/;
const URL_NAME =
  /^(?:url|uri|link|href|target|callback|redirect|webhook|endpoint|host)$|(?:url|uri|_callback|callback_url)$/i;

const is = (node: Node, type: string): boolean =>
  node.type === type || (Array.isArray(node.type) && node.type.includes(type));
const isFixed = (node: Node): boolean => node.enum !== undefined || node.const !== undefined;
const NUMBER_ENDS = ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'];

/** Parameters of OpenAPI 2.0 are schemas themselves. */
function onValues(check: (node: Node, report: (text: string, member?: string) => void) => void): LintRule['visitors'] {
  return () => ({
    Schema: (node, { report }) => check(node, report),
    Parameter(node, { report }) {
      if (node.schema === undefined && typeof node.type === 'string') check(node, report);
    },
  });
}

export const schemaRules: readonly LintRule[] = [
  {
    id: 'owasp-numeric-id',
    level: 'info',
    owasp: 'API1',
    title: 'Ids cannot be guessed',
    why: 'Whoever can count can ask for the next object. Use random ids, and check for each object whether the caller may see it.',
    visitors: () => ({
      Parameter(node, { report, resolve }) {
        const schema = resolve(node.schema) as Node | undefined;
        const isNumber = is(node, 'integer') || (typeof schema === 'object' && is(schema, 'integer'));
        if (node.in === 'path' && isNumber && ID_NAME.test(String(node.name)))
          report(`the id "${String(node.name)}" is a number`);
      },
    }),
  },
  {
    id: 'owasp-any-property',
    level: 'warning',
    owasp: 'API3',
    title: 'Objects name their properties',
    why: 'With "additionalProperties: true" callers can send members that were not meant for them, such as a role (mass assignment).',
    visitors: () => ({
      Schema(node, { report }) {
        if (node.properties !== undefined && node.additionalProperties === true)
          report('takes any further property', 'additionalProperties');
      },
    }),
  },
  {
    id: 'owasp-map-limit',
    level: 'info',
    owasp: 'API3',
    title: 'Maps have an end',
    why: 'An object with free names and no maxProperties can have a million of them.',
    visitors: () => ({
      Schema(node, { report }) {
        if (typeof node.additionalProperties === 'object' && node.maxProperties === undefined)
          report('has no maxProperties');
      },
    }),
  },
  {
    id: 'owasp-array-limit',
    level: 'info',
    owasp: 'API4',
    title: 'Arrays have an end',
    why: 'Without maxItems one call can ask for the work of millions.',
    visitors: onValues((node, report) => {
      if (is(node, 'array') && node.maxItems === undefined) report('has no maxItems');
    }),
  },
  {
    id: 'owasp-string-limit',
    level: 'info',
    owasp: 'API4',
    title: 'Texts have an end',
    why: 'Without maxLength, an enum or a const, a text can be as long as a body.',
    visitors: onValues((node, report) => {
      if (is(node, 'string') && !isFixed(node) && node.maxLength === undefined && node.format === undefined)
        report('has no maxLength');
    }),
  },
  {
    id: 'owasp-string-form',
    level: 'info',
    owasp: 'API4',
    title: 'Texts have a form',
    why: 'A format, a pattern or an enum tells the service what to refuse.',
    visitors: onValues((node, report) => {
      if (is(node, 'string') && !isFixed(node) && node.format === undefined && node.pattern === undefined)
        report('has neither format nor pattern');
    }),
  },
  {
    id: 'owasp-number-limit',
    level: 'info',
    owasp: 'API4',
    title: 'Whole numbers have ends',
    why: 'Without minimum and maximum, a page size of two billion is valid.',
    visitors: onValues((node, report) => {
      const ends = NUMBER_ENDS.filter((name) => node[name] !== undefined).length;
      if (is(node, 'integer') && !isFixed(node) && ends < 2) report('has no minimum, or no maximum');
    }),
  },
  {
    id: 'owasp-number-format',
    level: 'info',
    owasp: 'API4',
    title: 'Whole numbers say how wide they are',
    why: 'With "format: int32" or "int64" clients choose a type that does not overflow.',
    visitors: onValues((node, report) => {
      if (is(node, 'integer') && !isFixed(node) && node.format === undefined) report('has no format');
    }),
  },
  {
    id: 'owasp-url-parameter',
    level: 'warning',
    owasp: 'API7',
    title: 'Addresses that callers give are known to be dangerous',
    why: 'A service that calls an address from outside can be led to its own network. Allow known hosts only.',
    visitors: () => ({
      Parameter(node, { report }) {
        if (URL_NAME.test(String(node.name))) report(`takes an address in "${String(node.name).slice(0, 60)}"`);
      },
    }),
  },
];
