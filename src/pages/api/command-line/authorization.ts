import type { APIRoute } from 'astro';

import { parseCommandLineRequest } from '../../../command-line/command-line.form.ts';
import { oauthAnswer, oauthError, refusedMethod } from '../../../ui/accounts/command-line-answer.ts';
import { readForm } from '../../../ui/read-form.ts';

/**
 * Device authorization request (RFC 8628, 3.1). There is no `verification_uri_complete`: who has to type the code looks
 * at where it comes from, and one click on somebody else's link must not be enough.
 */
export const ALL: APIRoute = async ({ request, locals: { portal, origin } }) => {
  const refused = refusedMethod(request);
  if (refused) return refused;
  const form = await readForm(request);
  const parsed = form && parseCommandLineRequest(form);
  if (!parsed?.ok) {
    return oauthError('invalid_request', parsed ? Object.values(parsed.errors)[0] : 'A form is expected.');
  }
  const begun = await portal.commandLine.begin(parsed.value, origin);
  if (!begun.ok) {
    const detail = `Many programs of your network ask. Try again in ${begun.retryAfterSeconds} seconds.`;
    const headers = { 'Retry-After': String(begun.retryAfterSeconds) };
    return oauthAnswer(429, { error: 'temporarily_unavailable', error_description: detail }, headers);
  }
  return oauthAnswer(200, {
    device_code: begun.deviceCode,
    user_code: begun.userCode,
    verification_uri: `${portal.site.publicUrl}/command-line`,
    expires_in: begun.expiresInSeconds,
    interval: begun.intervalSeconds,
  });
};
