import type { IncomingMessage } from 'node:http';

/** The headers that the verifier reads, of a gateway's question or of a call to the built-in gateway. */
export interface CallHeaders {
  authorization: string | undefined;
  apiKey: string | undefined;
  /** `null`, as browsers say for none, when it came twice with different values. */
  origin: string | undefined;
  /** `Referer`; '' when it came twice with different values. */
  referrer: string | undefined;
  /** A credential header came twice, with different values. */
  contradictory: boolean;
  /** All X-Forwarded-For lines, joined in order. */
  forwardedFor: string | undefined;
  gatewaySecret: string | undefined;
  originalMethod: string | undefined;
  originalUri: string | undefined;
  forwardedMethod: string | undefined;
  forwardedUri: string | undefined;
  api: string | undefined;
  /** A header that only the gateway may write came twice: somebody else wrote one of them. */
  repeated: boolean;
}

/**
 * Node's own object of headers keeps the first of two Authorization lines and joins others, which would hide a contradiction
 * from the decision. Where it has as many names as there are lines it hides nothing, and is read five times as fast.
 * @param request as it was received: whoever adds to its headers has to read its lines
 */
export function readCallHeaders({ headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): CallHeaders {
  if (Object.keys(headers).length * 2 !== rawHeaders.length) return readCallLines(rawHeaders);
  // Only Set-Cookie, which is not read here, can be a list.
  return readNames(headers as Readonly<Record<string, string | undefined>>);
}

/** Reads raw headers, one line after the other. */
export function readCallLines(rawHeaders: readonly string[]): CallHeaders {
  const headers = readNames({});
  for (let index = 0; index < rawHeaders.length; index += 2) {
    readLine(headers, (rawHeaders[index] ?? '').toLowerCase(), rawHeaders[index + 1] ?? '');
  }
  return headers;
}

function readNames(named: Readonly<Record<string, string | undefined>>): CallHeaders {
  return {
    authorization: named.authorization,
    apiKey: named['x-api-key'],
    origin: named.origin,
    referrer: named.referer,
    contradictory: false,
    forwardedFor: named['x-forwarded-for'],
    gatewaySecret: named['gatehouse-secret'],
    originalMethod: named['x-original-method'],
    originalUri: named['x-original-uri'],
    forwardedMethod: named['x-forwarded-method'],
    forwardedUri: named['x-forwarded-uri'],
    api: named['gatehouse-api'],
    repeated: false,
  };
}

function readLine(headers: CallHeaders, name: string, value: string): void {
  switch (name) {
    case 'authorization':
      headers.contradictory ||= headers.authorization !== undefined && headers.authorization !== value;
      headers.authorization = value;
      return;
    case 'x-api-key':
      headers.contradictory ||= headers.apiKey !== undefined && headers.apiKey !== value;
      headers.apiKey = value;
      return;
    case 'origin':
      headers.origin = headers.origin === undefined || headers.origin === value ? value : 'null';
      return;
    case 'referer':
      headers.referrer = headers.referrer === undefined || headers.referrer === value ? value : '';
      return;
    case 'x-forwarded-for':
      headers.forwardedFor = headers.forwardedFor === undefined ? value : `${headers.forwardedFor},${value}`;
      return;
    case 'gatehouse-secret':
      headers.repeated ||= headers.gatewaySecret !== undefined;
      headers.gatewaySecret = value;
      return;
    case 'x-original-method':
      headers.repeated ||= headers.originalMethod !== undefined;
      headers.originalMethod = value;
      return;
    case 'x-original-uri':
      headers.repeated ||= headers.originalUri !== undefined;
      headers.originalUri = value;
      return;
    case 'x-forwarded-method':
      headers.repeated ||= headers.forwardedMethod !== undefined;
      headers.forwardedMethod = value;
      return;
    case 'x-forwarded-uri':
      headers.repeated ||= headers.forwardedUri !== undefined;
      headers.forwardedUri = value;
      return;
    case 'gatehouse-api':
      headers.repeated ||= headers.api !== undefined;
      headers.api = value;
      return;
  }
}
