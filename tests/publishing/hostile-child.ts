import { once } from 'node:events';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import net from 'node:net';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

import { isJsonObject, readSource } from '../../src/catalog/document-source.ts';
import { readOpenApiSource } from '../../src/catalog/openapi-document.ts';
import { lintDocument } from '../../src/publishing/lint-document.ts';
import { type HostileDocument, PATTERN } from './hostile-corpus.ts';

/**
 * Reads and lints the documents that come as one JSON text on standard input, as the worker does, in a process that may
 * read nothing but the program (`--permission`); writes what became of each, and what else it touched.
 */
export interface HostileOutcome {
  results: { name: string; reasons: string[] | null; lint: string }[];
  touched: string[];
  polluted: boolean;
}

const ORDINARY = 'openapi: 3.0.3\ninfo: { title: T, version: "1" }\npaths: {}\n';

process.stdin.setEncoding('utf8');
let input = '';
process.stdin.on('data', (text: string) => (input += text));
await once(process.stdin, 'end');
// Everything is loaded before anything is watched.
await inspect({ name: '', text: ORDINARY, format: 'yaml', reason: null });
const touched = watch();
const results = [];
for (const document of JSON.parse(input) as HostileDocument[]) results.push(await inspect(document));
const outcome: HostileOutcome = { results, touched, polluted: 'polluted' in {} };
process.stdout.write(JSON.stringify(outcome));

async function inspect({ name, text, format }: HostileDocument) {
  const read = readSource(text, format);
  if (!read.ok) return { name, reasons: read.problems.map(({ reason }) => reason), lint: 'refused' };
  const written = structuredClone(read.source.value);
  const result = await readOpenApiSource(read.source);
  if (!result.ok) return { name, reasons: result.problems.map(({ reason }) => reason), lint: 'refused' };
  const lint = isJsonObject(written) ? await lintDocument(text, read.source, written) : null;
  return { name, reasons: null, lint: lint?.ok === true ? 'linted' : 'gave up' };
}

/** Notes every file that is opened, every connection, every name that is looked up, and every pattern of the documents. */
function watch(): string[] {
  const seen: string[] = [];
  const replace = (owner: object, name: string, what: string): void => {
    const methods = owner as Record<string, (...words: unknown[]) => unknown>;
    const original = methods[name];
    methods[name] = function watched(this: unknown, ...words: unknown[]): unknown {
      seen.push(`${what} ${String(words[0])}`);
      return original?.apply(this, words);
    };
  };
  for (const name of [
    'open',
    'openSync',
    'readFile',
    'readFileSync',
    'createReadStream',
    'stat',
    'statSync',
    'existsSync',
  ])
    replace(fs, name, name);
  for (const name of ['open', 'readFile', 'stat']) replace(fsPromises, name, name);
  replace(net.Socket.prototype, 'connect', 'connect');
  replace(dns, 'lookup', 'lookup');
  syncBuiltinESMExports();
  const note = ([source]: [string, string?]): void => {
    if (source.includes(PATTERN.slice(0, 9))) seen.push(`compile ${source}`);
  };
  globalThis.RegExp = new Proxy(globalThis.RegExp, {
    construct(target, words: [string, string?]): object {
      note(words);
      return new target(...words);
    },
    apply(target, _self, words: [string, string?]): RegExp {
      note(words);
      return target(...words);
    },
  });
  return seen;
}
