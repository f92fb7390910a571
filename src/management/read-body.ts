import type { z } from 'zod';

import { scanJson } from '../catalog/json-scan.ts';
import type { Problem } from '../platform/problem.ts';
import { holdsToken } from '../platform/token-shape.ts';
import { issueText } from './issue-text.ts';
import type { AnyOperation, RawBody } from './operation.ts';
import { problemOf } from './refusals.ts';

export type ReadBody = { ok: true; body: unknown; bytes: Uint8Array; text: string } | { ok: false; problem: Problem };

const BODY_MAX_BYTES = 64 * 1024;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const DEPTH_MAX = 8;
const NO_BYTES = new Uint8Array();

/** Reads the JSON object that an operation takes; unknown members are refused, and so is a body where none is taken. */
export async function readBody(operation: AnyOperation, request: Request): Promise<ReadBody> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (operation.rawBody) return readRawBody(operation.rawBody, bytes, request);
  if (bytes.length > BODY_MAX_BYTES) return { ok: false, problem: problemOf('body_too_large') };
  if (!operation.body) {
    if (bytes.length === 0) return { ok: true, body: undefined, bytes, text: '' };
    return { ok: false, problem: problemOf('malformed_body', 'This operation takes no body. Send none.') };
  }
  if (bytes.length > 0 && !JSON_TYPE.test(request.headers.get('content-type')?.trim() ?? '')) {
    return { ok: false, problem: problemOf('unsupported_media_type') };
  }
  const parsed = parseObject(bytes);
  if (typeof parsed === 'string') return { ok: false, problem: problemOf('malformed_body', parsed) };
  const checked = operation.body.safeParse(parsed);
  if (checked.success) return { ok: true, body: checked.data, bytes: NO_BYTES, text: JSON.stringify(parsed) };
  const errors = checked.error.issues.flatMap((issue) => toErrors(issue, parsed));
  const first = errors[0];
  const detail = first && `${first.pointer === '' ? '' : `${first.pointer}: `}${first.detail}`;
  return { ok: false, problem: problemOf('invalid_body', detail, { errors }) };
}

/** How large it may be is known to the front server, and to the operation. */
function readRawBody({ mediaTypes }: RawBody, bytes: Uint8Array, request: Request): ReadBody {
  const [type = ''] = (request.headers.get('content-type') ?? '').toLowerCase().split(';');
  if (mediaTypes.includes(type.trim())) return { ok: true, body: undefined, bytes, text: '' };
  const detail = `Send one of these as Content-Type: ${mediaTypes.join(', ')}.`;
  return { ok: false, problem: problemOf('unsupported_media_type', detail) };
}

/** The object, or what is wrong. No body at all is an empty object: then members that are missing are told. */
function parseObject(bytes: Uint8Array): object | string {
  if (bytes.length === 0) return {};
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return 'The body is not UTF-8.';
  }
  const duplicates: string[] = [];
  let depth = 0;
  const mistake = scanJson(text, (path, _offset, isDuplicate) => {
    depth = Math.max(depth, path.length);
    if (isDuplicate) duplicates.push(pointerTo(path));
  });
  if (mistake) return `The body is not JSON: character ${mistake.offset + 1} should be ${mistake.expected}.`;
  if (duplicates[0] !== undefined) return `The body names ${duplicates[0]} twice. Send each member once.`;
  if (depth > DEPTH_MAX) return 'The body is nested too deep.';
  const value: unknown = JSON.parse(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? value : 'The body must be one JSON object.';
}

interface BodyError {
  /** JSON pointer as a URI fragment (RFC 6901, 6), such as `#/allowlist/0`. */
  pointer: string;
  detail: string;
}

function toErrors(issue: z.core.$ZodIssue, body: object): BodyError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({ pointer: pointerTo([...path, name]), detail: 'There is no such member.' }));
  }
  return [{ pointer: pointerTo(path), detail: isMissing(issue, body) ? 'This member is required.' : issueText(issue) }];
}

function isMissing(issue: z.core.$ZodIssue, body: object): boolean {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value') return false;
  let value: unknown = body;
  for (const step of issue.path) {
    if (typeof value !== 'object' || value === null) return false;
    value = Object.hasOwn(value, step) ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  }
  return value === undefined;
}

/** What somebody pasted a token into is not repeated. */
function pointerTo(path: readonly string[]): string {
  const steps = path.map((step) => (holdsToken(step) ? '?' : step.slice(0, 100)));
  return `#${steps.map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;
}
