/** A consumer's software that calls APIs; it owns keys. */
export interface Application {
  id: string;
  teamId: string;
  name: string;
  description: string;
  createdAtMs: number;
}

/** An application's use of a plan on an API. Quota and rate limit are counted per subscription, so rotation cannot reset them. */
export interface Subscription {
  id: string;
  applicationId: string;
  apiSlug: string;
  planSlug: string;
  createdAtMs: number;
}

export const APPLICATION_NAME_MAX_LENGTH = 60;
export const APPLICATION_DESCRIPTION_MAX_LENGTH = 500;
export const APPLICATIONS_PER_TEAM = 50;

export type CreateApplicationResult =
  { ok: true; application: Application } | { ok: false; reason: 'too_many_applications'; limit: number };

export type SubscribeResult =
  { ok: true; subscription: Subscription } | { ok: false; reason: 'not_found' | 'unknown_plan' | 'already_subscribed' };
