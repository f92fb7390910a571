import { globSync } from 'node:fs';
import { join } from 'node:path';

import type { HttpResponse } from '../support/http-request.ts';
import { changedTables } from '../support/portal-state.ts';
import type { Cast, Person } from './people.ts';
import { type Access, type Route, routes } from './route-matrix.ts';
import { type ObjectKind, type RouteObject, objectsFor } from './route-objects.ts';
import type { WatchedPortal } from './watched-portal.ts';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Method = (typeof METHODS)[number];

/** One combination of route, method, person and object. */
interface Cell {
  route: Route;
  method: Method;
  person: Person;
  object: RouteObject;
}

interface Expected {
  status: number;
  /** How the Location starts. */
  leadsTo?: string;
  mayChange: boolean;
}

export interface Walk {
  cells: number;
  /** Where the portal does not do what the table says, one line each. */
  deviations: string[];
}

/** Routes as the file system has them; an `endpoint` answers only the methods that it names. */
export function routesOnDisk(): Map<string, 'page' | 'endpoint'> {
  const folder = join(import.meta.dirname, '../../src/pages');
  const files = globSync(['**/*.{astro,ts}', '.well-known/**/*.{astro,ts}'], { cwd: folder });
  return new Map(
    files.map((file) => {
      const path = `/${file.replace(/\.(astro|ts)$/, '')}`.replace(/\/index$/, '');
      return [path === '' ? '/' : path, file.endsWith('.ts') ? 'endpoint' : 'page'];
    }),
  );
}

/** Every route × method × person × object, one after the other, with the database compared after each. */
export async function walkMatrix(portal: WatchedPortal, cast: Cast): Promise<Walk> {
  const walk: Walk = { cells: 0, deviations: [] };
  const kinds = routesOnDisk();
  for (const route of routes) {
    const isEndpoint = kinds.get(route.path) === 'endpoint';
    for (const person of Object.values(cast)) {
      for (const method of methodsOf(person)) {
        const absent = new Map<ObjectKind, string>();
        for (const object of objectsFor(route, person, cast)) {
          const cell = { route, method, person, object };
          const { answer, deviations } = await tryCell(portal, cell, isEndpoint);
          walk.cells += 1;
          walk.deviations.push(...deviations, ...foreignNames(cell, answer, cast));
          if (answer.status === 404) absent.set(object.kind, comparable(answer, object.path));
        }
        if (new Set(absent.values()).size > 1)
          walk.deviations.push(
            `${method} ${route.path} by ${person.role}: ${[...absent.keys()].join(', ')} look different`,
          );
      }
    }
  }
  return walk;
}

/** Methods that no page takes are refused before anybody is known; the other roles try them. */
function methodsOf({ teamRole }: Person): readonly Method[] {
  return teamRole === 'admin' ? METHODS : ['GET', 'HEAD', 'POST'];
}

async function tryCell(portal: WatchedPortal, cell: Cell, isEndpoint: boolean) {
  const { route, method, person, object } = cell;
  const expected = expectedOf(cell, isEndpoint);
  const before = await portal.state.read();
  const answer = await portal.send(requestOf(cell));
  const changed = expected.mayChange ? [] : changedTables(before, await portal.state.read());
  const name = `${method} ${route.path} by ${person.role}, ${object.kind}`;
  const location = answer.headers.get('location')?.[0] ?? '';
  const deviations: string[] = [];
  if (answer.status !== expected.status) deviations.push(`${name}: ${answer.status} instead of ${expected.status}`);
  else if (!location.startsWith(expected.leadsTo ?? '')) deviations.push(`${name}: leads to ${location}`);
  if (changed.length > 0) deviations.push(`${name}: changes ${changed.join(', ')}`);
  if (method === 'HEAD' && answer.body !== '') deviations.push(`${name}: has a body`);
  return { answer, deviations };
}

function requestOf({ route, method, person, object }: Cell): Parameters<WatchedPortal['send']>[0] {
  const endsSession = method === 'POST' && (route.path === '/sign-in' || route.path === '/sign-out');
  const session = endsSession ? person.spareSession : person.session;
  const isSafe = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
  return {
    method,
    path: object.path,
    session,
    apiKey: person.apiKey,
    form: isSafe ? undefined : (route.post?.form() ?? { name: 'x' }),
  };
}

