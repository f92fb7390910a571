import { apiRoute } from '../../../../ui/management-api/api-route.ts';
import { describeApi } from '../../../../ui/management-api/describe.ts';

export const ALL = apiRoute([], async ({ portal }) => {
  const apis = await portal.catalog.apis();
  return { ok: true, body: { apis: apis.map((api) => describeApi(api, portal.site.publicUrl)) } };
});
