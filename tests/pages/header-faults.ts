import type { HttpResponse } from '../support/http-request.ts';

const EXACTLY: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};

/** Static files and the health check are the same for everybody. */
const SHARED_PATH = /^\/(assets\/|swagger-ui\/|favicon\.svg|healthz)/;

/**
 * What is wrong with the headers of an answer, whatever its status (yardsticks A27 and A28); empty when nothing is.
 * @param request with a session, nobody may keep the answer
 */
export function headerFaults(
  { headers, status, body }: HttpResponse,
  request: { path: string; session?: string | null },
): string[] {
  const faults: string[] = [];
  const only = (name: string): string => {
    const values = headers.get(name) ?? [];
    if (values.length !== 1) faults.push(`${values.length} × ${name}`);
    return values[0] ?? '';
  };
  for (const [name, value] of Object.entries(EXACTLY)) {
    const found = only(name);
    if (found !== value) faults.push(`${name}: ${found}`);
  }
  faults.push(...policyFaults(only('content-security-policy')));
  const caching = only('cache-control');
  if (request.session != null && !SHARED_PATH.test(request.path) && !isPrivate(caching, status))
    faults.push(`cache-control: ${caching} with a session`);
  const type = headers.get('content-type')?.[0] ?? '';
  if (
    body !== '' &&
    !/^(image|font)\//.test(type) &&
    !/charset=utf-8(; header=present)?$|json(; profile="[^"]+")?$/.test(type)
  )
    faults.push(`type ${type}`);
  for (const name of ['server', 'x-powered-by', 'access-control-allow-origin'])
    if (headers.has(name)) faults.push(`has ${name}`);
  return faults;
}

/** The front server's own refusals know no session, and hold nothing of it. */
function isPrivate(caching: string, status: number): boolean {
  return caching === 'private, no-store' || (caching === 'no-store' && status >= 400);
}

function policyFaults(policy: string): string[] {
  const directives = new Map(policy.split('; ').map((part) => [part.split(' ', 1)[0], part]));
  const wanted = [`default-src 'none'`, `script-src 'self'`, `base-uri 'none'`, `frame-ancestors 'none'`];
  const faults = wanted.filter((part) => directives.get(part.split(' ', 1)[0]) !== part).map((part) => `no ${part}`);
  // The one style that stands in a page: that of errors.
  if (!/^style-src 'self' 'sha256-[\w+/]{43}='$/.test(directives.get('style-src') ?? '')) faults.push('loose styles');
  if (/unsafe|\*|https?: |blob:/.test(policy)) faults.push(`loose policy ${policy}`);
  return faults;
}
