import type { APIRoute } from 'astro';

import type { Portal } from '../../composition/portal.ts';
import { type ApiAnswer, toResponse } from '../../ui/management-api/api-route.ts';
import { refusals } from '../../ui/management-api/refusals.ts';

const codes = { not_signed: 'report_not_signed', malformed: 'malformed_report' } as const;

const methodNotAllowed: ApiAnswer = {
  ok: false,
  problem: {
    code: 'method_not_allowed',
    status: 405,
    title: 'This method is not supported',
    detail: 'Reports of a secret scanner are sent with POST.',
  },
  headers: { Allow: 'POST' },
};

/** Takes the reports of a secret scanner, in the shape of GitHub's partner programme. */
export const ALL: APIRoute = async ({ request, locals: { portal } }) =>
  toResponse(request.method === 'POST' ? await answerReport(portal, request) : methodNotAllowed, portal);

async function answerReport(portal: Portal, request: Request): Promise<ApiAnswer> {
  const result = await portal.keys.answerSecretScan({
    keyIdentifier: request.headers.get('github-public-key-identifier') ?? '',
    signature: request.headers.get('github-public-key-signature') ?? '',
    body: new Uint8Array(await request.arrayBuffer()),
  });
  if (result.ok) return { ok: true, body: result.labels, isPrivate: true };
  const code = codes[result.reason];
  const { status, title, explanation, remedy } = refusals[code];
  return { ok: false, problem: { code, status, title, detail: `${explanation} ${remedy}` } };
}
