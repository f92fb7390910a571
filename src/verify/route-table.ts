import type { VersionDeprecation } from './verdict.ts';

/** One operation of a version, as gateways meet it. */
export interface RouteOperation {
  operationId: string;
  /** Upper case. */
  method: string;
  /** OpenAPI path template. */
  path: string;
  scopes: readonly string[];
  /** What one call costs. */
  cost: number;
  /** When it ends alone; absent for nearly all operations. */
  deprecation?: VersionDeprecation;
}

/** One version of an API. */
export interface RouteVersion {
  api: string;
  version: string;
  retired: boolean;
  deprecation: VersionDeprecation | null;
  /** Times in which calls are refused; absent for nearly all versions. */
  ending?: RouteEnding;
  /** Where the built-in gateway sends calls that pass. */
  upstreamUrl: string;
  operations: readonly RouteOperation[];
}

/** From its first moment up to, but without, its last: in ms. */
export interface RefusedTime {
  fromMs: number;
  untilMs: number;
}

export interface RouteEnding {
  /** null: it is served also after its sunset. */
  goneAtMs: number | null;
  /** Announced times before, oldest first. */
  brownOuts: readonly RefusedTime[];
}

export interface RouteTable {
  /** True when the API has any version here. */
  hasApi(api: string): boolean;
  version(api: string, version: string): RouteVersion | undefined;
  /**
   * The operation behind a method and the decoded segments of a path. A literal segment beats a parameter, as OpenAPI
   * asks; HEAD is GET unless the document has a HEAD of its own.
   */
  operation(
    version: RouteVersion,
    method: string,
    segments: readonly string[],
    from: number,
  ): RouteOperation | undefined;
}

/** One segment position of the templates. No pattern of a document is ever compiled into a regular expression. */
interface Node {
  literals: Map<string, Node>;
  /** Segments such as `{id}.json`: fixed text around one or more parameters. */
  mixed: { before: string; after: string; node: Node }[];
  parameter: Node | null;
  methods: Map<string, RouteOperation>;
}

export function buildRouteTable(versions: readonly RouteVersion[]): RouteTable {
  const apis = new Map<string, Map<string, RouteVersion>>();
  const roots = new Map<RouteVersion, Node>();
  for (const version of versions) {
    const siblings = apis.get(version.api) ?? new Map<string, RouteVersion>();
    apis.set(version.api, siblings.set(version.version, version));
    roots.set(version, buildTrie(version.operations));
  }
  return {
    hasApi: (api) => apis.has(api),
    version: (api, version) => apis.get(api)?.get(version),
    operation(version, method, segments, from) {
      const root = roots.get(version);
      const methods = root && findMethods(root, segments, from);
      return methods?.get(method) ?? (method === 'HEAD' ? methods?.get('GET') : undefined);
    },
  };
}

function buildTrie(operations: readonly RouteOperation[]): Node {
  const root = newNode();
  for (const operation of operations) {
    let node = root;
    for (const segment of operation.path.slice(1).split('/')) node = childFor(node, segment);
    node.methods.set(operation.method, operation);
  }
  return root;
}

function newNode(): Node {
  return { literals: new Map(), mixed: [], parameter: null, methods: new Map() };
}

function childFor(node: Node, segment: string): Node {
  const opens = segment.indexOf('{');
  const closes = segment.lastIndexOf('}');
  if (opens === -1 || closes < opens) {
    const child = node.literals.get(segment) ?? newNode();
    node.literals.set(segment, child);
    return child;
  }
  const [before, after] = [segment.slice(0, opens), segment.slice(closes + 1)];
  if (before === '' && after === '') return (node.parameter ??= newNode());
  const known = node.mixed.find((mixed) => mixed.before === before && mixed.after === after);
  if (known) return known.node;
  const child = newNode();
  node.mixed.push({ before, after, node: child });
  // The one with most fixed text first.
  node.mixed.sort((a, b) => b.before.length + b.after.length - a.before.length - a.after.length);
  return child;
}

/** The methods of the most specific template that fits; undefined when none does. */
function findMethods(node: Node, segments: readonly string[], index: number): Map<string, RouteOperation> | undefined {
  const segment = segments[index];
  if (segment === undefined) return node.methods.size > 0 ? node.methods : undefined;
  const literal = node.literals.get(segment);
  const found = literal && findMethods(literal, segments, index + 1);
  if (found || segment === '') return found;
  for (const { before, after, node: child } of node.mixed) {
    const fits = segment.length > before.length + after.length && segment.startsWith(before) && segment.endsWith(after);
    const deeper = fits ? findMethods(child, segments, index + 1) : undefined;
    if (deeper) return deeper;
  }
  return node.parameter ? findMethods(node.parameter, segments, index + 1) : undefined;
}
