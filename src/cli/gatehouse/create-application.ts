import { newId } from '../../platform/random.ts';
import { type Work, textOption } from './command.ts';
import { obtainOnce } from './obtain-once.ts';
import { type Outcome, type Report, done, wrongUse } from './outcome.ts';
import type { ApplicationRecord } from './records.ts';
import { facts } from './table.ts';

/** Creates an application, and subscribes it; run again after a failure, it carries on with the same one. */
export async function createApplication(work: Work): Promise<Outcome<Report>> {
  const { api, terminal } = work;
  const name = textOption(work, 'name');
  if (name === undefined) return wrongUse('Name the application: --name "Tea shop".');
  const subscribed = textOption(work, 'subscribe');
  const [, apiSlug, planSlug] = /^([a-z0-9-]+)\/([a-z0-9-]+)$/.exec(subscribed ?? '') ?? [];
  if (subscribed !== undefined && apiSlug === undefined)
    return wrongUse('--subscribe names an API and a plan: parcels/free');
  const body = { name, description: textOption(work, 'description') ?? '' };
  const obtained = await obtainOnce<ApplicationRecord>(work, ['application', name, body.description], () =>
    Promise.resolve(done({ path: '/applications', body })),
  );
  if (!obtained.ok) return obtained;
  const { answer, finish } = obtained.value;
  const { id } = answer;
  if (apiSlug !== undefined) {
    const sent = { body: { api: apiSlug, plan: planSlug }, idempotencyKey: newId(terminal.random, 'req') };
    const subscription = await api.call('POST', `/applications/${id}/subscriptions`, sent);
    // An earlier run may have come as far as this.
    if (!subscription.ok && subscription.code !== 'already_subscribed') {
      const next = `${id} was created, but not subscribed. Run it again, with the same name, when this is repaired.`;
      return { ...subscription, message: `${next} ${subscription.message}` };
    }
  }
  const text = facts([
    ['Name', answer.name],
    ['Id', id],
  ]);
  return done({ data: answer, text, settle: finish });
}
