import { splitPath } from './path.ts';
import type { RouteOperation, RouteTable, RouteVersion } from './route-table.ts';
import type { Refusal } from './verdict.ts';

/** What a call is for: which API, version and operation, or why it is for none. */
export interface Target {
  refusal: Refusal | null;
  /** '' when no API was asked for, or none that exists. */
  api: string;
  version: string;
  route: RouteVersion | null;
  operation: RouteOperation | null;
}

/** The names of a call as the gateway reported them; null where it named none. */
export interface AskedTarget {
  /** Given when the gateway's paths lack the prefix `/<api>/<version>`. */
  api: string | null;
  version: string | null;
  method: string | null;
  /** Raw, without query; null only for a program that verifies a key by itself. */
  path: string | null;
}

export function readTarget(routes: RouteTable, asked: AskedTarget): Target {
  if (asked.path === null) return readApi(routes, asked);
  const segments = splitPath(asked.path);
  if (!segments) return nothing({ code: 'ambiguous_path' });
  const hasPrefix = asked.api === null;
  const api = asked.api ?? segments[0] ?? '';
  const version = hasPrefix ? (segments[1] ?? '') : (asked.version ?? '');
  const route = routes.version(api, version);
  if (!route) return nothing({ code: 'unknown_api' });
  // The route's own names: texts that are made for every call are hashed and compared anew wherever they lead to something.
  const target = { refusal: null, api: route.api, version: route.version, route, operation: null };
  if (route.retired) return { ...target, refusal: retired(route) };
  const operation = routes.operation(route, asked.method ?? '', segments, hasPrefix ? 2 : 0);
  return operation ? { ...target, operation } : { ...target, refusal: { code: 'unknown_operation' } };
}

/** Without a path there is no operation to check: the program that asks compares the scopes in the answer itself. */
function readApi(routes: RouteTable, { api, version }: AskedTarget): Target {
  if (api === null) return nothing(null);
  if (version === null) return routes.hasApi(api) ? { ...nothing(null), api } : nothing({ code: 'unknown_api' });
  const route = routes.version(api, version);
  if (!route) return nothing({ code: 'unknown_api' });
  return { refusal: route.retired ? retired(route) : null, api, version, route, operation: null };
}

/** Why a version refuses every call at this time; null when it does not. */
export function refuseEnding(route: RouteVersion, nowMs: number): Refusal | null {
  const { ending, api, version } = route;
  if (!ending) return null;
  if (ending.goneAtMs !== null && ending.goneAtMs <= nowMs) return retired(route);
  const underWay = ending.brownOuts.find(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs);
  if (!underWay) return null;
  const { deprecation } = route;
  return {
    ...{ code: 'brown_out', api, version, successor: deprecation?.successor ?? null },
    ...{ untilMs: underWay.untilMs, sunsetAtMs: deprecation?.sunsetAtMs ?? null },
    retryAfterSeconds: Math.ceil((underWay.untilMs - nowMs) / 1000),
  };
}

function retired({ api, version, deprecation }: RouteVersion): Refusal {
  return { code: 'version_retired', api, version, successor: deprecation?.successor ?? null };
}

function nothing(refusal: Refusal | null): Target {
  return { refusal, api: '', version: '', route: null, operation: null };
}
