import type { z } from 'zod';

import type { AccessScope, AccessToken } from '../access-tokens/access-token.ts';
import type { Account, Actor, OwnTeam, RequestOrigin } from '../accounts/account.ts';
import type { Portal } from '../portal/portal.ts';
import type { Problem } from '../platform/problem.ts';
import type { RefusalCode } from './refusals.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call an operation: `public`, everybody; `api key`, with the API key that it is about; `any token`, with any
 * access token that works; a scope, with a token that has it.
 */
export type Access = 'public' | 'api key' | 'any token' | AccessScope;

/** Who calls with an access token. */
export interface Caller {
  /** For what is read and changed. An owner only where the operation wants a scope of owners. */
  actor: Actor;
  account: Account;
  teams: readonly OwnTeam[];
  accessToken: AccessToken;
}

/** One call, checked: what it asks for, and who asks. */
export interface Call<Params = Record<string, string>, Query = object, Body = unknown> {
  portal: Portal;
  origin: RequestOrigin;
  /** Throws where the operation wants no access token: such a handler has no business with it. */
  caller: () => Caller;
  params: Params;
  query: Query;
  body: Body;
  /** As sent, where the operation takes a `rawBody`; otherwise empty. */
  bytes: Uint8Array;
  headers: Headers;
  /** The same for each repetition of one request: what it names is made once. */
  requestId: string;
  nowMs: number;
}

export type Answer =
  | {
      status: 200 | 201 | 204;
      /** JSON text, or what is to be written as JSON; absent with 204. */
      body?: string | object;
      headers?: Readonly<Record<string, string>>;
    }
  | { problem: Problem; headers?: Readonly<Record<string, string>> };

/** A body that is no JSON object of ours. */
export interface RawBody {
  /** The first is the one that examples use. */
  mediaTypes: readonly string[];
  description: string;
}

/** What an operation answers when all went well. */
export interface Success {
  status: 200 | 201 | 204;
  description: string;
  /** Registered with `answerSchema`; null when there is no body. */
  schema: z.ZodType | null;
}

export interface Operation<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
> {
  operationId: string;
  method: Method;
  /** Below `/api/v1`, with parameters in braces. */
  path: string;
  tag: string;
  summary: string;
  /** Markdown. */
  description?: string;
  access: Access;
  params: Params;
  query: Query;
  /** Registered with `bodySchema`; null when it takes none. */
  body: Body | null;
  success: Success;
  /** What it refuses beside what every operation refuses. */
  refusals: readonly RefusalCode[];
  /** Instead of `body`: bytes that are taken as they are sent. */
  rawBody?: RawBody;
  /** For documents. */
  exampleBody?: z.input<Body>;
  /** True when doing it again after it was interrupted does no harm. */
  repeatable?: boolean;
  /** May be kept by anybody for a minute. */
  cacheable?: true;
  /** What the ETag of the answer and If-Match are about; absent where there is none. */
  current?: (call: Call<z.infer<Params>, z.infer<Query>>) => Promise<object | null>;
  handler: (call: Call<z.infer<Params>, z.infer<Query>, z.infer<Body>>) => Promise<Answer> | Answer;
}

/** Any operation of the table. Its handler is called with what its own schemas have parsed. */
export type AnyOperation = Omit<Operation, 'handler' | 'current' | 'exampleBody'> & {
  exampleBody?: unknown;
  current?: (call: Call) => Promise<object | null>;
  handler: (call: Call) => Promise<Answer> | Answer;
};

/** One line of the table: the router, the document and the tests are made from it. */
export function defineOperation<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType>(
  operation: Operation<Params, Query, Body>,
): AnyOperation {
  return operation as unknown as AnyOperation;
}

/** True when the operation wants an access token. */
export function wantsToken({ access }: Pick<AnyOperation, 'access'>): boolean {
  return access !== 'public' && access !== 'api key';
}
