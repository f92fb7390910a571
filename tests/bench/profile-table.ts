import { readFileSync } from 'node:fs';

/** What V8 writes with --cpu-prof, as far as it is needed. */
interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  endTime: number;
  samples: number[];
  timeDeltas: number[];
}

type Frame = Profile['nodes'][number]['callFrame'];

/** In this order: the first that fits counts. */
const CATEGORIES: readonly [name: string, fits: (frame: Frame) => boolean][] = [
  // V8 says idle of native code from Node's looking for events until the turn ends: under load nobody waits.
  [
    'system calls and parser',
    ({ functionName }) => /^(\(idle\)|writeLatin1String|writeUtf8String|writev)$/.test(functionName),
  ],
  ['garbage collection', ({ functionName }) => functionName === '(garbage collector)'],
  ['runtime', ({ functionName }) => functionName === '(program)'],
  [
    'journal',
    ({ url, functionName }) => /counter-journal|journal-format|node:fs$/.test(url) || functionName === 'crc32',
  ],
  ['hash and key memory', ({ url }) => /node:internal\/crypto|platform\/hash|key-memory|verification-store/.test(url)],
  [
    'statistics and counters, written',
    ({ url }) =>
      /kysely|better-sqlite3|prepared-insert|src\/(usage|policies)\/.*-store\.ts|-flush\.ts|src\/database/.test(url),
  ],
  ['counting in memory', ({ url }) => /src\/(usage|policies)\//.test(url)],
  ['answer headers', ({ url }) => /verdict-headers|verify\/(nginx|caddy|haproxy|traefik|envoy|json)/.test(url)],
  ['deciding', ({ url }) => url.includes('/src/')],
  ['node:http, streams and timers', ({ url }) => url.startsWith('node:')],
];

/**
 * Where the last seconds of a process went: its own time by category, under a load that leaves it no time to wait. What has no
 * source of its own, such as a regular expression, belongs to whoever called it.
 */
export function profileTable(path: string, seconds: number): [category: string, share: number][] {
  const { nodes, endTime, samples, timeDeltas } = JSON.parse(readFileSync(path, 'utf8')) as Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const categoryOf = (id: number | undefined): string => {
    const frame = id === undefined ? undefined : frames.get(id);
    if (!frame) return 'runtime';
    return CATEGORIES.find(([, fits]) => fits(frame))?.[0] ?? categoryOf(parents.get(id ?? 0));
  };
  const sums = new Map<string, number>();
  let atMicroseconds = endTime - timeDeltas.reduce((sum, delta) => sum + delta, 0);
  for (const [index, id] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    atMicroseconds += delta;
    if (atMicroseconds < endTime - seconds * 1e6) continue;
    const category = categoryOf(id);
    sums.set(category, (sums.get(category) ?? 0) + delta);
  }
  const whole = [...sums.values()].reduce((sum, value) => sum + value, 0);
  return Array.from(sums, ([category, sum]): [string, number] => [category, sum / whole]).sort(([, a], [, b]) => b - a);
}
