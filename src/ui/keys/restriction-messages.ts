import type { RestrictKeyResult } from '../../keys/api-key.ts';
import { operationName } from '../../key-restrictions/key-restrictions.ts';
import type { Family } from '../../platform/ip-address.ts';
import type { FieldErrors } from '../../platform/parsed.ts';
import { changeRefused } from './key-messages.ts';

const FAMILY_TEXTS: Record<Family, string> = { ipv4: 'IPv4', ipv6: 'IPv6' };

/** What a refused restriction reads like, beside the field that can put it right. */
export function restrictRefused(refusal: Extract<RestrictKeyResult, { ok: false }>): FieldErrors {
  switch (refusal.reason) {
    case 'not_found':
    case 'key_not_active':
      return changeRefused();
    case 'recent_sign_in_required':
      return { password: 'This lets more calls through than now. Enter your password to save it.' };
    case 'whole_internet':
      return { wholeInternet: `${wholeText(refusal.families)} Confirm it, or take out what is too wide.` };
    case 'unknown_scopes':
      return { scopes: `No plan of this application has: ${refusal.scopes.join(', ')}.` };
    case 'unknown_operations':
      return { operations: `Of no API of this application: ${refusal.operations.map(operationName).join(', ')}.` };
  }
}

/** What is wrong with entries that hold everything. */
export function wholeText(families: readonly Family[]): string {
  return `These entries let in the whole internet (${families.map((family) => FAMILY_TEXTS[family]).join(' and ')}).`;
}
