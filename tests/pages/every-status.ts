import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

import { newKeyForm } from './people.ts';
import type { PortalRequest, WatchedPortal } from './watched-portal.ts';

type Request = Omit<PortalRequest, 'session'>;

/** One request for each way in which the portal answers, pages and front server alike. */
export function everyStatus(portal: WatchedPortal): [status: number, what: string, request: Request][] {
  const { portalUrl } = portal.process;
  const ours = { Origin: portalUrl };
  return [
    [200, 'a page', { path: '/' }],
    [200, 'the health check', { path: '/healthz' }],
    [200, 'a document', { path: '/docs/parcels/v2/openapi.json' }],
    [200, 'the feed', { path: '/notices/feed.atom' }],
    [303, 'a form that was accepted', { path: '/theme', form: { theme: 'dark' } }],
    [400, 'an address that can be read in two ways', { path: '/docs//parcels' }],
    [400, 'a body that is no form', { path: '/sign-up', method: 'POST', headers: ours, body: '{}' }],
    [400, 'an unknown query parameter of the management API', { path: '/api/v1/apis?x=1' }],
    [401, 'the management API without a key', { path: '/api/v1/key' }],
    [403, 'a form from elsewhere', { path: '/sign-up', method: 'POST', headers: { Origin: 'https://evil.example' } }],
    [404, 'a missing page', { path: '/nothing' }],
    [404, 'a missing resource for a program', { path: '/nothing', headers: { Accept: '*/*' } }],
    [404, 'a missing file', { path: '/assets/nothing.js' }],
    [404, 'what the framework would answer by itself', { path: '/_image?href=/favicon.svg' }],
    [404, 'the owners’ page', { path: '/owner' }],
    [405, 'a method of no page', { path: '/', method: 'OPTIONS' }],
    [405, 'a form for the management API', { path: '/api/v1/apis', form: {} }],
    [413, 'a body too large', { path: '/theme', method: 'POST', headers: ours, body: 'x'.repeat(1024 * 1024 + 1) }],
    [415, 'a compressed body', { path: '/theme', form: {}, headers: { 'Content-Encoding': 'gzip' } }],
    [417, 'an unknown expectation', { path: '/', headers: { Expect: 'tea' } }],
    [421, 'a foreign host', { path: '/', headers: { Host: 'evil.example' } }],
    [422, 'a form with a mistake', { path: '/sign-up', form: { email: 'no address', password: '' } }],
    [422, 'a link that has ended', { path: '/verify-email?token=x' }],
    [431, 'too many headers', { path: '/', headers: manyHeaders() }],
    [404, 'the error page, asked for by its name', { path: '/500' }],
  ];
}

function manyHeaders(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`X-Header-${index}`, 'x']));
}

/** Of all files of the build, as they are asked for. */
export function staticPaths(): string[] {
  const folder = join(import.meta.dirname, '../../dist/client');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map(({ parentPath, name }) => `/${relative(folder, join(parentPath, name))}`);
}

/** A key is issued once, whatever is pressed twice: 200 with the token, then 409 without. */
export async function issueTwice(portal: WatchedPortal, session: string, applicationId: string): Promise<number[]> {
  const request = { path: `/applications/${applicationId}/keys`, session, form: newKeyForm() };
  return [(await portal.send(request)).status, (await portal.send(request)).status];
}
