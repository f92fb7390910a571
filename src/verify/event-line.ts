import { z } from 'zod';

/** An answered call, as a line of a gateway's access log tells it. */
export interface CallEvent {
  /** When it was answered. */
  atMs: number;
  /** '' for a call that carried no key that passed. */
  keyId: string;
  api: string;
  version: string;
  operationId: string;
  status: number;
  /** null when it is not known. */
  latencyMs: number | null;
}

export type EventLine = { ok: true; event: CallEvent } | { ok: false; reason: string };

const LONGEST_LATENCY_MS = 24 * 3_600_000;
const name = z.string().max(200).default('');
/** nginx writes each variable as text, an unknown one as ''. */
const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,12}(\.\d{1,9})?$/)
    .transform(Number),
]);
const status = number.pipe(z.int().min(100, 'must be 100 to 599').max(599, 'must be 100 to 599'));
const time = z.union(
  [number.transform((seconds) => Math.round(seconds * 1000)), z.iso.datetime({ offset: true }).transform(Date.parse)],
  'must be seconds since 1970 or a date and time such as 2026-03-03T10:00:00Z',
);

const ownLine = z
  .strictObject({
    time,
    keyId: name,
    api: name,
    version: name,
    operationId: name,
    status,
    latencySeconds: number.or(z.literal('').transform(() => undefined)).optional(),
    latencyMs: number.optional(),
  })
  .transform(({ time: atMs, latencySeconds, latencyMs, ...rest }) => ({
    ...rest,
    atMs,
    operationId: plainText(rest.operationId),
    latencyMs: latencyMs ?? (latencySeconds === undefined ? null : latencySeconds * 1000),
  }));

/** What Caddy writes; `Gatehouse-Call` is set by the lines of the guide: key id, API, version and operation. */
const caddyLine = z
  .looseObject({
    logger: z.string().startsWith('http.log.access'),
    ts: z.number(),
    // 0 when it answered nothing.
    status: z.int().min(0).max(599),
    duration: z.number(),
    resp_headers: z.looseObject({ 'Gatehouse-Call': z.array(z.string().max(1000)).optional() }),
  })
  .transform(({ ts, status: answered, duration, resp_headers }) => {
    const [keyId = '', api = '', version = '', operationId = ''] = (resp_headers['Gatehouse-Call']?.[0] ?? '').split(
      ' ',
    );
    const called = { keyId, api, version, operationId: plainText(operationId) };
    return { ...called, atMs: Math.round(ts * 1000), status: answered, latencyMs: duration * 1000 };
  });

/** Reads one line of JSON: one of ours, or one of Caddy's access log. */
export function readEventLine(text: string): EventLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'is not JSON' };
  }
  if (typeof value !== 'object' || value === null) return { ok: false, reason: 'is not a JSON object' };
  const parsed = ('logger' in value ? caddyLine : ownLine).safeParse(value);
  if (!parsed.success) return { ok: false, reason: reasonOf(parsed.error) };
  const { latencyMs } = parsed.data;
  if (latencyMs !== null && !(latencyMs >= 0 && latencyMs <= LONGEST_LATENCY_MS))
    return { ok: false, reason: 'the latency must be 0 to 24 hours' };
  return { ok: true, event: parsed.data };
}

function reasonOf({ issues: [issue] }: z.ZodError): string {
  return issue ? `${issue.path.join('.')} ${issue.message}`.trim() : 'is not an event';
}

/** Gateways carry the names of operations in headers, where other characters than ASCII are percent-encoded. */
function plainText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
