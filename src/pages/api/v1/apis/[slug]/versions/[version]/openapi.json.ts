import { apiRoute, notFound } from '../../../../../../../ui/management-api/api-route.ts';

export const ALL = apiRoute([], async ({ portal, parameter }) => {
  const document = await portal.catalog.document(parameter('slug'), parameter('version'));
  return document === null
    ? notFound('No such version is published here. GET /api/v1/apis lists APIs and versions.')
    : { ok: true, body: document };
});
