import type { RequestOrigin } from '../accounts/account.ts';
import type { Portal } from '../portal/portal.ts';
import type { Problem } from '../platform/problem.ts';
import type { AnyOperation } from './operation.ts';
import { type Written, write } from './respond.ts';

/** One call of the management API as it came in, and what answers need of it. */
export interface Incoming {
  portal: Portal;
  request: Request;
  origin: RequestOrigin;
  url: URL;
  requestId: string;
}

/** @param operation null where the path is none of ours */
export function refusal(
  { portal, url }: Incoming,
  operation: AnyOperation | null,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): Written {
  return write({ problem, headers }, operation, portal.site.publicUrl, url);
}
