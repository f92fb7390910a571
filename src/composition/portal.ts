import type {
  Actor,
  CreateFirstOwnerResult,
  RequestOrigin,
  SignInResult,
  SignUpResult,
  SignedIn,
  Team,
  VerifyEmailResult,
} from '../accounts/account.ts';
import type { SignInRequest } from '../accounts/sign-in.form.ts';
import type { SignUpRequest } from '../accounts/sign-up.form.ts';
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
import type { ApiKey, ChangeKeyResult, IssueKeyResult } from '../keys/api-key.ts';
import type { IssueKeyRequest } from '../keys/issue-key.form.ts';
import type { Notice, NoticeFilter, NoticeProblem } from '../notices/notice.ts';
import type { Mode } from '../platform/config.ts';
import type { KeptMail } from '../platform/mailer.ts';
import type { ApplicationUsage, KeyActivity } from '../usage/usage.ts';

export type { CreateFirstOwnerResult, KeptMail, SignInResult, SignUpResult, SignedIn, VerifyEmailResult };

/** All that pages may ask of the domain; they reach it through `Astro.locals.portal` only. */
export interface Portal {
  readonly site: Site;
  nowMs(): number;
  accounts: {
    signUp(request: SignUpRequest, origin: RequestOrigin): Promise<SignUpResult>;
    /** Looks without using the token up, so that a mail scanner's GET changes nothing. */
    peekVerification(token: string): Promise<{ valid: boolean }>;
    verifyEmail(token: string): Promise<VerifyEmailResult>;
    resendVerification(actor: Actor): Promise<void>;
    signIn(request: SignInRequest, origin: RequestOrigin): Promise<SignInResult>;
    signOut(sessionToken: string): Promise<void>;
    /** The signed-in account behind a session cookie; null for none, ended or suspended. */
    sessionFor(sessionToken: string): Promise<SignedIn | null>;
    peekFirstOwner(token: string): Promise<{ valid: boolean }>;
    createFirstOwner(token: string, request: SignUpRequest, origin: RequestOrigin): Promise<CreateFirstOwnerResult>;
    team(actor: Actor): Promise<Team>;
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
  notices: {
    /** Newest first. */
    list(filter?: NoticeFilter): readonly Notice[];
    find(slug: string): Notice | null;
    problems(): readonly NoticeProblem[];
    /** Atom (RFC 4287) of the newest notices, with links from PUBLIC_URL. */
    atomFeed(filter?: NoticeFilter): string;
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
}

export interface KeyDescription {
  key: ApiKey;
  application: Application;
  usage: ApplicationUsage;
}
