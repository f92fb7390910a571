import { type Work, isGiven, listOption, textOption } from './command.ts';
import { deliverSecret, readDestination } from './deliver-secret.ts';
import { obtainOnce } from './obtain-once.ts';
import { type Outcome, type Report, done, failure } from './outcome.ts';
import type { WebhookRecord } from './records.ts';
import { webhooksPath } from './webhook-path.ts';

interface CreatedRecord {
  webhook: WebhookRecord;
  secret: string;
}

interface RotatedRecord {
  secret: string;
  previousSecretEndsAt: string;
}

/** Creates a webhook and hands its secret over. */
export async function createWebhook(work: Work): Promise<Outcome<Report>> {
  const destination = readDestination(work, 'secret');
  if (!destination.ok) return destination;
  const [url = ''] = work.words;
  const description = textOption(work, 'description') ?? '';
  const eventTypes = listOption(work, 'event');
  const path = webhooksPath(work);
  const obtained = await obtainOnce<CreatedRecord>(work, ['webhook', path, url, description, ...eventTypes], () =>
    Promise.resolve(done({ path, body: { url, description, eventTypes } })),
  );
  if (!obtained.ok) return obtained;
  const { answer, finish } = obtained.value;
  const { webhook, secret } = answer;
  const delivered = await deliverSecret(work, destination.value, secret, { GATEHOUSE_WEBHOOK_ID: webhook.id });
  if (!delivered.ok) return delivered;
  const text = `Created ${webhook.id} to ${webhook.url}. Try it: gatehouse webhooks test ${webhook.id}\n`;
  const shown = destination.value.to === 'stdout' && { secret };
  return done({ data: { webhook }, text, settle: finish, ...shown });
}

/** Another secret; messages are signed with both for a day, or until `--end-old`. */
export async function rotateWebhookSecret(work: Work): Promise<Outcome<Report>> {
  const destination = readDestination(work, 'secret');
  if (!destination.ok) return destination;
  const [id = ''] = work.words;
  const path = webhooksPath(work, id);
  const obtained = await obtainOnce<RotatedRecord>(work, ['webhook-secret', path], () =>
    Promise.resolve(done({ path: `${path}/secret`, body: {} })),
  );
  if (!obtained.ok) return obtained;
  const { answer, finish } = obtained.value;
  const delivered = await deliverSecret(work, destination.value, answer.secret, { GATEHOUSE_WEBHOOK_ID: id });
  if (!delivered.ok) return delivered;
  const isEnded = isGiven(work, 'endOld');
  if (isEnded) {
    const ended = await work.api.call('DELETE', `${path}/previous-secret`);
    if (!ended.ok)
      return failure('oldKeyRemains', ended.code, `The secret before could not be ended. ${ended.message}`);
  }
  const { previousSecretEndsAt } = answer;
  const until = isEnded ? 'The one before signs no more.' : `The one before signs until ${previousSecretEndsAt}.`;
  const data = { webhookId: id, previousSecretEndsAt: isEnded ? null : previousSecretEndsAt };
  const shown = destination.value.to === 'stdout' && { secret: answer.secret };
  return done({ data, text: `Rotated the secret of ${id}. ${until}\n`, settle: finish, ...shown });
}
