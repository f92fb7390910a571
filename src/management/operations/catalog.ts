import { z } from 'zod';

import { NOTICE_KINDS, SEVERITIES } from '../../notices/notice.ts';
import { absentHere, answer } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import {
  apiListSchema,
  apiSchema,
  describeApi,
  describeNotice,
  noticeListSchema,
  noticeWithTextSchema,
  openApiDocumentSchema,
} from '../schemas/catalog.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const apiParams = z.strictObject({
  slug: z.string().meta({ description: 'Slug of the API.', examples: ['parcels'] }),
});
const kinds = NOTICE_KINDS;
const severities = SEVERITIES;

const listApis = defineOperation({
  operationId: 'listApis',
  method: 'GET',
  path: '/apis',
  tag: 'Catalog',
  summary: 'List APIs',
  access: 'public',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'All APIs, by title.', schema: apiListSchema },
  refusals: [],
  cacheable: true,
  async handler({ portal }) {
    const apis = await portal.catalog.apis();
    return answer({ apis: apis.map((api) => describeApi(api, portal.site.publicUrl)) });
  },
});

const getApi = defineOperation({
  operationId: 'getApi',
  method: 'GET',
  path: '/apis/{slug}',
  tag: 'Catalog',
  summary: 'Get an API',
  access: 'public',
  params: apiParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The API, its versions and its plans.', schema: apiSchema },
  refusals: ['not_found'],
  cacheable: true,
  async handler({ portal, params }) {
    const api = await portal.catalog.api(params.slug);
    return api
      ? answer(describeApi(api, portal.site.publicUrl))
      : absentHere('No API with this slug is published here. GET /api/v1/apis lists them.');
  },
});

const getOpenApiDocument = defineOperation({
  operationId: 'getOpenApiDocument',
  method: 'GET',
  path: '/apis/{slug}/versions/{version}/openapi.json',
  tag: 'Catalog',
  summary: 'Get an OpenAPI document',
  description:
    'The document of one version as OpenAPI 3.1, or 3.2 if it was written in that, with `servers` as you call it.',
  access: 'public',
  params: z.strictObject({
    ...apiParams.shape,
    version: z.string().meta({ description: 'Line of the API.', examples: ['v2'] }),
  }),
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The document.', schema: openApiDocumentSchema },
  refusals: ['not_found'],
  cacheable: true,
  async handler({ portal, params }) {
    const document = await portal.catalog.document(params.slug, params.version);
    return document === null
      ? absentHere('No such version is published here. GET /api/v1/apis lists APIs and versions.')
      : answer(document);
  },
});

const listNotices = defineOperation({
  operationId: 'listNotices',
  method: 'GET',
  path: '/notices',
  tag: 'Notices',
  summary: 'List notices',
  access: 'public',
  params: noParams,
  query: z.strictObject({
    kind: z
      .enum(kinds, `kind must be one of ${kinds.join(', ')}.`)
      .optional()
      .meta({ description: 'Only notices of this kind.' }),
    severity: z
      .enum(severities, `severity must be one of ${severities.join(', ')}.`)
      .optional()
      .meta({ description: 'Only advisories of this severity.' }),
    api: z
      .string()
      .optional()
      .meta({ description: 'Only notices about this API.', examples: ['parcels'] }),
  }),
  body: null,
  success: { status: 200, description: 'Published notices, newest first.', schema: noticeListSchema },
  refusals: [],
  cacheable: true,
  handler({ portal, query }) {
    const notices = portal.notices.list(query);
    return answer({ notices: notices.map((notice) => describeNotice(notice, portal.site.publicUrl)) });
  },
});

const getNotice = defineOperation({
  operationId: 'getNotice',
  method: 'GET',
  path: '/notices/{slug}',
  tag: 'Notices',
  summary: 'Get a notice',
  access: 'public',
  params: z.strictObject({
    slug: z.string().meta({ description: 'Slug of the notice.', examples: ['2026-09-15-tls-1-2-required'] }),
  }),
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The notice with its text.', schema: noticeWithTextSchema },
  refusals: ['not_found'],
  cacheable: true,
  handler({ portal, params }) {
    const notice = portal.notices.find(params.slug);
    return notice
      ? answer({ ...describeNotice(notice, portal.site.publicUrl), html: notice.html })
      : absentHere('No notice with this slug is published here. GET /api/v1/notices lists them.');
  },
});

export const catalogOperations = [listApis, getApi, getOpenApiDocument, listNotices, getNotice];
