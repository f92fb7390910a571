import { apiRoute, notFound } from '../../../../ui/management-api/api-route.ts';
import { describeNotice } from '../../../../ui/management-api/describe.ts';

export const ALL = apiRoute([], ({ portal, parameter }) => {
  const notice = portal.notices.find(parameter('slug'));
  return notice
    ? { ok: true, body: { ...describeNotice(notice, portal.site.publicUrl), html: notice.html } }
    : notFound('No notice with this slug is published here. GET /api/v1/notices lists them.');
});
