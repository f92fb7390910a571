import type {
  AccountOverview,
  Actor,
  ChangePasswordResult,
  CompleteSignInResult,
  ConfirmEmailResult,
  CreateFirstOwnerResult,
  PrepareSecondFactorResult,
  RequestEmailChangeResult,
  RequestOrigin,
  RequestPasswordResetResult,
  ResetPasswordResult,
  SignInResult,
  SignUpResult,
  SignedIn,
  Team,
  TotpSetup,
  TurnOffSecondFactorResult,
  TurnOnSecondFactorResult,
  VerificationLink,
  VerifyEmailResult,
} from '../accounts/account.ts';
import type { ChangePasswordRequest } from '../accounts/change-password.form.ts';
import type { EndSessionsRequest } from '../accounts/end-sessions.form.ts';
import type { RequestEmailChangeRequest } from '../accounts/request-email-change.form.ts';
import type { SignInRequest } from '../accounts/sign-in.form.ts';
import type { SignUpRequest } from '../accounts/sign-up.form.ts';
import type { TurnOffSecondFactorRequest } from '../accounts/turn-off-second-factor.form.ts';
import type {
  Application,
  CreateApplicationResult,
  SubscribeResult,
  Subscription,
} from '../applications/application.ts';
import type { CreateApplicationRequest } from '../applications/create-application.form.ts';
import type { SubscribeRequest } from '../applications/subscribe.form.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { Api, ApiVersion, CatalogProblem, Operation } from '../catalog/api.ts';
import type { Guide, GuideProblem } from '../guides/guide.ts';
import type { AnswerSecretScanResult } from '../keys/answer-secret-scan.ts';
import type {
  ApiKey,
  ChangeKeyResult,
  ChangeOverlapResult,
  IssueKeyResult,
  RevokeKeysResult,
  RotateKeyResult,
  ScheduleRotationResult,
} from '../keys/api-key.ts';
import type { KeyForOwner } from '../keys/find-key-for-owner.ts';
import type { IssueKeyRequest } from '../keys/issue-key.form.ts';
import type { ReportLeakedKeysResult } from '../keys/report-leaked-keys.ts';
import type { RotateKeyRequest } from '../keys/rotate-key.form.ts';
import type { SignedScan } from '../keys/secret-scanning.ts';
import type {
  AcknowledgeResult,
  FeedFormat,
  MailPreference,
  Notice,
  NoticeFilter,
  NoticeProblem,
  RemindResult,
} from '../notices/notice.ts';
import type { FeedDocument } from '../notices/notice-feed.ts';
import type { OwnNotice } from '../notices/own-notice.ts';
import type { ImpactReport, NoticeOverview } from '../notices/read-notice-impact.ts';
import type { KeyRules } from '../plans/plan.ts';
import type { Mode } from '../platform/config.ts';
import type { KeptMail } from '../platform/mailer.ts';
import type { ReferenceLibrary } from '../reference/reference-library.ts';
import type { ApplicationUsage, KeyActivity } from '../usage/usage.ts';

export type { CreateFirstOwnerResult, KeptMail, SignInResult, SignUpResult, SignedIn, VerifyEmailResult };

