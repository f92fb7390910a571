import { z } from 'zod';

import { trimEndCharacters } from '../platform/trim-characters.ts';
import { OVERLAP_MAX_DAYS_DEFAULT } from '../plans/plan.ts';
import { type Lifecycle } from './api.ts';
import { type FileProblem, MANAGEMENT_API_SLUG } from './catalog.ts';
import { readSource } from './document-source.ts';
import { checkPlanLimits, planLimitFields } from './plan-limits-file.ts';
import type { VersionEnding } from './version-ending.ts';
import { checkEnding, endingFields, toEnding } from './version-ending-file.ts';
import { versionNameProblem } from './version-name.ts';

/** What `content/apis/<slug>/api.yaml` says. */
export interface ApiFile {
  title: string;
  summary: string;
  versions: readonly ApiFileVersion[];
  plans: readonly ApiFilePlan[];
}

export interface ApiFileVersion {
  version: string;
  lifecycle: Lifecycle;
  deprecatedAtMs: number | null;
  sunsetAtMs: number | null;
  upstreamUrl: string;
  ending?: VersionEnding;
  /** Its document is pushed to the portal; there is no file. */
  isPushed: boolean;
}

type ApiFilePlan = z.infer<typeof plan>;

export type ApiFileResult = { ok: true; file: ApiFile } | { ok: false; problems: readonly FileProblem[] };

export const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const SLUG_RULE = 'must be lower-case letters, digits and single hyphens, 40 characters at most';

const line = (most: number) =>
  z.string('must be text').trim().min(1, 'must not be empty').max(most, `must be ${most} characters at most`);
const count = z
  .int('must be a whole number')
  .min(1, 'must be 1 or more')
  .max(1_000_000_000, 'must be 1,000,000,000 at most');

/** A day counts from its first moment in UTC. */
const moment = z
  .union([z.iso.date(), z.iso.datetime()], 'must be a date such as 2027-05-31, or a time such as 2027-05-31T12:00:00Z')
  .transform((value) => Date.parse(value));

const upstream = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address, such as http://127.0.0.1:4330/v2' })
  .refine((value) => {
    const url = new URL(value);
    return url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  }, 'must have no query, fragment, name or password')
  .transform((value) => trimEndCharacters(value, '/'));

const version = z
  .strictObject({
    lifecycle: z.enum(['active', 'deprecated', 'retired'], 'must be active, deprecated or retired'),
    deprecated: moment.optional(),
    sunset: moment.optional(),
    upstream: upstream.optional(),
    document: z.enum(['file', 'pushed'], 'must be file or pushed').default('file'),
    ...endingFields,
  })
  .refine((value) => value.lifecycle !== 'deprecated' || value.deprecated !== undefined, {
    path: ['deprecated'],
    error: 'is missing: a deprecated version says since when',
  })
  // RFC 9745, section 4: a sunset is never before the deprecation.
  .refine((value) => value.sunset === undefined || value.deprecated === undefined || value.sunset >= value.deprecated, {
    path: ['sunset'],
    error: 'must not be before deprecated',
  })
  .superRefine(checkEnding);

const days = (most: number) => count.max(most, `must be ${most} at most`);

/** What a plan asks of the keys of those who use it. */
const keyRules = z.strictObject({
  overlapMaxDays: days(365).default(OVERLAP_MAX_DAYS_DEFAULT),
  rotateEveryDays: days(730).optional(),
  maxLifetimeDays: days(3650).optional(),
  dormant: z
    .strictObject({
      afterDays: days(730),
      action: z.enum(['remind', 'suspend'], 'must be remind or suspend').default('remind'),
    })
    .optional(),
});

const plan = z
  .strictObject({
    slug: z.string('must be text').max(40, SLUG_RULE).regex(SLUG, SLUG_RULE),
    title: line(60),
    summary: line(200),
    scopes: z.array(
      z
        .string('must be text')
        .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,60}$/, 'must be a scope of RFC 6749: no spaces, quotes or backslashes'),
    ),
    ...planLimitFields,
    approval: z.literal('required', 'must be required, or left out').optional(),
    keys: keyRules.default({ overlapMaxDays: OVERLAP_MAX_DAYS_DEFAULT }),
  })
  .superRefine(checkPlanLimits);

const versionName = z.string().superRefine((name, context) => {
  const problem = versionNameProblem(name);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

const apiFile = z.strictObject({
  title: line(80),
  summary: line(300),
  versions: z
    .record(versionName, version)
    .refine((versions) => Object.keys(versions).length > 0, 'must name one version or more'),
  plans: z
    .array(plan)
    .refine((plans) => new Set(plans.map(({ slug }) => slug)).size === plans.length, 'must not name a slug twice')
    .default([]),
});

/** Reads an `api.yaml`; every mistake comes with its line. */
export function parseApiFile(slug: string, text: string): ApiFileResult {
  const read = readSource(text, 'yaml');
  if (!read.ok) return read;
  const parsed = apiFile.safeParse(read.source.value);
  const { lineOf } = read.source;
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const path = issue.path.map(String);
      if (issue.code === 'unrecognized_keys') path.push(issue.keys[0] ?? '');
      return { line: lineOf(path), reason: `${path.join('.')} ${explain(issue)}`.trim() };
    });
    return { ok: false, problems };
  }
  const { versions, ...rest } = parsed.data;
  const problems = Object.entries(versions)
    .filter(([, { upstream: address }]) => (address === undefined) !== (slug === MANAGEMENT_API_SLUG))
    .map(([name]) => ({ line: lineOf(['versions', name]), reason: `versions.${name}.upstream ${upstreamRule(slug)}` }));
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    file: { ...rest, versions: Object.entries(versions).map(([name, value]) => toVersion(name, value)) },
  };
}

function toVersion(name: string, value: z.infer<typeof version>): ApiFileVersion {
  const ending = toEnding(value);
  return {
    version: name,
    lifecycle: value.lifecycle,
    deprecatedAtMs: value.deprecated ?? null,
    sunsetAtMs: value.sunset ?? null,
    upstreamUrl: value.upstream ?? '',
    isPushed: value.document === 'pushed',
    ...(ending ? { ending } : {}),
  };
}

function upstreamRule(slug: string): string {
  return slug === MANAGEMENT_API_SLUG
    ? 'must be left out: the portal serves this API itself'
    : 'is missing: the address to which the gateway sends calls';
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'is not known here';
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing';
  return issue.message;
}
