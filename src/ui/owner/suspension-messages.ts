import type { FieldErrors } from '../../platform/parsed.ts';

export function findRefused(): FieldErrors {
  return { keyId: 'No key has this id. Check it against the page of the key.' };
}

export function suspendRefused(): FieldErrors {
  return { '': 'This key is suspended already or has ended. Nothing was changed, and no mail was sent.' };
}

export function resumeRefused(): FieldErrors {
  return { '': 'This key is not suspended or has ended. Nothing was changed, and no mail was sent.' };
}
