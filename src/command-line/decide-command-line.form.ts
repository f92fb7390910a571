import type { FieldErrors, Parsed } from '../platform/parsed.ts';
import { typedValues } from '../platform/parsed.ts';
import type { AccessScope } from '../access-tokens/access-token.ts';
import { readUserCode } from './command-line-sign-in.ts';
import { parseCreateAccessTokenForm } from '../access-tokens/create-access-token.form.ts';

export type CommandLineDecision = { userCode: string } & (
  | { isAllowed: false }
  | {
      isAllowed: true;
      name: string;
      scopes: readonly AccessScope[];
      expiresInDays: number;
      /** They said that the program runs at another address than their browser. */
      isElsewhereConfirmed: boolean;
    }
);

const OUT_OF_DATE = { '': 'This form is out of date. Enter the code again.' };

/** Fields: `code`; `decision`, `allow` or `refuse`; `elsewhere`, `yes` or absent; and with `allow` those of a new token. */
export function parseCommandLineDecision(form: FormData): Parsed<CommandLineDecision> {
  const refuse = (errors: FieldErrors) => ({ ok: false as const, errors, values: typedValues(form) });
  const rest = new FormData();
  for (const [name, value] of form) if (!['code', 'decision', 'elsewhere'].includes(name)) rest.append(name, value);
  const [code, decision, elsewhere] = ['code', 'decision', 'elsewhere'].map((name) => form.getAll(name));
  const [typed] = code?.length === 1 ? code : [];
  const userCode = typeof typed === 'string' ? readUserCode(typed) : null;
  if (userCode === null || decision?.length !== 1 || (elsewhere?.length ?? 0) > 1) return refuse(OUT_OF_DATE);
  if (decision[0] === 'refuse') {
    return [...rest].length === 0 ? { ok: true, value: { userCode, isAllowed: false } } : refuse(OUT_OF_DATE);
  }
  if (decision[0] !== 'allow') return refuse(OUT_OF_DATE);
  const parsed = parseCreateAccessTokenForm(rest);
  if (!parsed.ok) return refuse(parsed.errors);
  const { name, scopes, expiresInDays } = parsed.value;
  const isElsewhereConfirmed = elsewhere?.[0] === 'yes';
  return { ok: true, value: { userCode, isAllowed: true, name, scopes, expiresInDays, isElsewhereConfirmed } };
}
