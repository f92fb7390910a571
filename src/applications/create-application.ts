import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import { teamsWith } from '../teams/role.ts';
import { APPLICATIONS_PER_TEAM, type Application, type CreateApplicationResult } from './application.ts';
import type { ApplicationStore } from './application-store.ts';
import type { CreateApplicationRequest } from './create-application.form.ts';

export interface CreateApplicationDeps {
  applications: ApplicationStore;
  clock: Clock;
  random: Random;
}

/** Registers an application in a team that the actor manages: the one that is named, or else the first. */
export async function createApplication(
  deps: CreateApplicationDeps,
  actor: Actor,
  request: CreateApplicationRequest,
): Promise<CreateApplicationResult> {
  const nowMs = deps.clock.nowMs();
  const teamIds = teamsWith(actor, 'manage');
  const teamId = request.teamId ?? teamIds[0];
  if (teamId === undefined) return { ok: false, reason: 'role_forbids' };
  if (!teamIds.includes(teamId)) return { ok: false, reason: 'unknown_team' };
  const { name, description } = request;
  const application: Application = { id: newId(deps.random, 'app'), teamId, name, description, createdAtMs: nowMs };
  const added = await deps.applications.addUnlessFull(application, APPLICATIONS_PER_TEAM, {
    atMs: nowMs,
    actor: actor.accountId,
    action: 'application.created',
    subject: application.id,
    teamId,
    details: { name: application.name },
  });
  return added
    ? { ok: true, application }
    : { ok: false, reason: 'too_many_applications', limit: APPLICATIONS_PER_TEAM };
}
