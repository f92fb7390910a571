import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createDocumentReader } from '../../src/catalog/document-reader.ts';

/**
 * How long two large documents take to compare, and how much memory: GitHub's REST API in two versions, and a document
 * whose schemas all refer to each other in circles, as Stripe's do. Beside it the least that it can take: reading both
 * as JSON. Each run is a process of its own. BENCH_OLD and BENCH_NEW name two more files, as JSON, such as two
 * years of Stripe's document, which no package carries. The last line is JSON; `ms` and `mb` are medians and must stay
 * below 3,000 and 500.
 */
const RUNS = Number(process.env.BENCH_RUNS ?? '5');
const GENERATED = join(import.meta.dirname, '../../node_modules/@octokit/openapi/generated');
const SCHEMAS = Number(process.env.BENCH_SCHEMAS ?? '800');

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
const reader = createDocumentReader({ timeoutMs: 120_000, heapMb: 768 });
try {
  const circular = { old: join(folder, 'old.json'), new: join(folder, 'new.json') };
  writeFileSync(circular.old, JSON.stringify(circularDocument(SCHEMAS, 0)));
  writeFileSync(circular.new, JSON.stringify(circularDocument(SCHEMAS, 1)));
  const pairs = {
    'GitHub Enterprise 3.17 to 3.19': {
      old: join(GENERATED, 'ghes-3.17.json'),
      new: join(GENERATED, 'ghes-3.19.json'),
    },
    'GitHub Enterprise 3.19 to github.com': {
      old: join(GENERATED, 'ghes-3.19.json'),
      new: join(GENERATED, 'api.github.com.json'),
    },
    'circular, 450 operations': circular,
    ...(process.env.BENCH_OLD && process.env.BENCH_NEW
      ? { 'the given two': { old: process.env.BENCH_OLD, new: process.env.BENCH_NEW } }
      : {}),
  };
  const results = [];
  for (const [name, pair] of Object.entries(pairs))
    results.push({ name, ...measure({ old: await canonical(pair.old), new: await canonical(pair.new) }) });
  const lines = results.map((result) => Object.values(result).join('  '));
  process.stdout.write(`${Object.keys(results[0] ?? {}).join('  ')}\n${lines.join('\n')}\n`);
  process.stdout.write(`${JSON.stringify({ bench: 'difference', runs: RUNS, results })}\n`);
} finally {
  await reader.close();
  rmSync(folder, { recursive: true });
}

/** The file as the portal stores it: OpenAPI 3.1, checked. */
async function canonical(path: string): Promise<string> {
  const result = await reader.read(readFileSync(path, 'utf8'), 'json');
  if (!result.ok) throw new Error(`${path}: ${result.problems[0]?.reason ?? ''}`);
  const target = join(folder, `${result.document.sha256}.json`);
  writeFileSync(target, result.document.json);
  return target;
}

interface Pair {
  old: string;
  new: string;
}

interface Run {
  ms: number;
  mb: number;
  findings: number;
}

function measure(pair: Pair) {
  const whole = Array.from({ length: RUNS }, () => run(pair, true));
  const bare = Array.from({ length: RUNS }, () => run(pair, false));
  const ms = median(whole.map((one) => one.ms));
  const bareMs = median(bare.map((one) => one.ms));
  return {
    ms,
    bareMs,
    ratio: Math.round((ms / Math.max(1, bareMs)) * 10) / 10,
    mb: median(whole.map((one) => one.mb)),
    bareMb: median(bare.map((one) => one.mb)),
    findings: whole[0]?.findings ?? 0,
  };
}

/** Reads both documents, and compares them if `isWhole`, in a new process. */
function run(pair: Pair, isWhole: boolean): Run {
  const program = `
    import { readFileSync } from 'node:fs';
    const { compareDocuments } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/difference/compare-documents.ts'))});
    const start = performance.now();
    const [old, now] = process.argv.slice(1).map((path) => JSON.parse(readFileSync(path, 'utf8')));
    const counts = ${String(isWhole)} ? compareDocuments(old, now, { atMs: 0, sunsetDays: 0 }).counts : {};
    const ms = Math.round(performance.now() - start);
    const findings = Object.values(counts).reduce((sum, count) => sum + count, 0);
    console.log(JSON.stringify({ ms, mb: Math.round(process.resourceUsage().maxRSS / 1024), findings }));`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program, pair.old, pair.new], {
    encoding: 'utf8',
  });
  if (ended.status !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout) as Run;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Every schema refers to twelve others, most of them as an alternative to their id. @param edition changes one in ten */
function circularDocument(schemas: number, edition: number): object {
  const ref = (index: number) => ({ $ref: `#/components/schemas/s${index % schemas}` });
  const schemaAt = (index: number): [string, object] => {
    const links = Array.from({ length: 12 }, (_, link): [string, object] => [
      `link_${link}`,
      { anyOf: [{ type: 'string', maxLength: 5000 }, ref(index * 7 + link * 31 + 1)], description: `Link ${link}.` },
    ]);
    const fields = Array.from({ length: 15 }, (_, field): [string, object] => [
      `field_${field}`,
      {
        type: 'string',
        maxLength: edition === 1 && index % 10 === 0 && field === 3 ? 100 : 200,
        description: `Field ${field}.`,
      },
    ]);
    return [
      `s${index}`,
      { type: 'object', properties: Object.fromEntries([...links, ...fields]), required: ['field_0'] },
    ];
  };
  const json = (schema: object) => ({ content: { 'application/json': { schema } } });
  const paths = Array.from({ length: 450 }, (_, index): [string, object] => [
    `/v1/resource_${index}`,
    {
      post: {
        operationId: `post_${index}`,
        requestBody: json(ref(index)),
        responses: {
          200: { description: 'Fine', ...json(ref(index * 3)) },
          default: { description: 'Error', ...json(ref(5)) },
        },
      },
    },
  ]);
  return {
    openapi: '3.1.0',
    info: { title: 'Circular', version: String(edition) },
    paths: Object.fromEntries(paths),
    components: { schemas: Object.fromEntries(Array.from({ length: schemas }, (_, index) => schemaAt(index))) },
  };
}
