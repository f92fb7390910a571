import type { ServerResponse } from 'node:http';

import type { IpAddress } from '../platform/ip-address.ts';
import { problemBody } from '../platform/problem.ts';
import type { CallHeaders } from './call-headers.ts';
import type { Question } from './question.ts';
import { refusalHeaders, refusalProblem } from './refusal-problem.ts';
import type { Verdict } from './verdict.ts';
import { asciiJson, endingHeaders, identityHeaders, limitHeaders } from './verdict-headers.ts';

/** The dialect of nginx `auth_request`: `X-Original-Method` and `X-Original-URI`, set by the shipped configuration. */
export function readQuestion(headers: CallHeaders, address: IpAddress | null): Question {
  const { originalMethod = '', originalUri = '', api } = headers;
  const [slug, version] = api === undefined ? [null, null] : api.split('/', 2);
  return {
    headers,
    method: originalMethod,
    uri: originalUri,
    api: slug ?? null,
    version: version ?? null,
    address,
    cost: null,
  };
}

/**
 * nginx passes on 2xx, 401 and 403 and makes 500 of everything else, so that other refusals are 403; the shipped
 * configuration restores the real status and body from `Gatehouse-Status` and `Gatehouse-Problem`.
 */
export function writeVerdict(verdict: Verdict, response: ServerResponse, publicUrl: string): void {
  if (verdict.allowed) {
    const headers = identityHeaders(verdict);
    headers.push(...limitHeaders(verdict.limits), ...endingHeaders(verdict, publicUrl), 'content-length', '0');
    response.writeHead(200, headers);
  } else {
    const problem = refusalProblem(verdict);
    response.writeHead(problem.status === 401 ? 401 : 403, [
      ...refusalHeaders(verdict),
      ...limitHeaders('limits' in verdict.refusal ? verdict.refusal.limits : null),
      'Gatehouse-Status',
      String(problem.status),
      'Gatehouse-Problem',
      asciiJson(problemBody(problem, publicUrl)),
      'Cache-Control',
      'no-store',
      'Content-Length',
      '0',
    ]);
  }
  response.end();
}
