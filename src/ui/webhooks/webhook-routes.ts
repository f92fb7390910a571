import type { APIRoute } from 'astro';

import type { WebhookAudience } from '../../webhooks/webhook.ts';
import { parseEmptyForm, parseTurnWebhookForm } from '../../webhooks/webhook.form.ts';
import { notFound } from '../guard.ts';
import { readForm, refusedForm, unreadableForm } from '../read-form.ts';
import { enterWebhook } from './enter-webhook.ts';

/** Turns an endpoint on or off, and goes back to its page. */
export function turnRoute(audience: WebhookAudience): APIRoute {
  return async (context) => {
    const entry = await enterWebhook(context, audience, 'manage');
    if (!entry.ok) return entry.answer;
    const form = await readForm(context.request);
    if (!form) return unreadableForm();
    const parsed = parseTurnWebhookForm(form);
    if (!parsed.ok) return refusedForm(parsed.errors);
    const result = await entry.desk.turn(entry.actor, entry.endpoint.id, parsed.value.isOn);
    return result.ok ? context.redirect(entry.path, 303) : notFound();
  };
}

/** Ends the secret before the last rotation. */
export function endPreviousSecretRoute(audience: WebhookAudience): APIRoute {
  return async (context) => {
    const entry = await enterWebhook(context, audience, 'manage');
    if (!entry.ok) return entry.answer;
    const form = await readForm(context.request);
    if (!form) return unreadableForm();
    const parsed = parseEmptyForm(form);
    if (!parsed.ok) return refusedForm(parsed.errors);
    const result = await entry.desk.endPreviousSecret(entry.actor, entry.endpoint.id);
    return result.ok ? context.redirect(entry.path, 303) : notFound();
  };
}
