import ical from 'ical-generator';

import { type ApiKey, DAY_MS, keyStateAt, rotationDueAtMs } from '../keys/api-key.ts';

/** A key of one of the reader's applications, and what its plans ask of it. */
export interface CalendarKey {
  key: ApiKey;
  applicationName: string;
  planIntervalDays: number | null;
}

/**
 * iCalendar (RFC 5545) of the days on which keys end or are to be rotated; calendar programs fetch it again and again.
 * A subscribed calendar is read by whoever has its address, so it names keys and holds no part of a token.
 */
export function dueCalendar(keys: readonly CalendarKey[], publicUrl: string, nowMs: number): string {
  const calendar = ical({
    name: 'API keys',
    prodId: { company: 'Gatehouse', product: 'Keys', language: 'EN' },
    ttl: 60 * 60,
  });
  const { hostname } = new URL(publicUrl);
  for (const { key, applicationName, planIntervalDays } of keys) {
    const url = `${publicUrl}/applications/${key.applicationId}/keys/${key.id}`;
    for (const { event, atMs, text } of datesOf(key, planIntervalDays, nowMs)) {
      calendar.createEvent({
        id: `${key.id}-${event}@${hostname}`,
        start: new Date(atMs),
        end: new Date(atMs + DAY_MS),
        allDay: true,
        timezone: 'UTC',
        // The key, not the moment of writing: the same calendar is the same bytes.
        stamp: new Date(key.createdAtMs),
        summary: `${text} (${applicationName})`,
        description: url,
        url,
      });
    }
  }
  return calendar.toString();
}

interface DueDate {
  event: 'expiry' | 'rotation';
  atMs: number;
  text: string;
}

/** What is suspended or has ended needs nothing any more. */
function datesOf(key: ApiKey, planIntervalDays: number | null, nowMs: number): DueDate[] {
  if (keyStateAt(key, nowMs) !== 'active') return [];
  const dates: DueDate[] = [];
  if (key.expiresAtMs !== null) {
    const text = key.replaced ? `Old API key ${key.name} ends` : `API key ${key.name} expires`;
    dates.push({ event: 'expiry', atMs: key.expiresAtMs, text });
  }
  const dueAtMs = rotationDueAtMs(key, planIntervalDays);
  if (dueAtMs !== null && (key.expiresAtMs === null || dueAtMs < key.expiresAtMs)) {
    dates.push({ event: 'rotation', atMs: dueAtMs, text: `Rotate API key ${key.name}` });
  }
  return dates;
}
