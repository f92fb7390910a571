import type { z } from 'zod';

import type { AuditQuery } from '../../audit/audit-query.ts';
import type { AuditPage } from '../../audit/read-audit.ts';
import { absentHere, answer } from '../answers.ts';
import { type Answer, defineOperation } from '../operation.ts';
import {
  auditChainSchema,
  auditListSchema,
  auditQuery,
  describeAuditLine,
  describeChain,
  filterOf,
} from '../schemas/audit.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const listAuditEntries = defineOperation({
  operationId: 'listAuditEntries',
  method: 'GET',
  path: '/audit',
  tag: 'Audit',
  summary: 'See who did what',
  description: 'What belongs to your teams, and what your account did to itself.',
  access: 'audit:read',
  params: noParams,
  query: auditQuery,
  body: null,
  success: { status: 200, description: 'A page of entries.', schema: auditListSchema },
  refusals: [],
  handler: async ({ portal, caller, query }) => toAnswer(await portal.audit.read(caller().actor, pageFor(query))),
});

const listAllAuditEntries = defineOperation({
  operationId: 'listAllAuditEntries',
  method: 'GET',
  path: '/owner/audit',
  tag: 'Owners',
  summary: 'See who did what, in all teams',
  access: 'owner:read',
  params: noParams,
  query: auditQuery,
  body: null,
  success: { status: 200, description: 'A page of entries.', schema: auditListSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, query }) {
    const page = await portal.audit.readAll(caller().actor, pageFor(query));
    return page ? toAnswer(page) : absentHere('This is for owners.');
  },
});

const checkAuditChain = defineOperation({
  operationId: 'checkAuditChain',
  method: 'GET',
  path: '/owner/audit/chain',
  tag: 'Owners',
  summary: 'Check the audit log',
  description: 'Computes the whole chain of hashes anew: an entry that was changed or removed breaks it.',
  access: 'owner:read',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'Whether it is whole, and where it ends.', schema: auditChainSchema },
  refusals: ['not_found'],
  async handler({ portal, caller }) {
    const result = await portal.audit.checkChain(caller().actor);
    return result ? answer(describeChain(result)) : absentHere('This is for owners.');
  },
});

function pageFor(query: z.infer<typeof auditQuery>): AuditQuery {
  return { filter: filterOf(query), beforeSequence: query.cursor ?? null, limit: query.limit };
}

function toAnswer({ lines, nextBeforeSequence }: AuditPage): Answer {
  const nextCursor = nextBeforeSequence === null ? null : String(nextBeforeSequence);
  return answer({ entries: lines.map(describeAuditLine), nextCursor });
}

export const auditOperations = [listAuditEntries, listAllAuditEntries, checkAuditChain];
