import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import { APPLICATIONS_PER_TEAM, type Application, type CreateApplicationResult } from './application.ts';
import type { ApplicationStore } from './application-store.ts';
import type { CreateApplicationRequest } from './create-application.form.ts';

export interface CreateApplicationDeps {
  applications: ApplicationStore;
  clock: Clock;
  random: Random;
}

/** Registers an application in the actor's first team. */
export async function createApplication(
  deps: CreateApplicationDeps,
  actor: Actor,
  request: CreateApplicationRequest,
): Promise<CreateApplicationResult> {
  const nowMs = deps.clock.nowMs();
  const teamId = actor.teamIds[0];
  if (teamId === undefined) throw new Error(`account ${actor.accountId} has no team`);
  const application: Application = { id: newId(deps.random, 'app'), teamId, ...request, createdAtMs: nowMs };
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
