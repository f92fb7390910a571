import type { AuthenticatedToken } from '../access-tokens/authenticate-access-token.ts';
import type { RequestOrigin } from '../accounts/account.ts';

/** What the management API asks of the process around it; `open-gate.ts` answers. */
export interface ManagementGate {
  /** Who presents an access token; counts the call against the token's rate limit. */
  enter(token: string, origin: RequestOrigin): Promise<GateEntry>;
  /** Unguessable; names the call in the answer and in the log. */
  newRequestId(): string;
  /** Does one piece of work after the other on the same subject, in this process. */
  exclusively<Result>(subject: string, work: () => Promise<Result>): Promise<Result>;
  /** Claims an Idempotency-Key, or says what became of its first request. */
  begin(call: IdempotentCall): Promise<Begun>;
  /** Keeps the answer of what was begun, for 24 hours; null forgets the request, so that it can be sent again. */
  finish(call: IdempotentCall, startedAtMs: number, answer: string | null): Promise<void>;
  /** Writes a line to the log: at level `info`, and an error at level `error`. */
  report(call: ReportedCall, error?: unknown): void;
}

export interface RateState {
  limit: number;
  windowSeconds: number;
  remaining: number;
  /** Until one more call fits. */
  resetSeconds: number;
}

export type GateEntry =
  | { ok: true; caller: AuthenticatedToken; rate: RateState }
  | { ok: false; reason: 'not_active' }
  | { ok: false; reason: 'rate_limited'; rate: RateState };

export interface IdempotentCall {
  tokenId: string;
  /** As presented. */
  token: string;
  /** The Idempotency-Key. */
  key: string;
  /** Of method, path and body: the same key with another request is refused. */
  requestHash: string;
}

export type Begun =
  /** `again`: the first one was interrupted, and nobody knows how far it came. */
  | { state: 'first' | 'again'; startedAtMs: number }
  | { state: 'done'; answer: string }
  | { state: 'running' | 'other_request' };

export interface ReportedCall {
  requestId: string;
  operationId: string;
  status: number;
  /** null without an access token. */
  tokenId: string | null;
}
