import type { Actor, RequestOrigin } from '../accounts/account.ts';
import type { Application } from '../applications/application.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { AnswerSecretScanResult } from '../leaked-keys/answer-secret-scan.ts';
import type {
  ApiKey,
  ChangeKeyResult,
  ChangeOverlapResult,
  IssueKeyResult,
  ReplaceSecretResult,
  RestrictKeyResult,
  RevokeKeysResult,
  RotateKeyResult,
  ScheduleRotationResult,
} from '../keys/api-key.ts';
import type { CalendarFeed } from '../key-rotation/calendar-feed-store.ts';
import type { KeyForOwner } from '../leaked-keys/find-key-for-owner.ts';
import type { IssueKeyRequest } from '../keys/issue-key.form.ts';
import type { RestrictionChange, RestrictionChoices } from '../key-restrictions/key-restrictions.ts';
import type { ReportLeakedKeysResult } from '../leaked-keys/report-leaked-keys.ts';
import type { RotateKeyRequest } from '../key-rotation/rotate-key.form.ts';
import type { SignedScan } from '../leaked-keys/secret-scanning.ts';
import type { PepperStanding } from '../keys/read-pepper-standing.ts';
import type { KeyRules } from '../plans/plan.ts';
import type { ApplicationUsage, KeyActivity } from '../usage/usage.ts';

/** What pages may ask about keys. */
export interface PortalKeys {
  list(actor: Actor, applicationId: string): Promise<readonly ApiKey[]>;
  find(actor: Actor, applicationId: string, keyId: string): Promise<ApiKey | null>;
  issue(actor: Actor, applicationId: string, request: IssueKeyRequest): Promise<IssueKeyResult>;
  rename(actor: Actor, applicationId: string, keyId: string, name: string): Promise<ChangeKeyResult>;
  /** Changes some of the restrictions of a key and leaves the others as they are. */
  restrict(actor: Actor, applicationId: string, keyId: string, change: RestrictionChange): Promise<RestrictKeyResult>;
  /** What keys of an application can be limited to; null when it is absent or another team's. */
  restrictionChoices(actor: Actor, applicationId: string): Promise<RestrictionChoices | null>;
  /** Owners only: how many keys are still under the pepper that is being replaced; null for everybody else. */
  underPeppers(actor: Actor): Promise<PepperStanding | null>;
  revoke(actor: Actor, applicationId: string, keyId: string, reason: string): Promise<ChangeKeyResult>;
  /** What the plans of an application ask of its keys; null when it is absent or another team's. */
  rules(actor: Actor, applicationId: string): Promise<KeyRules | null>;
  rotate(actor: Actor, applicationId: string, keyId: string, request: RotateKeyRequest): Promise<RotateKeyResult>;
  /** The token has arrived: a key that nobody confirms and nobody calls is withdrawn after 15 minutes. */
  confirm(actor: Actor, applicationId: string, keyId: string): Promise<ChangeKeyResult>;
  /** Another token for a key that was neither confirmed nor called. */
  replaceSecret(actor: Actor, applicationId: string, keyId: string): Promise<ReplaceSecretResult>;
  /** For a key that was suspended because nobody used it. */
  resumeDormant(actor: Actor, applicationId: string, keyId: string): Promise<ChangeKeyResult>;
  /** Due dates for calendar programs, under a secret address of each account. */
  calendar: {
    find(actor: Actor): Promise<CalendarFeed | null>;
    /** Shown once; the former address ends. */
    create(actor: Actor): Promise<{ url: string }>;
    end(actor: Actor): Promise<boolean>;
    /** iCalendar; null for a token that is none of ours now. */
    read(token: string): Promise<string | null>;
  };
  /** Ends the overlap of a replaced key at once (0), earlier or later; `overlapMs` counts from now. */
  changeOverlap(actor: Actor, applicationId: string, keyId: string, overlapMs: number): Promise<ChangeOverlapResult>;
  /** @param rotationIntervalDays null leaves it to the plans */
  schedule(
    actor: Actor,
    applicationId: string,
    keyId: string,
    rotationIntervalDays: number | null,
  ): Promise<ScheduleRotationResult>;
  /** Own applications and teams; owners may name any. */
  revokeAllOfApplication(actor: Actor, applicationId: string, reason: string): Promise<RevokeKeysResult>;
  revokeAllOfTeam(actor: Actor, teamId: string, reason: string): Promise<RevokeKeysResult>;
  /** Owners only: any team's key; null for everybody else. */
  findForOwner(actor: Actor, keyId: string): Promise<OwnerKey | null>;
  /** Owners only; for everybody else there is no such key. The message is mailed to the team of the key. */
  suspend(actor: Actor, keyId: string, message: string): Promise<ChangeKeyResult>;
  resume(actor: Actor, keyId: string, message: string): Promise<ChangeKeyResult>;
  /** By anybody who found them; the answer never tells whether a key exists. */
  reportLeaked(tokens: readonly string[], origin: RequestOrigin): Promise<ReportLeakedKeysResult>;
  /** A signed report in the shape of GitHub's secret-scanning partner programme. */
  answerSecretScan(scan: SignedScan): Promise<AnswerSecretScanResult>;
  /** What happened to a key, newest first. */
  history(actor: Actor, applicationId: string, keyId: string): Promise<readonly AuditEntry[]>;
  activity(actor: Actor, applicationId: string): Promise<readonly KeyActivity[]>;
  /** Describes the key behind a token, for the management API's `GET /api/v1/key`; null when it is not a live one. */
  describe(token: string): Promise<KeyDescription | null>;
}

export interface KeyDescription {
  key: ApiKey;
  application: Application;
  usage: ApplicationUsage;
}

export interface OwnerKey extends KeyForOwner {
  /** null when it was never called. */
  last: KeyActivity | null;
}
