import { type Work, isGiven, listOption, textOption } from './command.ts';
import { type Outcome, type Report, done, wrongUse } from './outcome.ts';
import type { WebhookRecord } from './records.ts';
import { shownWebhook, webhooksPath } from './webhook-path.ts';

/** Changes what is named and keeps the rest, unless somebody else has changed it meanwhile. */
export async function changeWebhook(work: Work): Promise<Outcome<Report>> {
  const [isOn, isOff] = [isGiven(work, 'on'), isGiven(work, 'off')];
  const eventTypes = listOption(work, 'event');
  const isAll = isGiven(work, 'allEvents');
  if (isOn && isOff) return wrongUse('Say --on or --off.');
  if (isAll && eventTypes.length > 0) return wrongUse('Say --event or --all-events.');
  const [url, description] = [textOption(work, 'url'), textOption(work, 'description')];
  const isRewritten = url !== undefined || description !== undefined || isAll || eventTypes.length > 0;
  if (!isRewritten && !isOn && !isOff) return wrongUse('Say what to change; --help has the options.');
  const path = webhooksPath(work, work.words[0]);
  const found = await work.api.readTagged<WebhookRecord>(path);
  if (!found.ok) return found;
  const { tag: ifMatch } = found.value;
  let webhook = found.value.value;
  if (isRewritten) {
    const events = isAll ? [] : eventTypes.length > 0 ? eventTypes : webhook.eventTypes;
    const body = { url: url ?? webhook.url, description: description ?? webhook.description, eventTypes: events };
    const changed = await work.api.call<WebhookRecord>('PUT', path, { body, ifMatch });
    if (!changed.ok) return changed;
    webhook = changed.value;
  }
  if (!isOn && !isOff) return done(shownWebhook(webhook));
  // Turning it on or off hides nobody's change.
  const turned = await work.api.call<WebhookRecord>('PUT', `${path}/state`, { body: { isOn } });
  return turned.ok ? done(shownWebhook(turned.value)) : turned;
}
