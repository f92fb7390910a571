import type { FieldErrors } from '../../platform/parsed.ts';

/** Why a subscription was not made. */
export function subscribeRefused(reason: 'unknown_plan' | 'already_subscribed' | 'already_requested'): FieldErrors {
  switch (reason) {
    case 'unknown_plan':
      return { '': 'This plan is no longer offered. Choose another one.' };
    case 'already_requested':
      return { '': 'A plan of this API is asked for already. Withdraw that request to ask for another one.' };
    case 'already_subscribed':
      return { '': 'The application is subscribed to this API already.' };
  }
}
