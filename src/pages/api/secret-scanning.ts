import type { APIRoute } from 'astro';

import type { Portal } from '../../portal/portal.ts';
import { answer } from '../../management/answers.ts';
import type { Answer } from '../../management/operation.ts';
import { problemOf } from '../../management/refusals.ts';
import { toResponse, write } from '../../management/respond.ts';

const codes = { not_signed: 'report_not_signed', malformed: 'malformed_report' } as const;

const methodNotAllowed: Answer = {
  problem: {
    code: 'method_not_allowed',
    status: 405,
    title: 'This method is not supported',
    detail: 'Reports of a secret scanner are sent with POST.',
  },
  headers: { Allow: 'POST' },
};

/** Takes the reports of a secret scanner, in the shape of GitHub's partner programme. */
export const ALL: APIRoute = async ({ request, url, locals: { portal } }) => {
  const result = request.method === 'POST' ? await answerReport(portal, request) : methodNotAllowed;
  return toResponse(write(result, null, portal.site.publicUrl, url), request.method);
};

async function answerReport(portal: Portal, request: Request): Promise<Answer> {
  const result = await portal.keys.answerSecretScan({
    keyIdentifier: request.headers.get('github-public-key-identifier') ?? '',
    signature: request.headers.get('github-public-key-signature') ?? '',
    body: new Uint8Array(await request.arrayBuffer()),
  });
  return result.ok ? answer(result.labels) : { problem: problemOf(codes[result.reason]) };
}
