import type { APIContext } from 'astro';

import type { Actor } from '../../accounts/account.ts';
import type { Application } from '../../applications/application.ts';
import type { ApiKey } from '../../keys/api-key.ts';
import { type TeamRight, mayInTeam } from '../../teams/role.ts';
import { enter, notFound, refusedByRole } from '../guard.ts';

export interface EnteredApplication {
  ok: true;
  actor: Actor;
  application: Application;
  /** Whether the actor's role in its team allows more than reading. */
  mayManage: boolean;
}

export interface EnteredKey extends EnteredApplication {
  key: ApiKey;
  /** Of the key's page; its forms stand below it. */
  path: string;
}

/** The answer to send instead: the sign-in page, or that there is nothing. */
export interface Barred {
  ok: false;
  answer: Response;
}

type Asked = Pick<APIContext, 'locals' | 'params' | 'url' | 'rewrite'>;

/** Who asks, and the application that the address names, if it is theirs and their role has this right. */
export async function enterApplication(asked: Asked, right: TeamRight = 'read'): Promise<EnteredApplication | Barred> {
  const { locals, params, url } = asked;
  const { portal, signedIn } = locals;
  const entry = enter(signedIn, url);
  if (!entry.ok) {
    return { ok: false, answer: new Response(null, { status: 303, headers: { Location: entry.signInPath } }) };
  }
  const { actor } = entry;
  const application = await portal.applications.find(actor, params.applicationId ?? '');
  if (!application) return { ok: false, answer: notFound() };
  if (!mayInTeam(actor, application.teamId, right)) return { ok: false, answer: await refusedByRole(asked, right) };
  return { ok: true, actor, application, mayManage: mayInTeam(actor, application.teamId, 'manage') };
}

/** The same for a key of it. */
export async function enterKey(asked: Asked, right: TeamRight = 'read'): Promise<EnteredKey | Barred> {
  const entry = await enterApplication(asked);
  if (!entry.ok) return entry;
  const { actor, application } = entry;
  const key = await asked.locals.portal.keys.find(actor, application.id, asked.params.keyId ?? '');
  if (!key) return { ok: false, answer: notFound() };
  if (!mayInTeam(actor, application.teamId, right)) return { ok: false, answer: await refusedByRole(asked, right) };
  return { ...entry, key, path: `/applications/${application.id}/keys/${key.id}` };
}
