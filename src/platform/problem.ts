/**
 * Problem details for programs (RFC 9457). People get the same facts as a page.
 * `code` is stable; the `type` link `PUBLIC_URL/errors/<code>` opens a page that explains it.
 */
export interface Problem {
  code: string;
  status: number;
  title: string;
  /** What was wrong with this request and what to do about it; never a secret. */
  detail: string;
  /** Path of a page of the portal about the very thing that was in the way; `type` explains the code only. */
  page?: string;
  /** Extension members of the JSON object. */
  extra?: Readonly<Record<string, unknown>>;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The RFC 9457 object of a problem. */
export function problemBody(problem: Problem, publicUrl: string): Record<string, unknown> {
  return {
    type: new URL(`/errors/${problem.code}`, publicUrl).href,
    title: problem.title,
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    ...(problem.page === undefined ? {} : { page: new URL(problem.page, publicUrl).href }),
    ...problem.extra,
  };
}