/** All that pages may ask of the domain; they reach it through `Astro.locals.portal` only. */
export interface Portal {
  readonly site: Site;
  nowMs(): number;
  accounts: {
    signUp(request: SignUpRequest, origin: RequestOrigin): Promise<SignUpResult>;
    /** Looks without using the token up, so that a mail scanner's GET changes nothing. */
    peekVerification(actor: Actor | null, token: string): Promise<VerificationLink>;
    verifyEmail(actor: Actor, token: string): Promise<VerifyEmailResult>;
    resendVerification(actor: Actor): Promise<void>;
    /** @param formerSessionToken what the browser still has as session; it ends when a new one begins */
    signIn(request: SignInRequest, origin: RequestOrigin, formerSessionToken: string | null): Promise<SignInResult>;
    /** The second step, after `signIn` gave a pending token. */
    completeSignIn(
      request: { pendingToken: string; code: string },
      origin: RequestOrigin,
      formerSessionToken: string | null,
    ): Promise<CompleteSignInResult>;
    signOut(sessionToken: string): Promise<void>;
    /** The signed-in account behind a session cookie; null for none, ended or suspended. */
    sessionFor(sessionToken: string): Promise<SignedIn | null>;
    peekFirstOwner(token: string): Promise<{ valid: boolean }>;
    createFirstOwner(token: string, request: SignUpRequest, origin: RequestOrigin): Promise<CreateFirstOwnerResult>;
    team(actor: Actor): Promise<Team>;
    requestPasswordReset(email: string, origin: RequestOrigin): Promise<RequestPasswordResetResult>;
    /** Looks without using the token up; null when it is none, used or expired. */
    peekPasswordReset(token: string): Promise<{ email: string; minLength: number } | null>;
    resetPassword(request: { token: string; password: string }, origin: RequestOrigin): Promise<ResetPasswordResult>;
    overview(signedIn: SignedIn): Promise<AccountOverview>;
    endSessions(signedIn: SignedIn, request: EndSessionsRequest): Promise<number>;
    changePassword(actor: Actor, request: ChangePasswordRequest, origin: RequestOrigin): Promise<ChangePasswordResult>;
    requestEmailChange(
      actor: Actor,
      request: RequestEmailChangeRequest,
      origin: RequestOrigin,
    ): Promise<RequestEmailChangeResult>;
    peekEmailChange(actor: Actor | null, token: string): Promise<VerificationLink>;
    confirmEmail(actor: Actor, token: string, origin: RequestOrigin): Promise<ConfirmEmailResult>;
    /** A new secret for an authenticator app; it counts once a code of it was typed in. */
    prepareSecondFactor(actor: Actor): Promise<PrepareSecondFactorResult>;
    totpSetup(actor: Actor): Promise<TotpSetup | null>;
    turnOnSecondFactor(actor: Actor, code: string, origin: RequestOrigin): Promise<TurnOnSecondFactorResult>;
    turnOffSecondFactor(
      actor: Actor,
      request: TurnOffSecondFactorRequest,
      origin: RequestOrigin,
    ): Promise<TurnOffSecondFactorResult>;
  };
  applications: {
    list(actor: Actor): Promise<readonly Application[]>;
    /** null when absent or another team's: the two look alike. */
    find(actor: Actor, applicationId: string): Promise<Application | null>;
    create(actor: Actor, request: CreateApplicationRequest): Promise<CreateApplicationResult>;
    subscriptions(actor: Actor, applicationId: string): Promise<readonly Subscription[]>;
    subscribe(actor: Actor, applicationId: string, request: SubscribeRequest): Promise<SubscribeResult>;
  };
  keys: {
    list(actor: Actor, applicationId: string): Promise<readonly ApiKey[]>;
    find(actor: Actor, applicationId: string, keyId: string): Promise<ApiKey | null>;
    issue(actor: Actor, applicationId: string, request: IssueKeyRequest): Promise<IssueKeyResult>;
    rename(actor: Actor, applicationId: string, keyId: string, name: string): Promise<ChangeKeyResult>;
    restrict(
      actor: Actor,
      applicationId: string,
      keyId: string,
      allowlist: readonly string[],
    ): Promise<ChangeKeyResult>;
    revoke(actor: Actor, applicationId: string, keyId: string, reason: string): Promise<ChangeKeyResult>;
    /** What the plans of an application ask of its keys; null when it is absent or another team's. */
    rules(actor: Actor, applicationId: string): Promise<KeyRules | null>;
    rotate(actor: Actor, applicationId: string, keyId: string, request: RotateKeyRequest): Promise<RotateKeyResult>;
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
  };
  usage: {
    forApplication(actor: Actor, applicationId: string, days: number): Promise<ApplicationUsage | null>;
    /** Allowed calls since midnight UTC over all applications of the actor. */
    allowedToday(actor: Actor): Promise<number>;
  };
  catalog: {
    apis(): Promise<readonly Api[]>;
    api(slug: string): Promise<Api | null>;
    operations(slug: string, version: string): Promise<readonly Operation[]>;
    version(slug: string, version: string): Promise<ApiVersion | null>;
    /** Canonical OpenAPI 3.1 document as JSON text, with `servers` pointing at the gateway. */
    document(slug: string, version: string): Promise<string | null>;
    /** Broken documents, shown to owners. */
    problems(): readonly CatalogProblem[];
  };
  /** The documents of published versions, page by page. */
  reference: ReferenceLibrary;
  notices: {
    /** Newest first. */
    list(filter?: NoticeFilter): readonly Notice[];
    find(slug: string): Notice | null;
    problems(): readonly NoticeProblem[];
    /** Atom, RSS or JSON Feed of the newest notices, with links from PUBLIC_URL. */
    feed(format: FeedFormat, filter?: NoticeFilter): FeedDocument;
    /** iCalendar of deprecations and sunsets. */
    calendar(): FeedDocument;
    /** An advisory as CSAF 2.0; null for everything else. */
    csaf(slug: string): Promise<object | null>;
    /** The published ones that concern teams of the actor, and what their keys have to do with them; newest first. */
    own(actor: Actor): Promise<readonly OwnNotice[]>;
    /** null when there is no such notice, or it does not concern the actor. */
    concern(actor: Actor, slug: string): Promise<OwnNotice | null>;
    markRead(actor: Actor, slug: string): Promise<AcknowledgeResult>;
    /** For all teams of the actor that it concerns. */
    acknowledge(actor: Actor, slug: string): Promise<AcknowledgeResult>;
    mailPreference(actor: Actor): Promise<MailPreference>;
    changeMailPreference(actor: Actor, mail: MailPreference): Promise<void>;
    /** By the link of a mail, without signing in; false when the link is none of ours. */
    unsubscribe(token: string): Promise<boolean>;
    /** Owners only: scheduled and published notices with what people did about them. */
    overview(actor: Actor): Promise<readonly NoticeOverview[]>;
    /** Owners only: whom a published or scheduled notice concerns; null for everybody else. */
    impact(actor: Actor, slug: string): Promise<ImpactReport | null>;
    /** Owners only: mails those who called what the notice names in the last seven days. */
    remind(actor: Actor, slug: string): Promise<RemindResult>;
  };
  guides: {
    list(): readonly Guide[];
    find(slug: string): Guide | null;
    problems(): readonly GuideProblem[];
  };
  /** Mails kept in DATA_DIR because no SMTP_URL is set; null unless in demo or development mode. */
  keptMails: (() => Promise<readonly KeptMail[]>) | null;
}

export interface Site {
  mode: Mode;
  version: string;
  publicUrl: string;
  gatewayPublicUrl: string;
  keyPrefix: string;
  /** Where to report weaknesses: a `mailto:` or https URL; null when none is set. */
  securityContact: string | null;
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
