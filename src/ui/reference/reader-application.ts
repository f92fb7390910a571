import type { Actor } from '../../accounts/account.ts';
import type { Application } from '../../applications/application.ts';
import type { Portal } from '../../portal/portal.ts';
import { type ApiKey, keyStateAt } from '../../keys/api-key.ts';
import { maskedToken } from '../keys/key-text.ts';

/** The application that samples and console speak of, of those that the reader has. */
export interface ReaderApplication {
  choices: readonly Application[];
  chosen: Application;
  isSubscribed: boolean;
  /** Keys that work now, test keys first; the newest first. */
  keys: readonly { id: string; name: string; maskedToken: string }[];
}

/**
 * @param wanted id from the address or a cookie, untrusted: only the actor's own count
 * @returns null without any application
 */
export async function readerApplication(
  portal: Portal,
  actor: Actor,
  apiSlug: string,
  wanted: readonly (string | null | undefined)[],
): Promise<ReaderApplication | null> {
  const choices = await portal.applications.list(actor);
  const named = wanted.flatMap((id) => choices.filter((one) => one.id === id));
  const [chosen = choices[0]] = named;
  if (!chosen) return null;
  const [keys, subscriptions] = await Promise.all([
    portal.keys.list(actor, chosen.id),
    portal.applications.subscriptions(actor, chosen.id),
  ]);
  const nowMs = portal.nowMs();
  return {
    choices,
    chosen,
    isSubscribed: subscriptions.some((one) => one.apiSlug === apiSlug),
    keys: keys
      .filter((key) => keyStateAt(key, nowMs) === 'active' && key.replaced === null)
      .sort((a, b) => rank(a) - rank(b) || b.createdAtMs - a.createdAtMs)
      .map((key) => ({ id: key.id, name: key.name, maskedToken: maskedToken(portal.site.keyPrefix, key) })),
  };
}

function rank({ environment }: ApiKey): number {
  return environment === 'test' ? 0 : 1;
}
