import { z } from 'zod';

import { absent, absentHere, answer } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { pageOf, pageQuery } from '../page.ts';
import { applicationParams } from '../schemas/applications.ts';
import { keyParams } from '../schemas/keys.ts';
import {
  describeAddress,
  describeUsageReport,
  keyAddressesSchema,
  usageRangeQuery,
  usageReportSchema,
} from '../schemas/usage-report.ts';

const success = {
  status: 200,
  description: 'Calls, how they were answered, and how long that took.',
  schema: usageReportSchema,
} as const;

const getApplicationReport = defineOperation({
  operationId: 'getApplicationReport',
  method: 'GET',
  path: '/applications/{applicationId}/usage/report',
  tag: 'Usage',
  summary: 'Get the usage report of an application',
  access: 'usage:read',
  params: applicationParams,
  query: usageRangeQuery,
  body: null,
  success,
  refusals: ['not_found'],
  async handler({ portal, caller, params, query }) {
    const report = await portal.usage.report(caller().actor, params.applicationId, query.range);
    return report ? answer(describeUsageReport(report)) : absent('application');
  },
});

const getKeyReport = defineOperation({
  operationId: 'getKeyReport',
  method: 'GET',
  path: '/applications/{applicationId}/keys/{keyId}/usage/report',
  tag: 'Usage',
  summary: 'Get the usage report of a key',
  access: 'usage:read',
  params: keyParams,
  query: usageRangeQuery,
  body: null,
  success,
  refusals: ['not_found'],
  async handler({ portal, caller, params: { applicationId, keyId }, query }) {
    const { actor } = caller();
    if (!(await portal.keys.find(actor, applicationId, keyId))) return absent('key');
    const report = await portal.usage.keyReport(actor, applicationId, keyId, query.range);
    return report ? answer(describeUsageReport(report)) : absent('key');
  },
});

const listKeyAddresses = defineOperation({
  operationId: 'listKeyAddresses',
  method: 'GET',
  path: '/applications/{applicationId}/keys/{keyId}/addresses',
  tag: 'Usage',
  summary: 'See from where a key was called',
  description: 'Helps to write its allowlist.',
  access: 'usage:read',
  params: keyParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of its addresses.', schema: keyAddressesSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params: { applicationId, keyId }, query }) {
    const { actor } = caller();
    if (!(await portal.keys.find(actor, applicationId, keyId))) return absent('key');
    const addresses = await portal.usage.addresses(actor, applicationId, keyId);
    if (!addresses) return absent('key');
    const { items, nextCursor } = pageOf(addresses, ({ firstSeenAtMs: at, address: id }) => ({ at, id }), query);
    return answer({ addresses: items.map(describeAddress), nextCursor });
  },
});

const getApiReport = defineOperation({
  operationId: 'getApiReport',
  method: 'GET',
  path: '/owner/apis/{slug}/usage/report',
  tag: 'Owners',
  summary: 'Get the usage report of an API',
  description: 'Over all applications.',
  access: 'owner:read',
  params: z.strictObject({ slug: z.string().meta({ description: 'Slug of the API.', examples: ['parcels'] }) }),
  query: usageRangeQuery,
  body: null,
  success,
  refusals: ['not_found'],
  async handler({ portal, caller, params: { slug }, query }) {
    const api = await portal.catalog.api(slug);
    const report = api && (await portal.usage.apiReport(caller().actor, slug, query.range));
    return report ? answer(describeUsageReport(report)) : absentHere('There is no API with this slug.');
  },
});

/** For developers: of what is theirs. */
export const usageReportOperations = [getApplicationReport, getKeyReport, listKeyAddresses];

/** For owners: of an API. */
export const ownerUsageOperations = [getApiReport];
