import type { AstroGlobal } from 'astro';

import { mayInTeam } from '../../teams/role.ts';
import { type WebhookForm, parseEmptyForm, parseWebhookForm } from '../../webhooks/webhook.form.ts';
import type { WebhookAudience } from '../../webhooks/webhook.ts';
import { notFound, refusedByRole } from '../guard.ts';
import type { Barred } from '../keys/enter-key.ts';
import { type Submission, submitForm } from '../keys/submit-form.ts';
import { type EnteredWebhook, enterWebhook, enterWebhooks } from './enter-webhook.ts';
import { sendingRefused, webhookRefused } from './webhook-messages.ts';

/**
 * What the pages about webhooks do before they show anything. Those of teams and those of owners differ in the audience
 * alone.
 */

const rightFor = ({ request }: AstroGlobal) => (request.method === 'POST' ? 'manage' : 'read');

/** Whatever may have been kept elsewhere: this answer can hold a secret. */
function keepNowhere({ response }: AstroGlobal): void {
  response.headers.set('Cache-Control', 'private, no-store');
}

async function teamsFor(astro: AstroGlobal, { actor, audience }: Pick<EnteredWebhook, 'actor' | 'audience'>) {
  if (audience === 'owner') return [];
  return (await astro.locals.portal.teams.list(actor)).filter(({ id }) => mayInTeam(actor, id, 'manage'));
}

/** The list; its form adds one. */
export async function listPage(astro: AstroGlobal, audience: WebhookAudience) {
  const entry = await enterWebhooks(astro, audience, rightFor(astro));
  if (!entry.ok) return entry;
  const { actor, desk } = entry;
  const create = (request: WebhookForm) => desk.create(actor, request);
  const { answer, result, errors, values } = await submitForm(astro, parseWebhookForm, create, webhookRefused);
  if (answer) return barred(answer);
  keepNowhere(astro);
  const shown = { endpoints: await desk.list(actor), teams: await teamsFor(astro, entry), errors, values };
  return { ok: true, entry, added: result?.ok ? result : null, ...shown, nowMs: astro.locals.portal.nowMs() } as const;
}

export async function newPage(astro: AstroGlobal, audience: WebhookAudience) {
  const entry = await enterWebhooks(astro, audience, 'manage');
  return entry.ok ? ({ ok: true, entry, teams: await teamsFor(astro, entry) } as const) : entry;
}

/** One endpoint; pressing its button sends a test. */
export async function overviewPage(astro: AstroGlobal, audience: WebhookAudience) {
  const entry = await enterWebhook(astro, audience, rightFor(astro));
  if (!entry.ok) return entry;
  const { actor, desk, endpoint, path } = entry;
  const send = () => desk.sendTest(actor, endpoint.id);
  const { answer, result, errors } = await submitForm(astro, parseEmptyForm, send, sendingRefused);
  if (answer) return barred(answer);
  if (result?.ok) return barred(astro.redirect(`${path}/deliveries/${result.deliveryId}`, 303));
  const after = astro.url.searchParams.get('after');
  const page = await desk.deliveries(actor, endpoint.id, after);
  if (!page) return barred(notFound());
  return { ok: true, entry, page, isOlder: after !== null, errors, nowMs: astro.locals.portal.nowMs() } as const;
}

/** One delivery; its button sends it again. */
export async function deliveryPage(astro: AstroGlobal, audience: WebhookAudience) {
  const entry = await enterWebhook(astro, audience);
  if (!entry.ok) return entry;
  const { actor, desk, endpoint, mayManage } = entry;
  const deliveryId = astro.params.deliveryId ?? '';
  const path = `${entry.path}/deliveries/${deliveryId}`;
  if (!(await desk.delivery(actor, endpoint.id, deliveryId))) return barred(notFound());
  if (astro.request.method === 'POST' && !mayManage) return barred(await refusedByRole(astro, 'manage'));
  const send = () => desk.redeliver(actor, endpoint.id, deliveryId);
  const { answer, result, errors } = await submitForm(astro, parseEmptyForm, send, sendingRefused);
  if (answer) return barred(answer);
  if (result?.ok) return barred(astro.redirect(path, 303));
  const details = await desk.delivery(actor, endpoint.id, deliveryId);
  if (!details) return barred(notFound());
  return { ok: true, entry, path, details, errors, nowMs: astro.locals.portal.nowMs() } as const;
}

export async function editPage(astro: AstroGlobal, audience: WebhookAudience) {
  const entry = await enterWebhook(astro, audience, 'manage');
  if (!entry.ok) return entry;
  const { actor, desk, endpoint, path } = entry;
  const change = (request: WebhookForm) => desk.change(actor, endpoint.id, request);
  const submission = await submitForm(astro, parseWebhookForm, change, webhookRefused);
  return shown(submission, entry) ?? barred(submission.answer ?? astro.redirect(path, 303));
}

export async function removalPage(astro: AstroGlobal, audience: WebhookAudience) {
  const entry = await enterWebhook(astro, audience, 'manage');
  if (!entry.ok) return entry;
  const { actor, base, desk, endpoint } = entry;
  const remove = () => desk.remove(actor, endpoint.id);
  const submission = await submitForm(astro, parseEmptyForm, remove, () => null);
  return shown(submission, entry) ?? barred(submission.answer ?? astro.redirect(base, 303));
}

/** Asks whether to rotate the secret; once that was done, shows the new one. */
export async function secretPage(astro: AstroGlobal, audience: WebhookAudience) {
  const entry = await enterWebhook(astro, audience, 'manage');
  if (!entry.ok) return entry;
  const { actor, desk, endpoint } = entry;
  const rotate = () => desk.rotateSecret(actor, endpoint.id);
  const { answer, result, errors } = await submitForm(astro, parseEmptyForm, rotate, () => null);
  if (answer) return barred(answer);
  keepNowhere(astro);
  return { ok: true, entry, rotated: result?.ok ? result : null, errors, nowMs: astro.locals.portal.nowMs() } as const;
}

/** The page with its form; null when something else is to be sent. */
function shown({ answer, result, errors, values }: Submission<{ ok: boolean }>, entry: EnteredWebhook) {
  return answer || result?.ok ? null : ({ ok: true, entry, errors, values } as const);
}

function barred(answer: Response): Barred {
  return { ok: false, answer };
}
