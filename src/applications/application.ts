import type { SubscriptionRequest } from './subscription-request.ts';

/** A consumer's software that calls APIs; it owns keys. */
export interface Application {
  id: string;
  teamId: string;
  name: string;
  description: string;
  createdAtMs: number;
  /** Set while an owner has paused it, with what the owner wrote. */
  suspended?: { atMs: number; message: string };
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
  | { ok: true; application: Application }
  | { ok: false; reason: 'too_many_applications'; limit: number }
  /** There is no team in which the actor may. */
  | { ok: false; reason: 'role_forbids' }
  /** The one that was named is none in which the actor may. */
  | { ok: false; reason: 'unknown_team' };

export type SubscribeResult =
  | { ok: true; subscription: Subscription; request?: never }
  /** The plan needs an owner's word: the application is not subscribed before. */
  | { ok: true; request: SubscriptionRequest; subscription?: never }
  | { ok: false; reason: 'not_found' | 'unknown_plan' | 'already_subscribed' | 'already_requested' };

export type MoveApplicationResult =
  | { ok: true }
  /** `unknown_team`: none in which the actor may, or the one that has it. */
  | { ok: false; reason: 'not_found' | 'unknown_team' }
  | { ok: false; reason: 'too_many_applications'; limit: number };
