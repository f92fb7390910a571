import { z } from 'zod';

import { lineField } from '../applications/text.form.ts';
import { type Parsed, typedValues } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { TEAM_ID_MAX_LENGTH } from '../teams/role.ts';
import { DESCRIPTION_MAX_LENGTH, type SubscribableType, URL_MAX_LENGTH, subscribableTypes } from './webhook.ts';

export interface WebhookForm {
  url: string;
  /** May be empty. */
  description: string;
  /** Empty means all. */
  eventTypes: readonly SubscribableType[];
  /** Of which team, when one is added; absent when the actor has one to choose. It stays with it. */
  teamId?: string | undefined;
}

const ENTER_URL = 'Enter the URL that messages are sent to, such as https://example.com/hooks.';

const schema = z.strictObject({
  url: z
    .string(ENTER_URL)
    .trim()
    .min(1, ENTER_URL)
    .max(URL_MAX_LENGTH, `Use a URL of ${URL_MAX_LENGTH} characters or fewer.`),
  description: lineField(DESCRIPTION_MAX_LENGTH),
  events: z.enum(['all', 'chosen'], 'Choose all events, or some.'),
  team: z.string().max(TEAM_ID_MAX_LENGTH, 'Choose one of your teams.').optional(),
});

/**
 * Fields: `url`, `description` (optional), `team` (for who has several), `events` (`all` or `chosen`) and, for some, a box named `event` for each
 * type. Whether the URL may be called is checked when it is known where it leads.
 */
export function parseWebhookForm(form: FormData): Parsed<WebhookForm> {
  const types = form.getAll('event').map((type) => (typeof type === 'string' ? type : ''));
  const fields = new FormData();
  for (const [name, value] of form) if (name !== 'event') fields.append(name, value);
  const parsed = parseStrictForm(fields, schema);
  const values = { ...typedValues(fields), event: types.join(' ') };
  if (!parsed.ok) return { ...parsed, values };
  const { url, description, events, team } = parsed.value;
  const rest = { url, description, ...(team !== undefined && { teamId: team }) };
  const eventTypes = subscribableTypes.filter((type) => types.includes(type));
  if (eventTypes.length !== new Set(types).size) {
    return {
      ok: false,
      errors: { '': 'This form has an event we do not know. Reload the page and try again.' },
      values,
    };
  }
  if (events === 'all') return { ok: true, value: { ...rest, eventTypes: [] } };
  if (eventTypes.length === 0) return { ok: false, errors: { events: 'Choose at least one event.' }, values };
  return { ok: true, value: { ...rest, eventTypes } };
}

/** Field: `state` (`on` or `off`). */
export function parseTurnWebhookForm(form: FormData): Parsed<{ isOn: boolean }> {
  const parsed = parseStrictForm(form, z.strictObject({ state: z.enum(['on', 'off'], 'Choose on or off.') }));
  return parsed.ok ? { ok: true, value: { isOn: parsed.value.state === 'on' } } : parsed;
}

/** No field: pressing the button is all. */
export function parseEmptyForm(form: FormData): Parsed<unknown> {
  return parseStrictForm(form, z.strictObject({}));
}
