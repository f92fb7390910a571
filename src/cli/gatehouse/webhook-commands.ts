import { newId } from '../../platform/random.ts';
import { type Command, type Work, isGiven } from './command.ts';
import { destinationOptions } from './deliver-secret.ts';
import { type Outcome, type Report, done, wrongUse } from './outcome.ts';
import type { WebhookRecord } from './records.ts';
import { table, timeCell } from './table.ts';
import { changeWebhook } from './change-webhook.ts';
import { createWebhook, rotateWebhookSecret } from './webhook-secret.ts';
import { ofPortal, shownWebhook, webhooksPath } from './webhook-path.ts';

const hook = 'hook_3Vb8dYq1XsLm5RtZc0Kw';
const members = [
  ['--description <text>', 'for people'],
  ['--event <types...>', 'what it is told of, such as key.rotated'],
] as const;

export const webhookCommands: readonly Command[] = [
  {
    name: 'webhooks list',
    summary: 'list the webhooks of your teams',
    options: [ofPortal],
    examples: ['gatehouse webhooks list'],
    needsToken: true,
    run: listWebhooks,
  },
  {
    name: 'webhooks show',
    words: '<webhook>',
    summary: 'show a webhook: state, URL, events',
    options: [ofPortal],
    examples: [`gatehouse webhooks show ${hook}`],
    needsToken: true,
    run: showWebhook,
  },
  {
    name: 'webhooks create',
    words: '<url>',
    summary: 'create a webhook and hand its secret over',
    details:
      'Without --event it is told of everything. The secret is given out once; when it could not be handed over, run the same command again within 23 hours.',
    options: [ofPortal, ...members, ...destinationOptions('secret')],
    examples: [
      'gatehouse webhooks create https://example.com/hooks --file hooks.secret',
      'gatehouse webhooks create https://example.com/hooks --event key.rotated key.revoked --exec "pass insert -m hooks"',
    ],
    needsToken: true,
    run: createWebhook,
  },
  {
    name: 'webhooks change',
    words: '<webhook>',
    summary: 'change a webhook, or turn it on or off',
    details: 'What is not named stays as it is. Nothing is done when somebody else changes it at the same time.',
    options: [
      ofPortal,
      ['--url <url>', 'where it goes'],
      ...members,
      ['--all-events', 'tell it of everything'],
      ['--on', 'turn it on'],
      ['--off', 'turn it off: nothing is queued for it'],
    ],
    examples: [
      `gatehouse webhooks change ${hook} --event key.rotated key.expiring`,
      `gatehouse webhooks change ${hook} --off`,
    ],
    needsToken: true,
    run: changeWebhook,
  },
  {
    name: 'webhooks rotate-secret',
    words: '<webhook>',
    summary: 'replace the secret of a webhook; for a day both sign',
    options: [
      ofPortal,
      ...destinationOptions('secret'),
      ['--end-old', 'let the secret before sign no more when the new one was handed over'],
    ],
    examples: [`gatehouse webhooks rotate-secret ${hook} --file hooks.secret`],
    needsToken: true,
    run: rotateWebhookSecret,
  },
  {
    name: 'webhooks remove',
    words: '<webhook>',
    summary: 'remove a webhook, with what waits for it',
    options: [ofPortal, ['--yes', 'yes, it cannot be undone']],
    examples: [`gatehouse webhooks remove ${hook} --yes`],
    needsToken: true,
    run: removeWebhook,
  },
  {
    name: 'webhooks test',
    words: '<webhook>',
    summary: 'send a test event to a webhook',
    options: [ofPortal],
    examples: [`gatehouse webhooks test ${hook}`],
    needsToken: true,
    run: (work) => send(work, 'test'),
  },
  {
    name: 'webhooks deliveries',
    words: '<webhook>',
    summary: 'list what was sent to a webhook in the last 30 days',
    options: [ofPortal, ['--failed', 'only what was given up']],
    examples: [`gatehouse webhooks deliveries ${hook}`],
    needsToken: true,
    run: listDeliveries,
  },
  {
    name: 'webhooks redeliver',
    words: '<webhook> <delivery>',
    summary: 'deliver an event again',
    options: [ofPortal],
    examples: [`gatehouse webhooks redeliver ${hook} dlv_7Hn2pWx9QaTg4JfUe6Bo`],
    needsToken: true,
    run: (work) => send(work, `deliveries/${encodeURIComponent(work.words[1] ?? '')}/redelivery`),
  },
];

interface DeliveryRecord {
  id: string;
  eventType: string;
  state: string;
  createdAt: string;
  attempts: number;
}

async function listWebhooks(work: Work): Promise<Outcome<Report>> {
  const answer = await work.api.call<{ webhooks: readonly WebhookRecord[] }>('GET', webhooksPath(work));
  if (!answer.ok) return answer;
  const rows = answer.value.webhooks.map(({ id, url, isOn, failingSince }) => [
    id,
    isOn ? (failingSince === null ? 'on' : 'failing') : 'off',
    url,
  ]);
  const empty = 'No webhooks. Run: gatehouse webhooks create URL';
  return done({ data: answer.value, text: table(['ID', 'STATE', 'URL'], rows, empty) });
}

async function showWebhook(work: Work): Promise<Outcome<Report>> {
  const answer = await work.api.call<WebhookRecord>('GET', webhooksPath(work, work.words[0]));
  return answer.ok ? done(shownWebhook(answer.value)) : answer;
}

async function removeWebhook(work: Work): Promise<Outcome<Report>> {
  const path = webhooksPath(work, work.words[0]);
  if (!isGiven(work, 'yes')) {
    const found = await work.api.call<WebhookRecord>('GET', path);
    if (!found.ok) return found;
    return wrongUse(`This removes the webhook to ${found.value.url} and its log. Add --yes if you mean it.`);
  }
  const answer = await work.api.call('DELETE', path);
  return answer.ok ? done({ data: { removed: true }, text: 'Removed.\n' }) : answer;
}

/** One event on its way, also when the answer is lost and asked for again. */
async function send(work: Work, what: string): Promise<Outcome<Report>> {
  const sent = { idempotencyKey: newId(work.terminal.random, 'req') };
  const path = `${webhooksPath(work, work.words[0])}/${what}`;
  const answer = await work.api.call<{ deliveryId: string }>('POST', path, sent);
  return answer.ok ? done({ data: answer.value, text: `Queued ${answer.value.deliveryId}.\n` }) : answer;
}

async function listDeliveries(work: Work): Promise<Outcome<Report>> {
  const path = `${webhooksPath(work, work.words[0])}/deliveries`;
  const all = await work.api.list<DeliveryRecord>(path, 'deliveries');
  if (!all.ok) return all;
  const deliveries = isGiven(work, 'failed') ? all.value.filter(({ state }) => state === 'failed') : all.value;
  const rows = deliveries.map((delivery) => [
    timeCell(delivery.createdAt),
    delivery.state,
    String(delivery.attempts),
    delivery.eventType,
    delivery.id,
  ]);
  const text = table(['AT (UTC)', 'STATE', 'ATTEMPTS', 'EVENT', 'ID'], rows, 'Nothing was sent.');
  return done({ data: { deliveries }, text });
}
