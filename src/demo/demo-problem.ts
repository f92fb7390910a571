import { STATUS_CODES } from 'node:http';

import { PROBLEM_MEDIA_TYPE } from '../platform/problem.ts';
import type { DemoAnswer } from './demo-route.ts';

/** Problem details (RFC 9457) of the demonstration; `code` is stable. */
export function problem(
  status: number,
  code: string,
  detail: string,
  extra: Readonly<Record<string, unknown>> = {},
): DemoAnswer {
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? '', status, detail, code, ...extra };
  return { status, contentType: PROBLEM_MEDIA_TYPE, body };
}
