import type { AnyOperation, Method } from './operation.ts';

interface Route {
  segments: readonly string[];
  operations: Map<Method, AnyOperation>;
}

export type Match =
  | { found: 'operation'; operation: AnyOperation; params: Record<string, string> }
  | { found: 'path'; methods: readonly string[] }
  | { found: 'nothing' };

/** Finds the operation of a method and a path. A fixed segment wins over a parameter. */
export function createRouter(operations: readonly AnyOperation[]): (method: string, path: string) => Match {
  const routes = new Map<string, Route>();
  for (const operation of operations) {
    const route = routes.get(operation.path) ?? { segments: operation.path.split('/'), operations: new Map() };
    routes.set(operation.path, route);
    route.operations.set(operation.method, operation);
  }
  const ordered = [...routes.values()].sort((a, b) => countParameters(a) - countParameters(b));
  return (method, path) => {
    const segments = path.split('/');
    for (const route of ordered) {
      const params = paramsOf(route, segments);
      if (!params) continue;
      const operation = route.operations.get((method === 'HEAD' ? 'GET' : method) as Method);
      if (operation) return { found: 'operation', operation, params };
      return { found: 'path', methods: methodsOf(route) };
    }
    return { found: 'nothing' };
  };
}

function countParameters({ segments }: Route): number {
  return segments.filter((segment) => segment.startsWith('{')).length;
}

/** HEAD beside GET. */
function methodsOf({ operations }: Route): string[] {
  return [...operations.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/** null when the path is another one; a segment that cannot be decoded names nothing. */
function paramsOf(route: Route, segments: readonly string[]): Record<string, string> | null {
  if (segments.length !== route.segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of route.segments.entries()) {
    const segment = segments[index] ?? '';
    if (!expected.startsWith('{')) {
      if (segment !== expected) return null;
      continue;
    }
    const value = decoded(segment);
    if (value === null || value === '') return null;
    params[expected.slice(1, -1)] = value;
  }
  return params;
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
