import { version } from '../../platform/version.ts';
import type { Credentials } from './credentials.ts';
import { type Failure, type Outcome, done, failure } from './outcome.ts';
import { type Terminal, plainText } from './terminal.ts';

const TIMEOUT_MS = 30_000;
const DOCUMENT_TIMEOUT_MS = 180_000;
/** How long to go on asking when the portal says that it is not the time. */
const PATIENCE_MS = 90_000;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Sent {
  body?: object;
  idempotencyKey?: string;
  /** Instead of `body`: a text that is sent as it is; checking a large one takes its time. */
  document?: { text: string; type: string };
  /** Only if it is still as it was read. */
  ifMatch?: string;
}

export interface Tagged<Value> {
  value: Value;
  /** ETag; `*` where there is none. */
  tag: string;
}

/** The management API of one portal, with one access token. */
export interface ApiClient {
  readonly url: string;
  /** @param path below `/api/v1` */
  call<Value>(method: Method, path: string, sent?: Sent): Promise<Outcome<Value>>;
  /** One thing, and the tag with which it can be changed if nobody else does meanwhile. */
  readTagged<Value>(path: string): Promise<Outcome<Tagged<Value>>>;
  /** One page after the other; `onPage` sees each when it has come. */
  eachPage(path: string, member: string, onPage: (items: readonly unknown[]) => void): Promise<Outcome<null>>;
  /** All pages of a list. */
  list<Item>(path: string, member: string): Promise<Outcome<readonly Item[]>>;
}

export function createApiClient(terminal: Terminal, { url, token }: Credentials): ApiClient {
  const exchange = async (method: Method, path: string, sent: Sent = {}): Promise<Outcome<Answered>> => {
    const headers = { Authorization: `Bearer ${token}`, ...headersOf(sent) };
    for (let waitedMs = 0; ;) {
      const answer = await ask(terminal, `${url}/api/v1${path}`, method, headers, sent);
      if (!answer.ok) return answer;
      const waitMs = waitFor(answer.value);
      if (waitMs === null || waitedMs + waitMs > PATIENCE_MS) return answer;
      waitedMs += waitMs;
      await terminal.sleep(waitMs);
    }
  };
  const call = async <Value>(method: Method, path: string, sent?: Sent): Promise<Outcome<Value>> => {
    const answer = await exchange(method, path, sent);
    return answer.ok ? read<Value>(url, answer.value) : answer;
  };
  const eachPage: ApiClient['eachPage'] = async (path, member, onPage) => {
    let cursor: string | null = '';
    while (cursor !== null) {
      const separator = path.includes('?') ? '&' : '?';
      const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Outcome<Record<string, unknown>> = await call('GET', `${path}${separator}limit=100${from}`);
      if (!page.ok) return page;
      onPage(page.value[member] as readonly unknown[]);
      cursor = page.value.nextCursor as string | null;
    }
    return done(null);
  };
  return {
    url,
    call,
    async readTagged<Value>(path: string): Promise<Outcome<Tagged<Value>>> {
      const answer = await exchange('GET', path);
      const value = answer.ok ? read<Value>(url, answer.value) : answer;
      return answer.ok && value.ok ? done({ value: value.value, tag: answer.value.tag ?? '*' }) : (value as Failure);
    },
    eachPage,
    async list<Item>(path: string, member: string): Promise<Outcome<readonly Item[]>> {
      const items: Item[] = [];
      const outcome = await eachPage(path, member, (page) => items.push(...(page as readonly Item[])));
      return outcome.ok ? done(items) : outcome;
    },
  };
}

interface Answered {
  status: number;
  retryAfter: string | null;
  /** ETag */
  tag: string | null;
  /** null when it is no JSON. */
  body: Problem | null;
}

interface Problem {
  code?: string;
  title?: string;
  detail?: string;
  scope?: string;
  /** `pointer` into the body that was sent, or the line of a document. */
  errors?: readonly { pointer?: string; line?: number | null; column?: number | null; detail: string }[];
}

/** Redirects are not followed: a token goes nowhere but to the portal that was named. */
async function ask(
  terminal: Terminal,
  url: string,
  method: Method,
  headers: Readonly<Record<string, string>>,
  { body, document }: Sent,
): Promise<Outcome<Answered>> {
  try {
    const response = await terminal.fetch(url, {
      method,
      headers: { ...headers, Accept: 'application/json', 'User-Agent': `gatehouse/${version}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(document ? DOCUMENT_TIMEOUT_MS : TIMEOUT_MS),
      ...(body && { body: JSON.stringify(body) }),
      ...(document && { body: document.text }),
    });
    const text = await response.text();
    const { status, headers: answered } = response;
    return done({
      status,
      retryAfter: answered.get('retry-after'),
      tag: answered.get('etag'),
      body: parseJson(text),
    });
  } catch (error) {
    return failure('unreachable', 'unreachable', `${new URL(url).origin} cannot be reached: ${reasonOf(error)}`);
  }
}

function headersOf({ body, document, idempotencyKey, ifMatch }: Sent): Record<string, string> {
  return {
    ...(body && { 'Content-Type': 'application/json' }),
    ...(document && { 'Content-Type': document.type }),
    ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
    ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
  };
}

/** Milliseconds, when the portal asks for patience. */
function waitFor({ status, retryAfter, body }: Answered): number | null {
  if (status !== 429 && body?.code !== 'request_in_progress') return null;
  const seconds = Number(retryAfter);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 1000;
}

function read<Value>(origin: string, { status, body }: Answered): Outcome<Value> {
  if (status === 204) return done(null as Value);
  if (status >= 200 && status < 300 && body !== null) return done(body as Value);
  if (body?.code === undefined) {
    const message = `What answered at ${origin} (status ${status}) is no Gatehouse portal. Check the address.`;
    return failure('unreachable', 'no_portal', message);
  }
  return refusal(status, body, body.code);
}

function refusal(status: number, problem: Problem, code: string): Failure {
  const { title = 'Refused', detail = '', errors = [], scope } = problem;
  const members = errors.map((error) => `${placeOf(error)}: ${error.detail}`).join(' ');
  const wanted = scope === undefined ? '' : ` It needs the scope ${scope}: gatehouse sign-in --scope ${scope}`;
  const again = status === 401 ? ' Run: gatehouse sign-in' : '';
  const message = plainText(`${title}: ${members === '' ? detail : members}${wanted}${again}`);
  if (status === 401) return failure('notSignedIn', code, message);
  if (status === 403) return failure('notAllowed', code, message);
  if (status === 404) return failure('notFound', code, message);
  return failure(status >= 500 ? 'unreachable' : 'failed', code, message);
}

function placeOf({ pointer, line, column }: NonNullable<Problem['errors']>[number]): string {
  if (line === undefined) return pointer ?? '';
  return line === null ? 'document' : `line ${line}, column ${column ?? 1}`;
}

function parseJson(text: string): Problem | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** What the network says, without what it was asked for. */
export function reasonOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  return cause?.code ?? cause?.message ?? 'the connection failed';
}
