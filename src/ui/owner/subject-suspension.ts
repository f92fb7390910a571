import type { FieldErrors } from '../../platform/parsed.ts';
import type { SuspendResult, SuspendableKind } from '../../teams/suspension.ts';

/** What suspending means, for the form. */
export const suspendEffects: Readonly<Record<SuspendableKind, string>> = {
  account:
    'The person is signed out everywhere at once, cannot sign in, and every access token of the account ends. Keys of its teams go on working: suspend the team to stop those.',
  team: 'Every call with any key of the team is refused from the next one on, as team_suspended. Its members can still sign in and see why.',
  application:
    'Every call with any key of the application is refused from the next one on, as application_suspended. Its team can still see why.',
};

export function suspensionRefused(
  { reason }: Extract<SuspendResult, { ok: false }>,
  isSuspending: boolean,
): FieldErrors | null {
  switch (reason) {
    case 'not_found':
      return null;
    case 'last_owner':
      return { '': 'This is the only owner who can act: nobody would be left to undo it. Nothing was changed.' };
    case 'state_conflict':
      return {
        '': `It is ${isSuspending ? 'suspended already' : 'not suspended'}. Nothing was changed, and no mail was sent.`,
      };
  }
}
