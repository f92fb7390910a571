import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

import type { Clock } from './clock.ts';

const CHECK_EVERY_MS = 1000;

/** Bytes; content is written by people. */
const FILE_MAX_BYTES = 512 * 1024;

export interface ContentFile {
  /** Relative to the folder, with `/` on every system. */
  path: string;
  read(): { ok: true; text: string } | { ok: false; reason: string };
}

/**
 * Loads a folder of content and loads it again after a file has changed, so that publishing needs no restart.
 * Looks for changes when asked, at most once a second.
 */
export function createContentFolder<Loaded>(
  folder: string,
  clock: Clock,
  load: (files: readonly ContentFile[]) => Loaded,
): () => Loaded {
  let checkedAtMs = clock.nowMs();
  let files = listFiles(folder);
  let loaded = load(files);
  return () => {
    const nowMs = clock.nowMs();
    if (Math.abs(nowMs - checkedAtMs) < CHECK_EVERY_MS) return loaded;
    checkedAtMs = nowMs;
    const found = listFiles(folder);
    if (fingerprint(found) === fingerprint(files)) return loaded;
    files = found;
    loaded = load(files);
    return loaded;
  };
}

interface FoundFile extends ContentFile {
  /** Changes whenever the file does. */
  version: string;
}

function fingerprint(files: readonly FoundFile[]): string {
  return JSON.stringify(files.map(({ path, version }) => [path, version]));
}

/** Files below a folder, by path; none when it is missing. Names with a leading dot are an editor's or a volume's own. */
function listFiles(folder: string): FoundFile[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.split(sep).join('/'));
  return names
    .filter((name) => !/(^|\/)\./.test(name))
    .sort()
    .flatMap((path) => {
      const absolute = join(folder, path);
      const stat = statSync(absolute, { throwIfNoEntry: false });
      const version = `${stat?.ctimeMs} ${stat?.mtimeMs} ${stat?.size}`;
      return stat?.isFile() ? [{ path, version, read: () => readText(absolute) }] : [];
    });
}

function readText(path: string): ReturnType<ContentFile['read']> {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > FILE_MAX_BYTES) return { ok: false, reason: `is larger than ${FILE_MAX_BYTES / 1024} KiB` };
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    return { ok: false, reason: error instanceof TypeError ? 'is not UTF-8 text' : 'cannot be read' };
  }
}
