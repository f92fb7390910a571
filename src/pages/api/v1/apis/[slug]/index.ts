import { apiRoute, notFound } from '../../../../../ui/management-api/api-route.ts';
import { describeApi } from '../../../../../ui/management-api/describe.ts';

export const ALL = apiRoute([], async ({ portal, parameter }) => {
  const api = await portal.catalog.api(parameter('slug'));
  return api
    ? { ok: true, body: describeApi(api, portal.site.publicUrl) }
    : notFound('No API with this slug is published here. GET /api/v1/apis lists them.');
});
