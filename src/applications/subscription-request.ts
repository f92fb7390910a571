/** An application's wish for a plan about which an owner decides. Until then it is not subscribed. */
export interface SubscriptionRequest {
  id: string;
  applicationId: string;
  apiSlug: string;
  planSlug: string;
  createdAtMs: number;
}

/** As owners see it. */
export interface RequestForOwner extends SubscriptionRequest {
  applicationName: string;
  teamId: string;
  teamName: string;
  apiTitle: string;
  planTitle: string;
}

export interface DecidedRequest extends RequestForOwner {
  /** null while it waits. */
  decision: 'approved' | 'declined' | 'withdrawn' | null;
  /** Of the owner, to the team. */
  message: string;
}

export type DecideRequestResult =
  | { ok: true }
  /** `not_waiting`: decided or withdrawn meanwhile; `plan_gone`: it is not offered any more, or the API has another one. */
  | { ok: false; reason: 'not_found' | 'not_waiting' | 'plan_gone' };

export interface RequestDecision {
  isApproved: boolean;
  /** Mailed to the team; may be empty when it is approved. */
  message: string;
}
