import type { IpAddress } from '../platform/ip-address.ts';
import type { CredentialHeaders } from './credential.ts';

/** What a gateway asks about one call, in no particular dialect. */
export interface Question {
  headers: CredentialHeaders;
  /** As the caller sent it. */
  method: string | null;
  /** Raw path and query as the caller sent them; null only for a program that verifies a key by itself. */
  uri: string | null;
  /** Given when the gateway's paths lack the prefix `/<api>/<version>`. */
  api: string | null;
  version: string | null;
  /** null when it cannot be known. */
  address: IpAddress | null;
}
