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
  SecondStep,
  SignInResult,
  SignUpResult,
  SignedIn,
  TotpSetup,
  TurnOffSecondFactorResult,
  TurnOnPasskeyStepResult,
  TurnOnSecondFactorResult,
  VerificationLink,
  VerifyEmailResult,
} from '../accounts/account.ts';
import type { ChangePasswordRequest } from '../passwords/change-password.form.ts';
import type { EndSessionsRequest } from '../sessions/end-sessions.form.ts';
import type { RequestEmailChangeRequest } from '../email-addresses/request-email-change.form.ts';
import type { SignInRequest } from '../sign-in/sign-in.form.ts';
import type { SignUpRequest } from '../accounts/sign-up.form.ts';
import type { TurnOffSecondFactorRequest } from '../second-step/turn-off-second-factor.form.ts';
import type {
  Application,
  CreateApplicationResult,
  MoveApplicationResult,
  SubscribeResult,
  Subscription,
} from '../applications/application.ts';
import type { CreateApplicationRequest } from '../applications/create-application.form.ts';
import type { AlertPlace, ChangeQuotaMailResult, QuotaAlert } from '../applications/quota-alert.ts';
import type { QuotaMailRequest } from '../applications/quota-mail.form.ts';
import type { SubscribeRequest } from '../applications/subscribe.form.ts';
import type {
  DecideRequestResult,
  DecidedRequest,
  RequestDecision,
  RequestForOwner,
  SubscriptionRequest,
} from '../applications/subscription-request.ts';
import type { Api, ApiVersion, CatalogProblem, Operation } from '../catalog/api.ts';
import type { DifferenceLibrary } from '../difference/difference-library.ts';
import type { Guide, GuideProblem } from '../guides/guide.ts';
import type { ManagementGate } from '../management/gate.ts';
import type { Mode } from '../settings/config.ts';
import type { KeptMail } from '../platform/mailer.ts';
import type { SafeHtml } from '../platform/markdown.ts';
import type { ReferenceLibrary } from '../reference/reference-library.ts';
import type { SearchLibrary } from '../search/search-library.ts';
import type { WebhookAudience } from '../webhooks/webhook.ts';
import type { WebhookDesk } from './webhook-desk.ts';
import type { TykDesk } from '../tyk/tyk-overview.ts';
import type { PortalUsage } from './portal-usage.ts';
import type { PortalAccessTokens } from './portal-access-tokens.ts';
import type { PortalAudit } from './portal-audit.ts';
import type { PortalCommandLine } from './portal-command-line.ts';
import type { PortalPasskeys } from './portal-passkeys.ts';
import type { PortalIdentities } from './portal-identities.ts';
import type { PortalFeedback, PortalSecurityReports } from './portal-feedback.ts';
import type { PortalNoticeEditor } from './portal-notice-editor.ts';
import type { PortalNotices } from './portal-notices.ts';
import type { PortalPolicies } from './portal-policies.ts';
import type { PrivacyDesk } from './portal-privacy.ts';
import type { PortalPublishing } from './portal-publishing.ts';
import type { PortalTeams } from './portal-teams.ts';
import type { PortalDirectory } from './portal-directory.ts';
import type { KeyDescription, OwnerKey, PortalKeys } from './portal-keys.ts';

export type { CreateFirstOwnerResult, KeptMail, SignInResult, SignUpResult, SignedIn, VerifyEmailResult };
export type { KeyDescription, OwnerKey };

