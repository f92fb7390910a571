import type {
  CommandLineSignIn,
  DecideCommandLineResult,
  FindCommandLineResult,
} from '../../command-line/command-line-sign-in.ts';
import type { FieldErrors, FieldValues } from '../../platform/parsed.ts';

const UNKNOWN =
  'No program waits with this code. It may have expired after ten minutes, or been used: run gatehouse sign-in again.';

export function findErrors(refusal: Extract<FindCommandLineResult, { ok: false }>): FieldErrors {
  return { code: refusal.reason === 'unknown_code' ? UNKNOWN : tooMany(refusal.retryAfterSeconds) };
}

/** With an error of `code`, it has to be entered anew. */
export function decideErrors(refusal: Extract<DecideCommandLineResult, { ok: false }>): FieldErrors {
  if (refusal.reason === 'unknown_code') return { code: UNKNOWN };
  if (refusal.reason === 'too_many_requests') return { code: tooMany(refusal.retryAfterSeconds) };
  if (refusal.reason === 'too_many_tokens') {
    return { '': `An account can have ${refusal.limit} tokens that work. Revoke one that is not needed any more.` };
  }
  if (refusal.reason === 'owners_only') return { applications: 'Only owners can give a token the rights of owners.' };
  return { elsewhere: 'Confirm that it is your own program, or refuse it.' };
}

export const unknownCode: FieldErrors = { code: UNKNOWN };

function tooMany(seconds: number): string {
  return `You have tried many codes. Wait ${seconds} seconds, and try again.`;
}

/** What the form begins with: what the program asked for, which the person may make less. */
export function wantedValues({ deviceName, wantedScopes }: CommandLineSignIn): FieldValues {
  const levels = wantedScopes.map((scope) => scope.split(':') as [string, string]);
  return { name: `Command line on ${deviceName}`.slice(0, 60).trim(), ...Object.fromEntries(levels) };
}
