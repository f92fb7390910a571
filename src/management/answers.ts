import type { Answer } from './operation.ts';
import { notFoundProblem, problemOf, type refusals } from './refusals.ts';

export function answer(body: object | string): Answer {
  return { status: 200, body };
}

/** @param path below `/api/v1`, where what was made can be read */
export function created(body: object, path: string): Answer {
  return { status: 201, body, headers: { Location: `/api/v1${path}` } };
}

export function refuse(
  code: keyof typeof refusals,
  detail?: string,
  extra?: Readonly<Record<string, unknown>>,
): Answer {
  return { problem: problemOf(code, detail, extra) };
}

/** Absent and foreign look alike. */
export function absent(what: string): Answer {
  return { problem: notFoundProblem(`There is no such ${what}, or it is not yours.`) };
}

/** For what everybody may see. */
export function absentHere(detail: string): Answer {
  return { problem: notFoundProblem(detail) };
}
