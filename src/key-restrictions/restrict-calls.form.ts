import { z } from 'zod';

import { type Parsed, typedValues } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import type { KeyOperation, KeyRestrictions } from './key-restrictions.ts';
import { type Proof, proofFields } from './restrict-key.form.ts';
import { methodsList, operationsList, referrersList, scopesList } from './restrictions.form.ts';

export interface RestrictCallsRequest extends Proof {
  change: Omit<KeyRestrictions, 'allowlist'>;
}

/** Boxes that are ticked share a name; the form keeps them as lines of one field. */
const TICKED = ['scope', 'method', 'operation'] as const;

const SECRET_FIELDS = ['password', 'code'];

const lines = (text: string): string[] =>
  text
    .split(/[\r\n,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

const choice = (what: string) => z.enum(['all', 'some'], `Choose all ${what}, or only some.`);
const ticked = z.string().max(100_000).default('').transform(lines);

const schema = z
  .strictObject({
    scopes: choice('scopes'),
    scope: ticked.pipe(scopesList),
    methods: choice('methods'),
    method: ticked.pipe(methodsList),
    operations: choice('operations'),
    operation: ticked.transform((texts) => texts.map(readOperation)).pipe(operationsList),
    referrers: z
      .string('The list of sites is missing. Reload the page.')
      .max(10_000, 'Use 10000 characters or fewer.')
      .transform(lines)
      .pipe(referrersList),
    ...proofFields,
  })
  .transform(({ scopes, scope, methods, method, operations, operation, referrers, ...proof }) => ({
    change: {
      scopes: scopes === 'some' ? scope : [],
      methods: methods === 'some' ? method : [],
      operations: operations === 'some' ? operation : [],
      referrers,
    },
    ...proof,
  }));

/**
 * Fields: `scopes`, `methods` and `operations`, each `all` or `some`; `scope`, `method` and `operation` (as
 * `<api>/<version>/<operationId>`), each as often as there are ticked boxes; `referrers`, one site a line; `password`
 * and `code` where they are asked for.
 */
export function parseRestrictCallsForm(form: FormData): Parsed<RestrictCallsRequest> {
  const joined = joinTicked(form);
  const parsed = parseStrictForm(joined, schema, SECRET_FIELDS);
  const missing = missingTicks(joined);
  if (Object.keys(missing).length === 0) return parsed;
  const errors = parsed.ok ? missing : { ...missing, ...parsed.errors };
  return { ok: false, errors, values: typedValues(joined, SECRET_FIELDS) };
}

/** Only some, and none of them ticked: nobody means a key that may do nothing, and none must not read as all. */
function missingTicks(form: FormData): Record<string, string> {
  const missing = TICKED.filter((name) => form.get(`${name}s`) === 'some' && !form.get(name));
  return Object.fromEntries(missing.map((name) => [`${name}s`, `Choose at least one ${name}, or allow all.`]));
}

/** The form with the boxes of each name as lines of one field; all else as it was sent. */
export function joinTicked(form: FormData): FormData {
  const joined = new FormData();
  for (const [name, value] of form) if (!isTicked(name)) joined.append(name, value);
  for (const name of TICKED) {
    const values = form.getAll(name).filter((value) => typeof value === 'string');
    if (values.length > 0) joined.set(name, values.join('\n'));
  }
  return joined;
}

function isTicked(name: string): boolean {
  return (TICKED as readonly string[]).includes(name);
}

function readOperation(text: string): KeyOperation {
  const [api = '', version = '', ...operationId] = text.split('/');
  return { api, version, operationId: operationId.join('/') };
}
