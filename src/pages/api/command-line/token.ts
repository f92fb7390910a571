import type { APIRoute } from 'astro';

import { parseCommandLineCollection } from '../../../command-line/command-line.form.ts';
import { oauthAnswer, oauthError, refusedMethod } from '../../../ui/accounts/command-line-answer.ts';
import { readForm } from '../../../ui/read-form.ts';

/** Device access token request (RFC 8628, 3.4 and 3.5). */
export const ALL: APIRoute = async ({ request, locals: { portal, origin } }) => {
  const refused = refusedMethod(request);
  if (refused) return refused;
  const form = await readForm(request);
  const parsed = form && parseCommandLineCollection(form);
  if (!parsed?.ok) {
    return oauthError('invalid_request', parsed ? Object.values(parsed.errors)[0] : 'A form is expected.');
  }
  const result = await portal.commandLine.collect(parsed.value.deviceCode, origin);
  if (!result.ok) return oauthError(result.reason);
  return oauthAnswer(200, {
    access_token: result.token,
    token_type: 'Bearer',
    expires_in: Math.floor((result.expiresAtMs - portal.nowMs()) / 1000),
    scope: result.scopes.join(' '),
  });
};
