import type { FieldErrors } from '../../platform/parsed.ts';

const CHANGED = 'Somebody else has changed this notice meanwhile. Read it again, then decide.';

/** Why something could not be done to a written notice; the reasons of all its use cases. */
const MESSAGES: Readonly<Record<string, string>> = {
  changed_meanwhile: CHANGED,
  not_editable: 'This notice is scheduled or withdrawn. What is scheduled can be taken back to a draft first.',
  other_kind: 'The kind of a notice stays as it was begun. Write a new one instead.',
  own_draft: 'You have written some of this. A second owner has to approve it.',
  not_approved: 'A second owner has to approve it before it is published.',
  not_scheduled: 'This notice is not scheduled any more.',
  not_published: 'This notice is not published.',
  nothing_changed: 'Nothing is different from what readers see. Change it first.',
  no_open_incident: 'Only a published incident has a timeline to continue.',
};

export function editorRefused({ reason }: { reason: string }): FieldErrors {
  if (reason === 'in_the_past') return { publishAt: 'Choose a moment in the future, or nothing for now.' };
  return { '': MESSAGES[reason] ?? CHANGED };
}
