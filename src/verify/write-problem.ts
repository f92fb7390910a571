import type { ServerResponse } from 'node:http';

import { PROBLEM_MEDIA_TYPE, type Problem, problemBody } from '../platform/problem.ts';
import { asciiJson } from './verdict-headers.ts';

/** Answers with problem details. @param headers further headers as a flat list of names and values */
export function writeProblem(
  response: ServerResponse,
  problem: Problem,
  publicUrl: string,
  headers: readonly string[] = [],
): void {
  const body = asciiJson(problemBody(problem, publicUrl));
  response.writeHead(problem.status, [
    ...headers,
    'Content-Type',
    PROBLEM_MEDIA_TYPE,
    'Content-Length',
    String(body.length),
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
  ]);
  response.end(body);
}
