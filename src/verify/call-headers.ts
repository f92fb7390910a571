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
 * Reads raw headers in one pass. Node's own object of headers keeps the first of two Authorization lines and joins
 * others, which would hide a contradiction from the decision.
 */
export function readCallHeaders(rawHeaders: readonly string[]): CallHeaders {
  const headers = noHeaders();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    readHeader(headers, (rawHeaders[index] ?? '').toLowerCase(), rawHeaders[index + 1] ?? '');
  }
  return headers;
}

function noHeaders(): CallHeaders {
  return {
    authorization: undefined,
    apiKey: undefined,
    origin: undefined,
    referrer: undefined,
    contradictory: false,
    forwardedFor: undefined,
    gatewaySecret: undefined,
    originalMethod: undefined,
    originalUri: undefined,
    forwardedMethod: undefined,
    forwardedUri: undefined,
    api: undefined,
    repeated: false,
  };
}

function readHeader(headers: CallHeaders, name: string, value: string): void {
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
