import { readFile, readdir } from 'node:fs/promises';

import { sha256Hex } from '../platform/hash.ts';
import type { DocumentSource } from './catalog.ts';

/** Names of a version's last reading, by `slug/version`. */
export type KnownReadings = ReadonlyMap<string, string>;

/**
 * A name for what this reader makes of that text. The same name again means the same document: reading GitHub's
 * description and checking it takes many seconds, and a start must not.
 */
export function nameReading(readerVersion: string, { text, format }: DocumentSource): string {
  return sha256Hex(`${readerVersion}\n${format}\n${text}`);
}

/** Changes with whatever decides what is read: the code around the reader, and the libraries that this release pins. */
export async function readReaderVersion(): Promise<string> {
  const folder = new URL('./', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();
  const files = [...names.map((name) => new URL(name, folder)), new URL('../../package.json', folder)];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return sha256Hex(texts.map((text) => `${text.length}\n${text}`).join(''));
}
