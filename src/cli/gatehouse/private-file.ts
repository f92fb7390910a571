import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { type Random, randomBase62 } from '../../platform/random.ts';

/** The text of a file; null when there is none. */
export function readFileIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** True when others of the machine may read or write it. */
export function isOpenToOthers(path: string): boolean {
  return (statSync(path).mode & 0o077) !== 0;
}

/**
 * Replaces a file in one step: whoever reads it gets the old text or the new one, never a part. A new file can be read
 * by its owner only; one that exists keeps its mode, and a link to it stays a link.
 */
export function replaceFile(path: string, text: string, random: Random): void {
  const { target, mode } = existing(path);
  const draft = join(dirname(target), `.${basename(target)}.${randomBase62(random, 8)}`);
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    if (mode !== 0o600) chmodSync(draft, mode);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** A folder that only its owner can enter. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

function existing(path: string): { target: string; mode: number } {
  try {
    const target = realpathSync(path);
    return { target, mode: statSync(target).mode & 0o777 };
  } catch {
    return { target: path, mode: 0o600 };
  }
}
