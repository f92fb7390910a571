/** Answers of RFC 8628 and RFC 6749: JSON that nobody may keep. */
export function oauthAnswer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } });
}

export function oauthError(error: string, detail?: string): Response {
  return oauthAnswer(400, { error, ...(detail !== undefined && { error_description: detail }) });
}

/** null when the request may be answered. */
export function refusedMethod(request: Request): Response | null {
  return request.method === 'POST' ? null : oauthAnswer(405, { error: 'invalid_request' }, { Allow: 'POST' });
}
