import { apiRoute, invalidParameter } from '../../../../ui/management-api/api-route.ts';
import { describeNotice } from '../../../../ui/management-api/describe.ts';
import { noticeKinds, severities } from '../../../../ui/notices/notice-filter.ts';

export const ALL = apiRoute(['kind', 'severity', 'api'], ({ portal, query }) => {
  const kind = noticeKinds.find((known) => known === query('kind'));
  if (query('kind') !== undefined && !kind) return invalidParameter(`kind must be one of ${noticeKinds.join(', ')}.`);
  const severity = severities.find((known) => known === query('severity'));
  if (query('severity') !== undefined && !severity) {
    return invalidParameter(`severity must be one of ${severities.join(', ')}.`);
  }
  const notices = portal.notices.list({ kind, severity, api: query('api') });
  return { ok: true, body: { notices: notices.map((notice) => describeNotice(notice, portal.site.publicUrl)) } };
});
