import { changedTables } from '../support/portal-state.ts';
import { bodyOf, bodyWriters } from './form-bodies.ts';
import type { Cast } from './people.ts';
import { type Route, routes } from './route-matrix.ts';
import { objectsFor } from './route-objects.ts';
import type { Walk } from './walk-matrix.ts';
import type { PortalRequest, WatchedPortal } from './watched-portal.ts';

type Fields = Readonly<Record<string, string>>;

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'];
const override = { 'X-HTTP-Method-Override': 'POST', 'X-Method-Override': 'POST' };

/** What pages of other sites, and programs with a stolen cookie jar, can say about where they come from. */
function origins(portalUrl: string): Fields[] {
  const { port } = new URL(portalUrl);
  return [
    {},
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `${portalUrl}.evil.example` },
    // The same port of another name of this machine.
    { Origin: `http://localhost:${port}` },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site', Origin: portalUrl },
    { 'Sec-Fetch-Site': 'none' },
  ];
}

/** Every form of the portal, sent from elsewhere with the session of the developer, in every way (yardstick A4). */
export async function tryFromElsewhere(portal: WatchedPortal, cast: Cast): Promise<Walk> {
  const walk: Walk = { cells: 0, deviations: [] };
  for (const route of routes) {
    const path = objectsFor(route, cast.developer, cast)[0]?.path ?? '';
    const target = { path, session: cast.developer.session };
    for (const origin of origins(portal.process.portalUrl)) {
      // The management API has no cookies, and mail programs open the one-click link of a mail: programs may call
      // either without saying where they come from.
      const isForPrograms = route.path.startsWith('/api/') || route.path === '/notices/unsubscription';
      if (isForPrograms && Object.keys(origin).length === 0) continue;
      const requests = waysToSend(route).map((way) => ({ ...target, ...way, headers: { ...way.headers, ...origin } }));
      await attempt(portal, requests, 403, walk);
    }
    // A link, or an image, that claims to be a form: a safe method stays safe.
    const link = `${path}?${new URLSearchParams({ _method: 'POST', ...route.post?.form() }).toString()}`;
    const { status } = await portal.send({ ...target, path: link });
    const headers = { ...override, 'Sec-Fetch-Site': 'cross-site' };
    await attempt(portal, [{ ...target, path: link, headers }], status, walk);
  }
  return walk;
}

/** What has no form is tried in one way only, by every method. */
function waysToSend(route: Route) {
  const fields = Object.entries(route.post?.form() ?? { name: 'x' });
  const writers = route.post ? Object.values(bodyWriters) : [bodyWriters.urlencoded];
  const written = writers.map((writer) => bodyOf(writer, fields));
  const claimed = written.slice(0, 1).map(({ headers, body }) => ({ body, headers: { ...headers, ...override } }));
  return METHODS.flatMap((method) => [...written, ...claimed].map((way) => ({ method, ...way })));
}

/** Sends some requests at once, and compares the database before and after. */
async function attempt(portal: WatchedPortal, requests: PortalRequest[], status: number, walk: Walk): Promise<void> {
  const before = await portal.state.read();
  const answers = await Promise.all(requests.map((request) => portal.send(request)));
  const changed = changedTables(before, await portal.state.read());
  walk.cells += requests.length;
  answers.forEach((answer, index) => {
    const { method = 'GET', path = '', headers } = requests[index] ?? {};
    const name = `${method} ${path} ${JSON.stringify(headers)}`;
    if (answer.status !== status) walk.deviations.push(`${name}: ${answer.status} instead of ${status}`);
    if (answer.headers.has('set-cookie')) walk.deviations.push(`${name}: sets a cookie`);
  });
  if (changed.length > 0)
    walk.deviations.push(`${requests[0]?.path ?? ''} from elsewhere changes ${changed.join(', ')}`);
}
