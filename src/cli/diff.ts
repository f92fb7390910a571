import { extname } from 'node:path';
import { parseArgs } from 'node:util';

import { type DocumentReader, createDocumentReader } from '../catalog/document-reader.ts';
import { type JsonObject, isJsonObject, readSource } from '../catalog/document-source.ts';
import { compareDocuments } from '../difference/compare-documents.ts';
import type { Difference } from '../difference/difference.ts';
import { differenceMarkdown } from '../difference/difference-markdown.ts';
import { differenceText } from '../difference/difference-text.ts';

/** What a command may reach of the machine. */
export interface DiffIo {
  /** Rejects when there is no such file. */
  readFile(path: string): Promise<string>;
  writeOut(text: string): void;
  writeError(text: string): void;
  nowMs(): number;
}

/** 0: nothing that was asked to fail on; 1: there is; 2: it could not be compared. */
export type ExitCode = 0 | 1 | 2;

export const DIFF_USAGE = `gatehouse diff OLD NEW [--format text|markdown|json] [--fail-on breaking|warning] [--sunset-days DAYS]

Compares two OpenAPI documents (2.0, 3.0, 3.1, 3.2; YAML or JSON) and tells what breaks clients.

  --format       text by default
  --fail-on      ends with 1 when something is breaking, or when something at least may break
  --sunset-days  least time between a deprecation and its sunset, 90 by default

Ends with 0, with 1 as --fail-on says, or with 2 when a document cannot be read.
`;

const formats = ['text', 'markdown', 'json'] as const;
const failures = ['never', 'breaking', 'warning'] as const;

interface DiffRequest {
  paths: readonly [string, string];
  format: (typeof formats)[number];
  failOn: (typeof failures)[number];
  sunsetDays: number;
}

/** The command `gatehouse diff`. @param argv without the name of the command */
export async function runDiff(argv: readonly string[], io: DiffIo): Promise<ExitCode> {
  if (argv.includes('--help') || argv.includes('-h')) {
    io.writeOut(DIFF_USAGE);
    return 0;
  }
  const request = readRequest(argv);
  if (typeof request === 'string') {
    io.writeError(`${request}\n\n${DIFF_USAGE}`);
    return 2;
  }
  const reader = createDocumentReader();
  try {
    const [old, now] = [
      await readDocument(reader, io, request.paths[0]),
      await readDocument(reader, io, request.paths[1]),
    ];
    if (!old || !now) return 2;
    const difference = compareDocuments(old, now, { atMs: io.nowMs(), sunsetDays: request.sunsetDays });
    io.writeOut(write(difference, request.format));
    return verdict(difference, request.failOn);
  } finally {
    await reader.close();
  }
}

function verdict({ counts, isComplete }: Difference, failOn: DiffRequest['failOn']): ExitCode {
  if (failOn === 'never') return 0;
  const found = counts.error + (failOn === 'warning' ? counts.warning : 0);
  // What was not compared to the end is not known to be harmless.
  if (found === 0 && !isComplete) return 2;
  return found > 0 ? 1 : 0;
}

/** A sentence when the arguments are wrong. */
function readRequest(argv: readonly string[]): DiffRequest | string {
  const options = {
    format: { type: 'string', default: 'text' },
    'fail-on': { type: 'string', default: 'never' },
    'sunset-days': { type: 'string', default: '90' },
  } as const;
  let given;
  try {
    given = parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    return (error as Error).message;
  }
  const { values, positionals } = given;
  const [old, now, ...more] = positionals;
  if (old === undefined || now === undefined || more.length > 0)
    return 'name two documents: the old one, then the new one';
  const format = formats.find((one) => one === values.format);
  if (!format) return `--format is ${formats.join(', ')}, not "${values.format}"`;
  const failOn = failures.find((one) => one === values['fail-on']);
  if (!failOn) return `--fail-on is breaking or warning, not "${values['fail-on']}"`;
  if (!/^\d{1,5}$/.test(values['sunset-days'])) return '--sunset-days is a number of days, such as 90';
  return { paths: [old, now], format, failOn, sunsetDays: Number(values['sunset-days']) };
}

async function readDocument(reader: DocumentReader, io: DiffIo, path: string): Promise<JsonObject | null> {
  let text: string;
  try {
    text = await io.readFile(path);
  } catch (error) {
    io.writeError(`${path}: cannot be read: ${(error as Error).message}\n`);
    return null;
  }
  const format = extname(path).toLowerCase() === '.json' || text.trimStart().startsWith('{') ? 'json' : 'yaml';
  const result = await reader.read(text, format);
  if (!result.ok) {
    for (const { line, reason } of result.problems)
      io.writeError(`${path}${line === null ? '' : `:${line}`}: ${reason}\n`);
    return null;
  }
  return withServers(JSON.parse(result.document.json) as JsonObject, text, format);
}

/** The portal drops the addresses of a document, since calls go through its gateway; here they count. */
function withServers(document: JsonObject, text: string, format: 'yaml' | 'json'): JsonObject {
  const read = readSource(text, format);
  if (!read.ok || !isJsonObject(read.source.value)) return document;
  const { servers, host, basePath, schemes } = read.source.value;
  if (Array.isArray(servers)) return { ...document, servers };
  if (typeof host !== 'string') return document;
  const base = typeof basePath === 'string' ? basePath : '';
  const urls = (Array.isArray(schemes) ? schemes : ['https']).map((scheme) => ({
    url: `${String(scheme)}://${host}${base}`,
  }));
  return { ...document, servers: urls };
}

function write(difference: Difference, format: DiffRequest['format']): string {
  if (format === 'json') return `${JSON.stringify(difference, null, 2)}\n`;
  const { old, new: now } = difference;
  if (format === 'markdown')
    return differenceMarkdown(difference, `${now.title || old.title}: ${old.version} to ${now.version}`);
  return differenceText(difference);
}
