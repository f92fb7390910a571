import type { z } from 'zod';

import type { ParcelState } from './parcel-state.ts';

/** One documented operation of the demonstration. */
export interface DemoRoute {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Template as in the OpenAPI document, below the version. */
  path: string;
  answer: (call: DemoCall) => DemoAnswer;
}

export interface DemoCall {
  state: ParcelState;
  /** A parameter of the path template, decoded. */
  parameter: (name: string) => string;
  query: URLSearchParams;
  /** Parsed JSON; undefined when there was none. */
  body: unknown;
  nowMs: number;
}

export interface DemoAnswer {
  status: number;
  /** JSON, or text with `contentType`; absent for 204. */
  body?: unknown;
  contentType?: string;
  location?: string;
}

export interface BodyMistake {
  /** JSON pointer (RFC 6901). */
  pointer: string;
  detail: string;
}

export type ParsedBody<T> = { ok: true; value: T } | { ok: false; mistakes: readonly BodyMistake[] };

export function parseBody<T>(schema: z.ZodType<T>, body: unknown): ParsedBody<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  const mistakes = parsed.error.issues.map((issue) => {
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    return { pointer: path.map((step) => `/${String(step)}`).join(''), detail: issue.message };
  });
  return { ok: false, mistakes };
}
