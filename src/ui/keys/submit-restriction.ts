import type { AstroGlobal } from 'astro';

import type { SecondStep } from '../../accounts/account.ts';
import type { RestrictKeyResult } from '../../keys/api-key.ts';
import type { RestrictionChange } from '../../key-restrictions/key-restrictions.ts';
import { joinTicked } from '../../key-restrictions/restrict-calls.form.ts';
import type { Proof } from '../../key-restrictions/restrict-key.form.ts';
import { type FieldErrors, type FieldValues, type Parsed, typedValues } from '../../platform/parsed.ts';
import { answerRefused } from '../accounts/account-messages.ts';
import { notFound } from '../guard.ts';
import { readForm, unreadableForm } from '../read-form.ts';
import type { EnteredKey } from './enter-key.ts';
import { restrictRefused } from './restriction-messages.ts';
import { signInInForm } from './sign-in-in-form.ts';

/** What became of a form that restricts a key; all empty when the page is only read. */
export interface RestrictionSubmission<Request> {
  /** To send instead of the page. */
  answer: Response | null;
  /** Set when the form could be read, also where nothing was saved. */
  request: Request | null;
  errors: FieldErrors | undefined;
  values: FieldValues | undefined;
  /** What is asked for beside the form's own fields; null for nothing. */
  proof: ProofWanted | null;
}

export interface ProofWanted {
  /** Without one, signing in once more is the way. */
  hasPassword: boolean;
  secondStep: SecondStep | null;
}

type Page = Pick<AstroGlobal, 'request' | 'response' | 'locals'>;

/**
 * Reads a form and restricts the key. What lets more through may need the password: the form is shown again with a
 * field for it and everything that was typed.
 * @param changeOf what is to be saved; null for nothing
 */
export async function submitRestriction<Request extends Proof>(
  page: Page,
  entry: EnteredKey,
  parse: (form: FormData) => Parsed<Request>,
  changeOf: (request: Request) => RestrictionChange | null,
): Promise<RestrictionSubmission<Request>> {
  const none = { answer: null, request: null, errors: undefined, values: undefined, proof: null };
  if (page.request.method !== 'POST') return none;
  const form = await readForm(page.request);
  if (!form) return { ...none, answer: unreadableForm() };
  const values = typedValues(joinTicked(form), ['password', 'code']);
  const parsed = parse(form);
  if (!parsed.ok) {
    page.response.status = 422;
    return { ...none, errors: parsed.errors, values };
  }
  const request = parsed.value;
  const change = changeOf(request);
  if (!change) return { ...none, request, values };
  const saved = await save(page, entry, change, request);
  if (!saved.errors) return { ...none, answer: saved.answer };
  return { ...none, request, errors: saved.errors, values, proof: await proofWanted(page, saved.errors) };
}

/** Saves, after signing in anew when that is needed and there is a password to do it with. */
async function save(
  { locals, response }: Page,
  { actor, key, path }: EnteredKey,
  change: RestrictionChange,
  proof: Proof,
): Promise<{ answer: Response | null; errors?: FieldErrors }> {
  const restrict = (by: typeof actor): Promise<RestrictKeyResult> =>
    locals.portal.keys.restrict(by, key.applicationId, key.id, change);
  let result = await restrict(actor);
  let cookie: string | null = null;
  if (!result.ok && result.reason === 'recent_sign_in_required' && proof.password !== '') {
    const again = await signInInForm(locals, actor, proof);
    if (!again.ok) {
      answerRefused(response, again);
      return { answer: null, errors: again.errors };
    }
    ({ cookie } = again);
    result = await restrict(again.actor);
  }
  if (cookie !== null) response.headers.append('Set-Cookie', cookie);
  if (result.ok) return { answer: seeOther(path, cookie) };
  if (result.reason === 'not_found') return { answer: notFound() };
  response.status = 422;
  return { answer: null, errors: restrictRefused(result) };
}

function seeOther(path: string, cookie: string | null): Response {
  const headers = new Headers({ Location: path });
  if (cookie !== null) headers.append('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}

async function proofWanted({ locals }: Page, errors: FieldErrors): Promise<ProofWanted | null> {
  const isWanted = 'password' in errors || 'code' in errors;
  if (!isWanted || !locals.signedIn) return null;
  const { secondStep } = await locals.portal.accounts.overview(locals.signedIn);
  const { hasPassword } = await locals.portal.identities.waysIn(locals.signedIn.actor);
  return { hasPassword, secondStep };
}
