import type { APIContext } from 'astro';

import type { Actor } from '../../accounts/account.ts';
import { type TeamRight, mayInTeam } from '../../teams/role.ts';
import type { TeamView } from '../../teams/team.ts';
import { enter, notFound, refusedByRole } from '../guard.ts';
import type { Barred } from '../keys/enter-key.ts';

export interface EnteredTeam extends TeamView {
  ok: true;
  actor: Actor;
  mayAdminister: boolean;
  /** Of the team's page. */
  path: string;
}

type Asked = Pick<APIContext, 'locals' | 'params' | 'url' | 'rewrite'>;

/** Who asks, and the team that the address names, if they are in it and their role has this right. */
export async function enterTeam(asked: Asked, right: TeamRight): Promise<EnteredTeam | Barred> {
  const { locals, params, url } = asked;
  const entry = enter(locals.signedIn, url);
  if (!entry.ok) {
    return { ok: false, answer: new Response(null, { status: 303, headers: { Location: entry.signInPath } }) };
  }
  const { actor } = entry;
  const view = await locals.portal.teams.view(actor, params.teamId ?? '');
  if (!view) return { ok: false, answer: notFound() };
  const { id } = view.team;
  if (!mayInTeam(actor, id, right)) return { ok: false, answer: await refusedByRole(asked, right) };
  return { ...view, ok: true, actor, mayAdminister: mayInTeam(actor, id, 'administer'), path: `/teams/${id}` };
}