/** What the table says, spelled out for one cell. */
function expectedOf({ route, method, person, object }: Cell, isEndpoint: boolean): Expected {
  const isRead = method === 'GET' || method === 'HEAD';
  if (method === 'OPTIONS' || (!isRead && method !== 'POST')) return { status: 405, mayChange: false };
  if (method === 'POST' && route.post) {
    const expected = expectedFor(route.post.by, route.post.status, person, object);
    return { ...expected, mayChange: expected.isAllowed };
  }
  if (route.path.startsWith('/api/') && !isRead) return { status: 405, mayChange: false };
  // A page without a form answers POST as it answers GET; an endpoint has nothing there.
  if (isEndpoint && !isRead) return { status: 404, mayChange: false };
  return { ...expectedFor(route.read, route.status, person, object), mayChange: false };
}

function expectedFor(
  access: Access,
  status: number,
  { isSignedIn, role, teamRole }: Person,
  { exists }: RouteObject,
): { status: number; leadsTo?: string; isAllowed: boolean } {
  const absent = { status: 404, isAllowed: false };
  const allowed = { status, isAllowed: true };
  const guest = { status: 303, leadsTo: '/sign-in', isAllowed: false };
  switch (access) {
    case 'everyone':
      return exists ? allowed : absent;
    case 'guests':
      return isSignedIn ? { status: 303, leadsTo: '/home', isAllowed: false } : allowed;
    case 'signed-in':
      return isSignedIn ? allowed : guest;
    case 'team':
      if (!isSignedIn) return guest;
      return exists ? allowed : absent;
    case 'managers':
    case 'admins': {
      if (!isSignedIn) return guest;
      if (!exists) return absent;
      const isBarred = teamRole === 'viewer' || (access === 'admins' && teamRole === 'manager');
      return isBarred ? { status: 403, isAllowed: false } : allowed;
    }
    case 'owners':
      return role === 'owner' && exists ? allowed : absent;
    case 'nobody':
      return absent;
  }
}

/** The same page, but for the address that was asked for: the form for the colours leads back to it. */
function comparable({ headers, body }: HttpResponse, path: string): string {
  const kept = [...headers].filter(([name]) => !['date', 'content-length', 'x-request-id'].includes(name));
  return JSON.stringify(kept) + body.replaceAll(path, '{path}');
}

/**
 * The kept mails of the demo are everybody's; owners see whom a notice concerns, any account, team,
 * application and key, and the audit log.
 */
const NAMES_OTHERS = new Set([
  '/dev/mail',
  '/owner/notices/[slug]',
  '/owner/keys/[keyId]',
  '/owner/keys/[keyId]/suspension',
  '/owner/keys/[keyId]/resumption',
  '/owner/accounts',
  '/owner/accounts/[accountId]',
  '/owner/accounts/[accountId]/suspension',
  '/owner/accounts/[accountId]/resumption',
  '/owner/teams/[teamId]',
  '/owner/applications',
  '/owner/applications/[applicationId]',
  '/owner/applications/[applicationId]/suspension',
  '/owner/applications/[applicationId]/resumption',
  '/owner/audit',
  '/owner/audit/export.csv',
  '/owner/audit/export.ndjson',
]);

/** What others have must not turn up in what somebody reads. */
function foreignNames({ route, method, person, object }: Cell, answer: HttpResponse, cast: Cast): string[] {
  if (NAMES_OTHERS.has(route.path)) return [];
  const others = Object.values(cast).filter(({ owns, role }) => owns !== null && role !== person.role);
  const body = answer.body.replaceAll(object.path, '');
  return others.flatMap(({ role, owns }) => {
    const names = owns ? [owns.email, owns.applicationId, owns.otherApplicationId, owns.keyId, `First of ${role}`] : [];
    return names
      .filter((name) => body.includes(name))
      .map((name) => `${method} ${route.path} by ${person.role}, ${object.kind}: shows ${name}`);
  });
}
