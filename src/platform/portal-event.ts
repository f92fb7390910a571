import { z } from 'zod';

/**
 * What happened, for those outside who want to be told: the closed list of event types and what each carries. Stores
 * queue an event in the transaction of the change (`outbox.ts`, kind `event`). Data holds ids and facts, never a secret.
 * A field whose name ends in `Ms` is a moment; consumers see it without that ending, as ISO 8601.
 */

const id = z.string();
/** Milliseconds since the Unix epoch. */
const momentMs = z.int();

const key = z.strictObject({ keyId: id, keyName: z.string(), environment: z.enum(['live', 'test']) });

const notice = z.strictObject({
  slug: id,
  /** Names the wording: a correction has a later one. */
  revisionAtMs: momentMs,
  kind: z.string(),
  title: z.string(),
  /** null for what is no advisory. */
  severity: z.enum(['critical', 'high', 'medium', 'low']).nullable(),
  apiSlugs: z.array(z.string()),
});

const role = z.enum(['admin', 'manager', 'viewer']);
/** Of a team; `role` as it is then, or was. */
const member = z.strictObject({ accountId: id, email: z.string(), role });

/** `message`: what the owner wrote to the team; '' for nothing. */
const decided = z.strictObject({ requestId: id, apiSlug: z.string(), planSlug: z.string(), message: z.string() });

/** `slug` names its page; events that were queued by an earlier version lack it. */
const policy = z.strictObject({ policyId: id, slug: z.string().optional(), title: z.string() });
const stage = z.enum(['draft', 'announced', 'observed', 'warned', 'enforced', 'withdrawn']);

/** The data of each type. `webhooks/event-example.ts` has its meaning and an example, for the guide. */
export const portalEventData = {
  'key.issued': key.extend({ expiresAtMs: momentMs.nullable(), replacesKeyId: id.nullable() }),
  'key.rotated': key.extend({ successorKeyId: id, endsAtMs: momentMs }),
  /** The successor was withdrawn, because nobody confirmed its token: the key goes on as before. */
  'key.rotation_undone': key.extend({ withdrawnKeyId: id, expiresAtMs: momentMs.nullable() }),
  /** Nobody calls it. */
  'key.dormant': key.extend({ lastCalledAtMs: momentMs.nullable(), suspendAtMs: momentMs.nullable() }),
  /** `days` before it expires. */
  'key.expiring': key.extend({ expiresAtMs: momentMs, days: z.int() }),
  'key.expired': key.extend({ expiredAtMs: momentMs }),
  /** `days` before it is to be rotated; 0 when it is due. */
  'key.rotation_due': key.extend({ dueAtMs: momentMs, days: z.int() }),
  /** `changed`: names of the restrictions that are new, such as `allowlist`. */
  'key.restricted': key.extend({ changed: z.array(z.string()) }),
  'key.suspended': key.extend({ reason: z.string() }),
  'key.resumed': key.extend({ reason: z.string() }),
  'key.revoked': key.extend({ reason: z.string().nullable() }),
  /** `place` is where a signed scan found it; '' when somebody reported it. */
  'key.exposed': key.extend({ action: z.enum(['revoked', 'suspended', 'flagged']), place: z.string() }),
  /** A gateway that keeps keys itself has lost this one: it has to be rotated, because its token is nowhere. */
  'key.lost_at_gateway': key.extend({ gateway: z.enum(['tyk']) }),
  'quota.reached': z.strictObject({
    /** Per cent. */
    threshold: z.union([z.literal(50), z.literal(80), z.literal(90), z.literal(100)]),
    apiSlug: z.string(),
    planSlug: z.string(),
    used: z.int(),
    limit: z.int(),
    periodStartMs: momentMs,
  }),
  'subscription.approved': decided,
  'subscription.declined': decided,
  'notice.published': notice,
  'notice.reminded': notice,
  /** `revisionAtMs` is of the wording that was taken back. */
  'notice.withdrawn': notice.extend({ reason: z.string() }),
  'policy.announced': policy.extend({ enforcedAtMs: momentMs.nullable() }),
  /** null: not decided. */
  'policy.dates_changed': policy.extend({ warnedAtMs: momentMs.nullable(), enforcedAtMs: momentMs.nullable() }),
  'policy.stage_changed': policy.extend({ from: stage, to: stage }),
  'team.member_joined': member,
  'team.member_left': member,
  /** `role` is the new one. */
  'team.member_role_changed': member.extend({ formerRole: role }),
  /** The team has been paused by the provider, with all its keys, or goes on. */
  'team.suspended': z.strictObject({ message: z.string() }),
  'team.resumed': z.strictObject({ message: z.string() }),
  'application.suspended': z.strictObject({ message: z.string() }),
  'application.resumed': z.strictObject({ message: z.string() }),
  /** It, its keys and its usage belong to another team now; both are told. */
  'application.moved': z.strictObject({ fromTeamId: id, toTeamId: id }),
  /** Readers see another document of a version; `breakingChanges`: findings that break clients. */
  'document.published': z.strictObject({
    apiSlug: z.string(),
    version: z.string(),
    revision: z.int(),
    documentVersion: z.string(),
    breakingChanges: z.int(),
  }),
  /** Sent on request to one endpoint. */
  'webhook.test': z.strictObject({ message: z.string() }),
} as const;

export type PortalEventType = keyof typeof portalEventData;

export const portalEventTypes = Object.keys(portalEventData) as PortalEventType[];

export type PortalEventData<Type extends PortalEventType> = z.infer<(typeof portalEventData)[Type]>;

interface EventOf<Type extends PortalEventType> {
  type: Type;
  /** Whom it concerns; null when that is no single team. The owners are told in every case. */
  teamId: string | null;
  applicationId: string | null;
  atMs: number;
  data: PortalEventData<Type>;
  /** Instead of `teamId`, for what concerns many: at most a few hundred in one event, more in further ones. */
  teamIds?: readonly string[];
  /** Events with the same words here are one: nobody is told twice. For what is queued in portions or resumed. */
  onceKey?: string;
}

/** One event, whatever its type. */
export type PortalEvent = { [Type in PortalEventType]: EventOf<Type> }[PortalEventType];
