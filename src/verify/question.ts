import type { IpAddress } from '../platform/ip-address.ts';
import type { CredentialHeaders } from './credential.ts';

/** The headers of the call that a decision rests on, as received. */
export interface QuestionHeaders extends CredentialHeaders {
  /** `Origin` and `Referer`, by which browsers say which page calls. */
  origin?: string | undefined;
  referrer?: string | undefined;
}

/** What a gateway asks about one call, in no particular dialect. */
export interface Question {
  headers: QuestionHeaders;
  /** As the caller sent it. */
  method: string | null;
  /** Raw path and query as the caller sent them; null only for a program that verifies a key by itself. */
  uri: string | null;
  /** Given when the gateway's paths lack the prefix `/<api>/<version>`. */
  api: string | null;
  version: string | null;
  /** What the call costs, as a program says; 0 only looks. null leaves it to the plan and the document. */
  cost: number | null;
  /** null when it cannot be known. */
  address: IpAddress | null;
}
