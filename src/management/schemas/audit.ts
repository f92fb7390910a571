import { z } from 'zod';

import type { ChainResult } from '../../audit/audit-log.ts';
import { AUDIT_AREAS, type AuditFilter } from '../../audit/audit-query.ts';
import type { AuditLine } from '../../audit/read-audit.ts';
import { PAGE_MAX, pageQuery } from '../page.ts';
import { nextCursor } from './parts.ts';
import { answerSchema, time, timeText } from './registry.ts';

const DAY_MS = 86_400_000;
const CURSOR = 'This is no cursor of ours: send "nextCursor" of the page before, as it was.';

const id = (what: string, example: string) =>
  z
    .string()
    .regex(/^[a-z]{2,12}_[0-9A-Za-z]{1,64}$/, `This is not the id of ${what}.`)
    .optional()
    .meta({ examples: [example] });

const day = (meaning: string) =>
  z.iso
    .date('This is not a day such as 2026-11-24.')
    .optional()
    .meta({ description: meaning, examples: ['2026-11-24'] });

export const auditQuery = z.strictObject({
  limit: pageQuery.limit,
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, CURSOR)
    .transform(Number)
    .optional()
    .meta({ description: '`nextCursor` of the page before; the first page without it.' }),
  area: z.enum(AUDIT_AREAS).optional().meta({ description: 'First word of the actions, such as `key`.' }),
  applicationId: id('an application', 'app_6Xk1v9QyTn3RbLw0Zc4M').describe('About this application and its keys.'),
  subject: id('anything', 'key_8Qm2nZtYv5RkLw1Xc7Jd').describe('Done to this, such as a key.'),
  from: day('First day, UTC.'),
  until: day('Last day, UTC.'),
});

export const auditListSchema = answerSchema(
  'AuditEntryList',
  z.object({
    entries: z
      .array(
        z.object({
          sequence: z.int().meta({ description: 'Place in the log of the portal, which has no gaps.' }),
          at: time(),
          actor: z
            .string()
            .meta({ description: 'Who did it, as you may know them.', examples: ['nora@consumer.example'] }),
          action: z.string().meta({ examples: ['key.rotated'] }),
          subject: z.string().meta({ description: 'Id of what it was done to.' }),
          subjectName: z.string().nullable(),
          applicationId: z.string().nullable(),
          teamId: z.string().nullable(),
          address: z.string().nullable().meta({ description: 'From where; null for what the portal does by itself.' }),
          details: z.record(z.string(), z.unknown()),
          hash: z.string().meta({ description: 'Chains the entry to the one before.' }),
        }),
      )
      .meta({ description: `Newest first; ${PAGE_MAX} at most.` }),
    nextCursor,
  }),
);

export const auditChainSchema = answerSchema(
  'AuditChain',
  z.object({
    isWhole: z.boolean(),
    sequence: z.int().meta({ description: 'Of the last entry; where it is broken, of the first that does not fit.' }),
    hash: z.string().nullable().meta({ description: 'Of the last entry; null where it is broken.' }),
  }),
);

export function describeChain(result: ChainResult) {
  return result.ok
    ? { isWhole: true, sequence: result.sequence, hash: result.hash }
    : { isWhole: false, sequence: result.brokenAt, hash: null };
}

export function filterOf(query: z.infer<typeof auditQuery>): AuditFilter {
  return {
    area: query.area ?? null,
    applicationId: query.applicationId ?? null,
    actor: null,
    subject: query.subject ?? null,
    fromMs: query.from === undefined ? null : Date.parse(query.from),
    untilMs: query.until === undefined ? null : Date.parse(query.until) + DAY_MS,
  };
}

export function describeAuditLine(line: AuditLine) {
  return {
    sequence: line.sequence,
    at: timeText(line.atMs),
    actor: line.actorName,
    action: line.action,
    subject: line.subject,
    subjectName: line.subjectName,
    applicationId: line.applicationId,
    teamId: line.teamId,
    address: line.address,
    details: line.details,
    hash: line.hash,
  };
}
