import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

import { ERROR_STYLE_SHA256 } from './error-page.ts';

/** Origins that answers name: the portal's own, and the one under which consumers call APIs. */
export interface Origins {
  publicUrl: string;
  gatewayPublicUrl: string;
}

export interface HeaderGuard {
  /** From here on the answer concerns one person: nobody may keep it, whatever the page says. */
  makePrivate(): void;
}

const TWO_YEARS_SECONDS = 63_072_000;

/** Documents as their owners wrote them: whoever opens one as a page runs nothing and is nobody. */
const WRITTEN_ELSEWHERE = /\/openapi\.(?:json|yaml)$|^\/owner\/apis\/.+\/source$/;

const FIXED = {
  'X-Content-Type-Options': 'nosniff',
  // Not no-referrer: under it browsers send `Origin: null` with our own forms. Foreign sites learn nothing either way.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
};

/**
 * The one header set of every response: pages, files and errors.
 * @param path decides about the documentation's exceptions; '' when it is unknown
 * @param styleHashes of style sheets that stand in the page itself, SHA-256 in base64
 */
export function securityHeaders(
  path: string,
  origins: Origins,
  styleHashes: readonly string[] = [],
): Record<string, string> {
  return {
    'Content-Security-Policy':
      contentSecurityPolicy(path.startsWith('/docs/') ? origins.gatewayPublicUrl : null, styleHashes) +
      (WRITTEN_ELSEWHERE.test(path) ? '; sandbox' : ''),
    ...FIXED,
    ...(origins.publicUrl.startsWith('https:') && {
      'Strict-Transport-Security': `max-age=${TWO_YEARS_SECONDS}; includeSubDomains`,
    }),
  };
}

/** "Try it out" calls the gateway from the documentation, and Swagger UI draws its icons from data: images. */
function contentSecurityPolicy(tryItOutOrigin: string | null, styleHashes: readonly string[]): string {
  const styles = [ERROR_STYLE_SHA256, ...styleHashes].map((hash) => `'sha256-${hash}'`);
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' ${styles.join(' ')}`,
    `img-src 'self'${tryItOutOrigin === null ? '' : ' data:'}`,
    `font-src 'self'`,
    `connect-src 'self'${tryItOutOrigin === null ? '' : ` ${tryItOutOrigin}`}`,
    `manifest-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/**
 * Puts `headers` on the response and keeps them there: what a page or a library sets under the same name is ignored.
 * Answers are `no-store` unless their writer says otherwise.
 */
export function guardHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): HeaderGuard {
  let isPrivate = false;
  const writeHead: (status: number) => ServerResponse = response.writeHead.bind(response);
  const apply = (): void => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // Astro leaves the encoding out (ASVS 4.1.1).
    if (response.getHeader('Content-Type') === 'text/html')
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (isPrivate) response.setHeader('Cache-Control', 'private, no-store');
    else if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  };
  const guarded = (status: number, ...rest: readonly (string | OutgoingHttpHeaders | undefined)[]): ServerResponse => {
    const given = rest.find((part) => typeof part === 'object') ?? {};
    for (const [name, value] of Object.entries(given)) if (value !== undefined) response.setHeader(name, value);
    apply();
    return writeHead(status);
  };
  response.writeHead = guarded as typeof response.writeHead;
  return {
    makePrivate: () => {
      isPrivate = true;
    },
  };
}
