import type { ServerResponse } from 'node:http';

import type { IpAddress } from '../platform/ip-address.ts';
import type { CallHeaders } from './call-headers.ts';
import { writeProblem } from './write-problem.ts';
import type { Question } from './question.ts';
import { refusalHeaders, refusalProblem } from './refusal-problem.ts';
import type { Verdict } from './verdict.ts';
import { allEndingHeaders, identityHeaders, limitHeaders } from './verdict-headers.ts';

/** The dialect of Caddy `forward_auth`: `X-Forwarded-Method` and `X-Forwarded-Uri`, which Caddy sets itself. */
export function readQuestion(headers: CallHeaders, address: IpAddress | null): Question {
  const { forwardedMethod = '', forwardedUri = '', api } = headers;
  const [slug, version] = api === undefined ? [null, null] : api.split('/', 2);
  return {
    headers,
    method: forwardedMethod,
    uri: forwardedUri,
    api: slug ?? null,
    version: version ?? null,
    address,
    cost: null,
  };
}

/** Caddy hands any answer but 2xx to the caller as it is. */
export function writeVerdict(verdict: Verdict, response: ServerResponse, publicUrl: string): void {
  if (verdict.allowed) {
    response.writeHead(200, [
      ...identityHeaders(verdict),
      ...limitHeaders(verdict.limits),
      ...allEndingHeaders(verdict, publicUrl),
      'Content-Length',
      '0',
    ]);
    response.end();
    return;
  }
  const limits = 'limits' in verdict.refusal ? verdict.refusal.limits : null;
  writeProblem(response, refusalProblem(verdict), publicUrl, [...refusalHeaders(verdict), ...limitHeaders(limits)]);
}
