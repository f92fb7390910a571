import type { IncomingMessage, ServerResponse } from 'node:http';

import type { IpAddress } from '../platform/ip-address.ts';
import type { CallHeaders } from './call-headers.ts';
import type { Question } from './question.ts';
import { refusalHeaders, refusalProblem } from './refusal-problem.ts';
import type { Verdict } from './verdict.ts';
import { endingHeaders, identityHeaders, limitHeaders } from './verdict-headers.ts';
import { writeProblem } from './write-problem.ts';

/** The `path_prefix` of the shipped configuration. */
export const ENVOY_PREFIX = '/verify/envoy';

/**
 * The dialect of Envoy `ext_authz` over HTTP: Envoy asks with the method of the call and with its path behind
 * `path_prefix`, so that there are no headers to read them from, and none that a caller could forge.
 */
export function readQuestion(
  headers: CallHeaders,
  address: IpAddress | null,
  request: Pick<IncomingMessage, 'method' | 'url'>,
): Question {
  const [slug, version] = headers.api === undefined ? [null, null] : headers.api.split('/', 2);
  const uri = (request.url ?? '').slice(ENVOY_PREFIX.length);
  return {
    headers,
    method: request.method ?? '',
    uri,
    api: slug ?? null,
    version: version ?? null,
    address,
    cost: null,
  };
}

/**
 * Envoy passes on 200 alone, hands other answers to the caller as they are, and makes `status_on_error` of every 5xx.
 * What ends is sent only where there is something to say: Envoy would hand an empty header to the caller.
 */
export function writeVerdict(verdict: Verdict, response: ServerResponse, publicUrl: string): void {
  if (verdict.allowed) {
    response.writeHead(200, [
      ...identityHeaders(verdict),
      ...limitHeaders(verdict.limits),
      ...endingHeaders(verdict, publicUrl),
      'Content-Length',
      '0',
    ]);
    response.end();
    return;
  }
  const limits = 'limits' in verdict.refusal ? verdict.refusal.limits : null;
  writeProblem(response, refusalProblem(verdict), publicUrl, [...refusalHeaders(verdict), ...limitHeaders(limits)]);
}
