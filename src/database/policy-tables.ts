/** Rows of security policies; a part of the portal's database. */
export interface PolicyTables {
  security_policy: {
    id: string;
    slug: string;
    title: string;
    reason: string;
    /** null: all APIs. */
    api_slug: string | null;
    /** null: all plans of the API. */
    plan_slug: string | null;
    environment: 'all' | 'live' | 'test';
    /** JSON array of rules. */
    rules: string;
    stage: 'draft' | 'announced' | 'observed' | 'warned' | 'enforced' | 'withdrawn';
    /** When a stage began or is planned to begin; null: when an owner says so. */
    announced_at_ms: number | null;
    observed_at_ms: number | null;
    warned_at_ms: number | null;
    enforced_at_ms: number | null;
    created_at_ms: number;
    /** When dates were last changed after it was announced. */
    replanned_at_ms: number | null;
    revision: number;
  };
  /** Keys that would have been hit when their teams were told. */
  policy_told: { policy_id: string; key_id: string; team_id: string; rule: string; told_at_ms: number };
}

/** Counts that policies need; a part of the usage database. */
export interface PolicyUsageTables {
  /** How keys were used in an hour: calls that passed, or would have but for a policy. */
  call_manner: {
    key_id: string;
    start_ms: number;
    api_slug: string;
    /** 1: the key came in HTTP Basic. */
    is_basic: number;
    /** Only of test keys; '' otherwise, and where it was not known. */
    address: string;
    calls: number;
  };
  /** Calls that broke a policy in an hour, by the first rule that they broke. */
  policy_count: {
    policy_id: string;
    start_ms: number;
    key_id: string;
    rule: string;
    outcome: 'observed' | 'warned' | 'refused';
    calls: number;
  };
}
