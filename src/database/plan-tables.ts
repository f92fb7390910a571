import type { Generated } from 'kysely';

/** The part of the portal's database that is about plans, and who uses or wants one. */
export interface PlanTables {
  plan: {
    api_slug: string;
    slug: string;
    title: string;
    summary: string;
    /** Space-separated. */
    scopes: string;
    rate_limit: number;
    rate_window_seconds: number;
    quota: number;
    quota_period: 'day' | 'month';
    /** JSON of all limits; null: the four columns before say everything. */
    limits: string | null;
    position: number;
    /** 1: an owner decides about each subscription. */
    approval_required: Generated<number>;
    overlap_max_days: Generated<number>;
    /** null: the plan asks for none. */
    rotation_interval_days: number | null;
    /** null: keys may live for ever. */
    max_lifetime_days: number | null;
    /** Days without a call after which a key is dormant; null: as the setting says. */
    dormant_days: number | null;
    dormant_action: Generated<'remind' | 'suspend'>;
    removed_at_ms: number | null;
  };
  subscription: {
    id: string;
    application_id: string;
    api_slug: string;
    plan_slug: string;
    created_at_ms: number;
    ended_at_ms: number | null;
  };
  /** A wish for a plan about which an owner decides. */
  subscription_request: {
    id: string;
    application_id: string;
    api_slug: string;
    plan_slug: string;
    created_at_ms: number;
    /** null: it waits. */
    decided_at_ms: number | null;
    decision: 'approved' | 'declined' | 'withdrawn' | null;
    /** Of the owner, to the team. */
    message: Generated<string>;
  };
}
