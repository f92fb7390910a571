import { z } from 'zod';

import { UNSEEN } from '../applications/text.form.ts';
import { linkKind } from '../platform/link.ts';
import { cvssScore } from './cvss.ts';
import { INCIDENT_STATUSES, SEVERITIES } from './notice.ts';

/**
 * What can be said of a notice beside its text: the front matter of a file, and what the owners' editor keeps. One schema,
 * so that both sources take and refuse the same. Everything stays as it is written; `to-notice.ts` reads it.
 */

const CWE = /^(CWE-[1-9]\d{0,5}): (\S.{0,200})$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{2,59}$/;
/** CVE Record Format: four digits of the year, four or more of the number. */
const CVE = /^CVE-(?:1999|2\d{3})-\d{4,19}$/;

const text = (maxLength: number) =>
  z
    .string('is missing or not text; numbers need quotes')
    .trim()
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`);

/** A day (its first moment in UTC) or a moment. */
const moment = z.union(
  [z.iso.date(), z.iso.datetime()],
  'must be a date such as 2026-11-24, or a moment such as 2026-11-24T09:00:00Z',
);

const link = z
  .string('must be text')
  .max(500, 'must have at most 500 characters')
  .refine(
    (href) => ['own', 'foreign'].includes(linkKind(href) ?? ''),
    'must be a path such as /docs/parcels/v2, or an http or https URL',
  );

const affected = z.strictObject(
  {
    api: z.string('must name an API').regex(/^[a-z0-9-]+$/, 'must be the name of an API, as in its address'),
    versions: z.array(text(30), 'must be a list').default([]),
    operations: z.array(text(100), 'must be a list').default([]),
    plans: z.array(text(40), 'must be a list').optional(),
    keys: z.array(z.string().regex(/^key_\w{1,64}$/, 'must be the id of a key'), 'must be a list').optional(),
  },
  'must name an api, and versions and operations if not all are affected',
);

const common = {
  title: text(120),
  summary: text(300),
  affects: z.array(affected, 'must be a list of APIs').min(1, 'must name at least one API'),
};

const advisory = {
  ...common,
  kind: z.literal('advisory'),
  severity: z.enum(SEVERITIES, 'must be critical, high, medium or low'),
  fixed_in: text(40).optional(),
  ids: z
    .array(
      z
        .string()
        .regex(ID, 'must be an id such as CVE-2026-12345')
        .refine((id) => !/^cve-/i.test(id) || CVE.test(id), 'is no CVE number; one looks like CVE-2026-12345'),
      'must be a list of ids',
    )
    .default([]),
  cvss: z
    .string('must be text')
    .refine(
      (vector) => cvssScore(vector) !== null,
      'must be a CVSS 3.1 or 4.0 vector such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N',
    )
    .optional(),
  cwe: z
    .string('must be text')
    .regex(CWE, 'must be number and name, such as "CWE-340: Generation of Predictable Numbers or Identifiers"')
    .optional(),
  workaround: text(1000).optional(),
  credit: z.array(text(100), 'must be a list of names').default([]),
};

const deprecation = {
  ...common,
  kind: z.literal('deprecation'),
  deprecated: moment,
  sunset: moment,
  replacement: link.optional(),
  guide: link.optional(),
};

const change = { ...common, kind: z.literal('change'), effective: moment.optional() };

export const timelineEntry = z.strictObject({
  at: moment,
  status: z.enum(INCIDENT_STATUSES, 'must be investigating, identified, monitoring or resolved'),
  text: text(2000),
});

const incident = {
  ...common,
  kind: z.literal('incident'),
  started: moment,
  timeline: z.array(timelineEntry, 'must be a list of entries').min(1, 'must have at least one entry').max(200),
  review: text(20_000).optional(),
};

const publication = {
  published: moment,
  updated: moment.optional(),
  corrections: z
    .array(z.strictObject({ at: moment, reason: text(500) }), 'must be a list of what was put right')
    .default([]),
};

const KIND = 'must be advisory, deprecation, change or incident';

/** What an owner writes, before it is published. */
export const draftFields = z
  .discriminatedUnion(
    'kind',
    [z.strictObject(advisory), z.strictObject(deprecation), z.strictObject(change), z.strictObject(incident)],
    KIND,
  )
  .superRefine((fields, context) => {
    for (const name of ['title', 'summary'] as const) {
      // What turns or hides text would let a title read as another; files are read by those who review them.
      if (UNSEEN.test(fields[name].replaceAll(/\s/g, ' ')))
        context.addIssue({ code: 'custom', path: [name], message: 'has a character that cannot be seen' });
    }
    checkOrder(fields, context);
  });

/** The front matter of a file. */
export const fileFields = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ ...advisory, ...publication }),
      z.strictObject({ ...deprecation, ...publication }),
      z.strictObject({ ...change, ...publication }),
      z.strictObject({ ...incident, ...publication }),
    ],
    KIND,
  )
  .superRefine((fields, context) => {
    if (fields.updated !== undefined && Date.parse(fields.updated) < Date.parse(fields.published))
      context.addIssue({ code: 'custom', path: ['updated'], message: 'must not be earlier than published' });
    checkOrder(fields, context);
  });

export type DraftFields = z.output<typeof draftFields>;
export type FileFields = z.output<typeof fileFields>;

function checkOrder(fields: DraftFields | FileFields, context: z.RefinementCtx): void {
  // RFC 9745, section 4: the sunset must not be earlier than the deprecation.
  if (fields.kind === 'deprecation' && Date.parse(fields.sunset) < Date.parse(fields.deprecated))
    context.addIssue({ code: 'custom', path: ['sunset'], message: 'must not be earlier than deprecated (RFC 9745)' });
  if (fields.kind !== 'incident') return;
  const times = fields.timeline.map(({ at }) => Date.parse(at));
  const wrong = times.findIndex((atMs, index) => atMs < (times[index - 1] ?? -Infinity));
  if (wrong !== -1) {
    const message = 'must not be earlier than the entry before it';
    context.addIssue({ code: 'custom', path: ['timeline', wrong, 'at'], message });
  }
}

/** `CWE-340: Name` in its parts; null for nothing. */
export function weaknessOf(cwe: string | undefined): { id: string; name: string } | null {
  const [, id, name] = CWE.exec(cwe ?? '') ?? [];
  return id !== undefined && name !== undefined ? { id, name } : null;
}
