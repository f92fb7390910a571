import type { APIRoute } from 'astro';

import { notFound } from '../../../../../ui/guard.ts';
import { refuseFields } from '../../../../../ui/read-form.ts';
import { enterTeam } from '../../../../../ui/teams/enter-team.ts';

export const POST: APIRoute = async (context) => {
  const entry = await enterTeam(context, 'administer');
  if (!entry.ok) return entry.answer;
  const refusal = await refuseFields(context.request);
  if (refusal) return refusal;
  const { actor, team, path } = entry;
  const { teams } = context.locals.portal;
  const result = await teams.withdrawInvitation(actor, team.id, context.params.invitationId ?? '');
  return result.ok ? context.redirect(path, 303) : notFound();
};
