/** Shares of a quota at which people are told. */
export type AlertPercent = 50 | 80 | 90 | 100;

/** A share of a quota that was reached: by a subscription, and in one of its windows. */
export interface ReachedQuota {
  /** Names what is counted; with the window it makes sure that nobody is told twice. */
  counter: string;
  windowStartMs: number;
  /** When the quota renews. */
  windowEndMs: number;
  percent: AlertPercent;
  subscriptionId: string;
  quotaName: string;
  /** '' when the quota is for all operations. */
  operationId: string;
  /** First key of the chain of rotations that the quota is for; '' when it is the subscription's. */
  keyId: string;
  used: number;
  limit: number;
}

/** An alert as pages show it. */
export interface QuotaAlert extends Omit<ReachedQuota, 'subscriptionId'> {
  applicationId: string;
  applicationName: string;
  teamId: string;
  teamName: string;
  apiSlug: string;
  planSlug: string;
  toldAtMs: number;
}

/** Where an alert stands in the list of all: newest first, then by these in their order. */
export interface AlertPlace {
  toldAtMs: number;
  percent: number;
  counter: string;
  windowStartMs: number;
}

export type ChangeQuotaMailResult = { ok: true } | { ok: false; reason: 'not_found' };
