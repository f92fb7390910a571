import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { SearchSource } from '../../src/search/search.ts';
import { createSearchThread } from '../../src/search/search-thread.ts';

/**
 * How long a search takes among 10,000 operations and their schemas: GitHub's REST document as often as it takes, under
 * other paths and names. Asked through the thread, as the portal does. The last line is JSON.
 * BENCH_OPERATIONS and BENCH_ROUNDS make it smaller.
 */
const OPERATIONS = Number(process.env.BENCH_OPERATIONS ?? '10000');
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? '20');
const BATCH = 100;

const questions = [
  ...[
    'create issue',
    'craete isue',
    'pull request review',
    'deploy key',
    'reposotory permisions',
    'secret scanning alert',
  ],
  ...[
    'list organization members',
    'webhook',
    'pul',
    'repos/get',
    'GET /repos/octo/hello/pulls/12',
    'labels for an issue',
  ],
  ...['how do I rotate a key', 'branch protection', 'codespace', 'zzzzqqq'],
];

interface Document {
  paths: Record<string, Record<string, { operationId?: string; summary?: string; tags?: string[] }>>;
  components: { schemas: Record<string, unknown> };
}

const file = join(import.meta.dirname, '../../node_modules/@octokit/openapi/generated/api.github.com.json');
const document = JSON.parse(readFileSync(file, 'utf8')) as Document;

function* sourcesOf(copy: number): Generator<SearchSource> {
  const crumbs = [`GitHub ${copy}`, 'v3'];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, object] of Object.entries(item)) {
      const { operationId = '', summary = '', tags = [] } = object;
      if (operationId === '') continue;
      yield {
        ...{ kind: 'operation', href: `/docs/c${copy}/${operationId}`, crumbs: [...crumbs, ...tags], summary },
        ...{ method: method.toUpperCase(), path: copy === 0 ? path : `/c${copy}${path}`, deprecated: false },
        ...{ operationId: copy === 0 ? operationId : `c${copy}/${operationId}`, isCurrent: true },
        json: JSON.stringify(object),
      };
    }
  }
  for (const [name, schema] of Object.entries(document.components.schemas))
    yield {
      kind: 'schema',
      href: `/docs/c${copy}/${name}`,
      crumbs,
      name,
      isCurrent: true,
      json: JSON.stringify(schema),
    };
}

let operations = 0;
// eslint-disable-next-line @typescript-eslint/require-await -- an asynchronous source is what the thread reads
async function* batches(): AsyncGenerator<SearchSource[]> {
  const batch: SearchSource[] = [];
  for (let copy = 0; operations < OPERATIONS; copy += 1) {
    for (const source of sourcesOf(copy)) {
      if (source.kind === 'operation' && ++operations > OPERATIONS) break;
      batch.push(source);
      if (batch.length === BATCH) yield batch.splice(0);
    }
  }
  yield batch;
}

const thread = createSearchThread();
const before = process.memoryUsage().rss;
const builtFromMs = performance.now();
await thread.build(batches());
const buildMs = performance.now() - builtFromMs;
const times = new Map<string, number[]>(questions.map((text) => [text, []]));
for (let round = 0; round < ROUNDS + 3; round += 1) {
  for (const text of questions) {
    const startedMs = performance.now();
    await thread.search({ text, kind: null, most: 4 });
    // The first rounds warm up.
    if (round >= 3) times.get(text)?.push(performance.now() - startedMs);
  }
}
await thread.close();

const at = (values: readonly number[], share: number): number =>
  Math.round((values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0) * 10) / 10;
for (const [text, values] of times)
  process.stdout.write(`${text.padEnd(34)} p50 ${at(values, 0.5)} ms, p95 ${at(values, 0.95)} ms\n`);
const all = [...times.values()].flat();
const result = {
  operations: Math.min(operations, OPERATIONS),
  buildMs: Math.round(buildMs),
  memoryMb: Math.round((process.memoryUsage().rss - before) / 1e6),
  p50Ms: at(all, 0.5),
  p95Ms: at(all, 0.95),
  goalMs: 10,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
