import type { PlanLimits, Quota, RateLimit } from '../plans/plan-limits.ts';
import type { QuotaWindow } from '../plans/quota-window.ts';
import type { Bucket } from './rate-limit.ts';

/** What is counted in the journal under one name; numbers are given anew in each of its segments. */
export interface Journaled {
  name: string;
  segment: number;
  number: number;
}

/** What was counted against one quota. */
export interface QuotaCounter extends Journaled {
  subject: Subject;
  /** Of the plan that was asked for last: limits may change while the count goes on. */
  quota: Quota;
  window: QuotaWindow;
  used: number;
  /** Part of `used` that is not in the database yet. */
  unwritten: number;
  /** Part of `used` that is not in the journal yet. */
  taken: number;
  /** False while the database could not say what was used before. */
  isKnown: boolean;
  /** Highest share of the quota for which a mark was written in this window. */
  markedPercent: number;
}

export interface RateBucket extends Bucket, Journaled {
  /** As a counter's quota. */
  limit: RateLimit;
  /** Changed since the journal was written last. */
  isTaken: boolean;
}

/** Whose counter it is: the subscription's, for one operation or one chain of keys if these are not ''. */
export interface Subject {
  subscriptionId: string;
  operationId: string;
  keyId: string;
}

/** All limits that one call has to fit, with what is counted of each. */
export interface Meter {
  readonly rates: readonly Readonly<Bucket & Pick<RateBucket, 'limit'>>[];
  readonly quotas: readonly Readonly<Pick<QuotaCounter, 'quota' | 'window' | 'used' | 'isKnown'>>[];
  /** False while what is counted would be lost with this process: then no hard quota can be promised. */
  readonly isKept: boolean;
}

/** What is asked for: a subscription with the limits of its plan. */
export interface Metered {
  id: string;
  limits: PlanLimits;
  /** What the meter book found for it last, and in which of its editions; nobody else looks at it. */
  found?: Meter | null;
  foundIn?: object | null;
}

/** Name of a counter: who, what it counts, and when it renews. Plans that agree in these go on with the same count. */
export function counterName(subject: Subject, { counts, per, timeZone }: Quota): string {
  return `${subjectName(subject)} ${counts} ${per} ${timeZone}`;
}

/** As `counterName`. */
export function bucketName(subject: Subject, { counts, perSeconds }: RateLimit): string {
  return `${subjectName(subject)} ${counts} ${perSeconds}s`;
}

function subjectName({ subscriptionId, operationId, keyId }: Subject): string {
  const operation = operationId === '' ? '' : `/operation/${operationId}`;
  return `${subscriptionId}${operation}${keyId === '' ? '' : `/key/${keyId}`}`;
}
