import type { CreateAccessTokenResult } from '../../access-tokens/access-token.ts';
import type { FieldErrors } from '../../platform/parsed.ts';

/** Why no token was made; null when the form was sent twice, which the page tells by itself. */
export function createTokenErrors(refusal: Extract<CreateAccessTokenResult, { ok: false }>): FieldErrors | null {
  if (refusal.reason === 'too_many_tokens') {
    return { '': `An account can have ${refusal.limit} tokens that work. Revoke one that is not needed any more.` };
  }
  if (refusal.reason === 'owners_only') return { applications: 'Only owners can give a token the rights of owners.' };
  return null;
}
