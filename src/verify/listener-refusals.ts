import type { ServerResponse } from 'node:http';

import { writeProblem } from './write-problem.ts';

/** What the listener answers when there is nothing to decide. */
export interface RefusalDeps {
  publicUrl: string;
  /** Somebody asked without the secret: a gateway that is set up wrongly, or none of ours. */
  onUnknownGateway: () => void;
  onError: (error: unknown) => void;
}

export function refuseGateway({ publicUrl, onUnknownGateway }: RefusalDeps, response: ServerResponse): null {
  onUnknownGateway();
  const problem = {
    code: 'gateway_unknown',
    status: 401,
    title: 'Gateway not known',
    detail:
      'The gateway did not present the secret of this verifier in the header Gatehouse-Secret, so no key was verified.',
  };
  writeProblem(response, problem, publicUrl);
  return null;
}

export function refuseMethod({ publicUrl }: RefusalDeps, response: ServerResponse, allowed: string): null {
  const detail = `This address answers ${allowed} only.`;
  writeProblem(response, { code: 'method_not_allowed', status: 405, title: 'Method not allowed', detail }, publicUrl, [
    'Allow',
    allowed,
  ]);
  return null;
}

export function fail({ publicUrl, onError }: RefusalDeps, response: ServerResponse, error: unknown): void {
  onError(error);
  if (response.headersSent) response.destroy();
  else {
    const problem = {
      code: 'unavailable',
      status: 503,
      title: 'Verification unavailable',
      detail: 'The call was refused. Try again in a moment.',
    };
    writeProblem(response, problem, publicUrl, ['Retry-After', '1']);
  }
}
