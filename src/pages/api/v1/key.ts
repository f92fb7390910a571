import { type ApiAnswer, apiRoute } from '../../../ui/management-api/api-route.ts';
import { describeKey } from '../../../ui/management-api/describe.ts';
import { refusals as ownRefusals } from '../../../ui/management-api/refusals.ts';
import { type RefusalText, refusals as verdictRefusals } from '../../../verify/verdict.ts';

/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;
const CHALLENGE = 'Bearer realm="Gatehouse"';

export const ALL = apiRoute([], async ({ portal, headers }) => {
  const authorization = headers.get('authorization');
  // Without a credential the challenge names no error (RFC 6750, section 3.1).
  if (authorization === null) return unauthorized('missing_credential', verdictRefusals.missing_credential, CHALLENGE);
  const token = BEARER.exec(authorization)?.[1];
  const description = token === undefined ? null : await portal.keys.describe(token);
  if (description) return { ok: true, body: describeKey(description), isPrivate: true };
  return unauthorized('key_not_active', ownRefusals.key_not_active, `${CHALLENGE}, error="invalid_token"`);
});

function unauthorized(code: string, text: RefusalText, challenge: string): ApiAnswer {
  const detail = `${text.explanation} ${text.remedy}`;
  return {
    ok: false,
    problem: { code, status: 401, title: text.title, detail },
    headers: { 'WWW-Authenticate': challenge },
  };
}
