import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { CatalogProblem } from './api.ts';
import { type ApiFile, type ApiFileVersion, SLUG, parseApiFile } from './api-file.ts';
import type { BrokenPart, Catalog, CatalogApi, CatalogVersion, DocumentSource, FileProblem } from './catalog.ts';
import type { DocumentReader } from './document-reader.ts';
import { type KnownReadings, nameReading } from './file-reading.ts';
import { toPlanLimits } from './plan-limits-file.ts';

export const MAX_DOCUMENT_BYTES = 20 * 1024 * 1024;
const MAX_API_FILE_BYTES = 1024 * 1024;
const DOCUMENT_NAMES = ['openapi.yaml', 'openapi.yml', 'openapi.json'];

const PUSHED_AND_FILE =
  'is not read: api.yaml says "document: pushed" for this version. Remove the file, or that line of api.yaml';

export interface CatalogReading {
  documents: DocumentReader;
  /** Files that are as they were when they were last read are not read again. */
  known: KnownReadings;
  /** What `nameReading` takes. */
  readerVersion: string;
}

/** Collects what goes wrong while the rest is read. */
interface Findings {
  broken: BrokenPart[];
  problems: CatalogProblem[];
}

/**
 * Reads `<contentDir>/apis/<slug>/api.yaml` and `<slug>/<version>/openapi.{yaml,yml,json}`. Never throws for what
 * stands in them: what is broken is named with file, line and reason, and everything else is returned.
 */
export async function loadCatalog(reading: CatalogReading, contentDir: string): Promise<Catalog> {
  const findings: Findings = { broken: [], problems: [] };
  const apis: CatalogApi[] = [];
  for (const slug of await folderNames(join(contentDir, 'apis'))) {
    const api = await loadApi(reading, contentDir, slug, findings);
    if (api) apis.push(api);
    else findings.broken.push({ slug, version: null });
  }
  return { apis, ...findings };
}

async function loadApi(
  reading: CatalogReading,
  contentDir: string,
  slug: string,
  findings: Findings,
): Promise<CatalogApi | null> {
  const file = `apis/${slug}/api.yaml`;
  if (slug.length > 40 || !SLUG.test(slug)) {
    const reason = 'the folder name must be lower-case letters, digits and single hyphens, 40 characters at most';
    findings.problems.push({ file: `apis/${slug}`, line: null, reason });
    return null;
  }
  const text = await readText(join(contentDir, file), MAX_API_FILE_BYTES);
  const parsed = text.ok ? parseApiFile(slug, text.text) : { ok: false as const, problems: [text.problem] };
  if (!parsed.ok) {
    findings.problems.push(...parsed.problems.map((problem) => ({ file, ...problem })));
    return null;
  }
  const versions: CatalogVersion[] = [];
  for (const version of parsed.file.versions) {
    const loaded = await loadVersion(reading, contentDir, slug, version, findings);
    if (loaded) versions.push(loaded);
    else findings.broken.push({ slug, version: version.version });
  }
  await nameUnlistedFolders(contentDir, slug, parsed.file, findings);
  const { title, summary } = parsed.file;
  return { slug, title, summary, versions, plans: parsed.file.plans.map((plan) => toPlan(slug, plan)) };
}

async function loadVersion(
  reading: CatalogReading,
  contentDir: string,
  slug: string,
  { isPushed, ...version }: ApiFileVersion,
  findings: Findings,
): Promise<CatalogVersion | null> {
  const folder = `apis/${slug}/${version.version}`;
  const names = (await fileNames(join(contentDir, folder))).filter((name) => DOCUMENT_NAMES.includes(name));
  const [name, second] = names;
  if (isPushed) {
    if (name) findings.problems.push({ file: `${folder}/${name}`, line: null, reason: PUSHED_AND_FILE });
    return { ...version, document: null };
  }
  if (!name || second) {
    const reason = second
      ? `holds ${name ?? ''} and ${second}; keep one of them`
      : 'holds no openapi.yaml, openapi.yml or openapi.json';
    findings.problems.push({ file: folder, line: null, reason });
    return null;
  }
  const file = `${folder}/${name}`;
  const text = await readText(join(contentDir, file), MAX_DOCUMENT_BYTES);
  const result = text.ok
    ? await readDocument(reading, `${slug}/${version.version}`, {
        text: text.text,
        format: name.endsWith('.json') ? 'json' : 'yaml',
      })
    : { ok: false as const, problems: [text.problem] };
  if (result.ok) return { ...version, ...result.found };
  findings.problems.push(...result.problems.map((problem) => ({ file, ...problem })));
  return null;
}

type Found = Pick<CatalogVersion, 'document' | 'reading' | 'source'>;

async function readDocument(
  { documents, known, readerVersion }: CatalogReading,
  key: string,
  source: DocumentSource,
): Promise<{ ok: true; found: Found } | { ok: false; problems: readonly FileProblem[] }> {
  const name = nameReading(readerVersion, source);
  if (known.get(key) === name) return { ok: true, found: { document: null, reading: { name, isKnown: true } } };
  const result = await documents.read(source.text, source.format);
  if (!result.ok) return result;
  return { ok: true, found: { document: result.document, reading: { name, isKnown: false }, source } };
}

async function nameUnlistedFolders(contentDir: string, slug: string, api: ApiFile, findings: Findings): Promise<void> {
  const listed = new Set(api.versions.map(({ version }) => version));
  for (const folder of await folderNames(join(contentDir, 'apis', slug))) {
    if (listed.has(folder)) continue;
    const reason = `is not published: add "${folder}" to versions in apis/${slug}/api.yaml, or remove the folder`;
    findings.problems.push({ file: `apis/${slug}/${folder}`, line: null, reason });
  }
}

function toPlan(apiSlug: string, plan: ApiFile['plans'][number]): CatalogApi['plans'][number] {
  const { slug, title, summary, scopes, keys, approval } = plan;
  return {
    apiSlug,
    slug,
    title,
    summary,
    scopes,
    limits: toPlanLimits(plan),
    overlapMaxDays: keys.overlapMaxDays,
    rotationIntervalDays: keys.rotateEveryDays ?? null,
    maxLifetimeDays: keys.maxLifetimeDays ?? null,
    dormancy: keys.dormant ? { days: keys.dormant.afterDays, action: keys.dormant.action } : null,
    ...(approval && { approval }),
  };
}

type TextResult = { ok: true; text: string } | { ok: false; problem: FileProblem };

async function readText(path: string, maxBytes: number): Promise<TextResult> {
  const failed = (reason: string): TextResult => ({ ok: false, problem: { line: null, reason } });
  try {
    const { size } = await stat(path);
    if (size > maxBytes) return failed(`is larger than ${Math.floor(maxBytes / 1024 / 1024)} MiB`);
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)) };
  } catch (error) {
    if (error instanceof TypeError) return failed('is not UTF-8 text');
    return failed((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : 'cannot be opened');
  }
}

async function folderNames(path: string): Promise<string[]> {
  return names(path, true);
}

async function fileNames(path: string): Promise<string[]> {
  return names(path, false);
}

/** Names in a folder, in order, without hidden ones; none when there is no such folder. Links count as what they lead to. */
async function names(path: string, wantFolders: boolean): Promise<string[]> {
  const found = [];
  for (const name of (await readdir(path).catch(() => [])).sort()) {
    if (name.startsWith('.')) continue;
    const entry = await stat(join(path, name)).catch(() => null);
    if (entry?.isDirectory() === wantFolders) found.push(name);
  }
  return found;
}