/** All that pages may ask of the domain; they reach it through `Astro.locals.portal` only. */
export interface Portal {
  readonly site: Site;
  nowMs(): number;
  /** False when, as far as is known, nothing that is sent can be kept: the disk is full or cannot be written. */
  canSave(): boolean;
  privacy: PrivacyDesk;
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
    /** A token by which the browser is known from now on; null when it is known already. */
    deviceToken(accountId: string, deviceToken: string | null): string | null;
    /** The signed-in account behind a session cookie; null for none, ended or suspended. */
    sessionFor(sessionToken: string): Promise<SignedIn | null>;
    peekFirstOwner(token: string): Promise<{ valid: boolean }>;
    createFirstOwner(token: string, request: SignUpRequest, origin: RequestOrigin): Promise<CreateFirstOwnerResult>;
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
    /** From now on a passkey follows the password. */
    turnOnPasskeyStep(actor: Actor, origin: RequestOrigin): Promise<TurnOnPasskeyStepResult>;
    /** What follows the password of a sign-in under way; null when that is over. */
    secondStepOf(pendingToken: string): Promise<SecondStep | null>;
    turnOffSecondFactor(
      actor: Actor,
      request: TurnOffSecondFactorRequest,
      origin: RequestOrigin,
    ): Promise<TurnOffSecondFactorResult>;
  };
  /** Ways in without a password. */
  passkeys: PortalPasskeys;
  /** Accounts elsewhere that sign in here. */
  identities: PortalIdentities;
  /** Personal access tokens: what programs of an account call the management API with. */
  accessTokens: PortalAccessTokens;
  commandLine: PortalCommandLine;
  teams: PortalTeams;
  directory: PortalDirectory;
  /** For the management API alone. */
  management: ManagementGate;
  applications: {
    list(actor: Actor): Promise<readonly Application[]>;
    /** null when absent or another team's: the two look alike. */
    find(actor: Actor, applicationId: string): Promise<Application | null>;
    create(actor: Actor, request: CreateApplicationRequest): Promise<CreateApplicationResult>;
    /** To another team of the actor, who must manage things in both. */
    move(actor: Actor, applicationId: string, teamId: string): Promise<MoveApplicationResult>;
    subscriptions(actor: Actor, applicationId: string): Promise<readonly Subscription[]>;
    subscribe(actor: Actor, applicationId: string, request: SubscribeRequest): Promise<SubscribeResult>;
    /** Those that wait for an owner. */
    requests(actor: Actor, applicationId: string): Promise<readonly SubscriptionRequest[]>;
    withdrawRequest(actor: Actor, applicationId: string, requestId: string): Promise<boolean>;
    /** Owners only: requests of all teams that wait, oldest first; empty for everybody else. */
    waitingRequests(actor: Actor): Promise<readonly RequestForOwner[]>;
    findRequest(actor: Actor, requestId: string): Promise<DecidedRequest | null>;
    decideRequest(actor: Actor, requestId: string, decision: RequestDecision): Promise<DecideRequestResult>;
  };
  keys: PortalKeys;
  quotas: {
    /** Owners only: shares of quotas that were reached in the last 31 days, newest first; null for everybody else. */
    alerts(actor: Actor, page?: { before: AlertPlace | null; limit: number }): Promise<readonly QuotaAlert[] | null>;
    /** Whether the team of an application is mailed about its quotas; null when it is absent or another team's. */
    isMailed(actor: Actor, applicationId: string): Promise<boolean | null>;
    changeMail(actor: Actor, applicationId: string, request: QuotaMailRequest): Promise<ChangeQuotaMailResult>;
  };
  usage: PortalUsage;
  catalog: {
    apis(): Promise<readonly Api[]>;
    api(slug: string): Promise<Api | null>;
    operations(slug: string, version: string): Promise<readonly Operation[]>;
    version(slug: string, version: string): Promise<ApiVersion | null>;
    /** Canonical OpenAPI document as JSON text, with `servers` pointing at the gateway. */
    document(slug: string, version: string): Promise<string | null>;
    /** Broken documents, shown to owners. */
    problems(): readonly CatalogProblem[];
  };
  /** The documents of published versions, page by page. */
  reference: ReferenceLibrary;
  /** What changed between two versions, and whom it breaks. */
  differences: DifferenceLibrary;
  /** Documents as owners bring and publish them. */
  publishing: PortalPublishing;
  notices: PortalNotices;
  noticeEditor: PortalNoticeEditor;
  policies: PortalPolicies;
  /** The endpoints of the actor's teams, and those of the owners, which nobody else sees. */
  webhooks: Readonly<Record<WebhookAudience, WebhookDesk>>;
  audit: PortalAudit;
  feedback: PortalFeedback;
  securityReports: PortalSecurityReports;
  guides: {
    list(): readonly Guide[];
    find(slug: string): Guide | null;
    problems(): readonly GuideProblem[];
  };
  /** Over the reference, guides, notices and refusals: what everybody may read. */
  search: Pick<SearchLibrary, 'search'>;
  /** Guides and notices with colours in their code, as soon as a thread has found them; the text is the same. */
  colourCode(html: SafeHtml): SafeHtml;
  /** null when no Tyk gateway is connected. */
  tyk: TykDesk | null;
  /** Mails kept in DATA_DIR because no SMTP_URL is set; null unless in demo or development mode. */
  keptMails: (() => Promise<readonly KeptMail[]>) | null;
}

export interface Site {
  mode: Mode;
  version: string;
  publicUrl: string;
  gatewayPublicUrl: string;
  keyPrefix: string;
  /** Where to report weaknesses: a `mailto:` or https URL; null: the form of this portal. */
  securityContact: string | null;
}
