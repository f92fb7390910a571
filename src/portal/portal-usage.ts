import type { Actor } from '../accounts/account.ts';
import type { ApplicationUsage, KeyAddress, UsageRange, UsageReport } from '../usage/usage.ts';

/** What pages may ask about calls. */
export interface PortalUsage {
  forApplication(actor: Actor, applicationId: string, days: number): Promise<ApplicationUsage | null>;
  /** Allowed calls since midnight UTC over all applications of the actor. */
  allowedToday(actor: Actor): Promise<number>;
  /** null when the application is absent or another team's. */
  report(actor: Actor, applicationId: string, range: UsageRange): Promise<UsageReport | null>;
  /** The same of one key of it; empty for a key that is none of the application's. */
  keyReport(actor: Actor, applicationId: string, keyId: string, range: UsageRange): Promise<UsageReport | null>;
  /** From where a key was used, newest first. */
  addresses(actor: Actor, applicationId: string, keyId: string): Promise<readonly KeyAddress[] | null>;
  /** Owners only, over all applications: null for everybody else. */
  apiReport(actor: Actor, apiSlug: string, range: UsageRange): Promise<UsageReport | null>;
}
