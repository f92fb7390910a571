import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { type Environment, settings } from '../settings/settings.ts';

/** Is in a folder that stands in for another one; its text is the path of that. */
const MARK = 'stands-in-for';
/** SQLite makes it anew, and one that is copied would be wrong. */
const SHARED_MEMORY = '-shm';

export interface StandIn {
  /** With DATA_DIR of the stand-in. */
  environment: Environment;
  remove: () => void;
}

/**
 * SQLite cannot read a database in a folder that it cannot write, as after a fault of the disk. So the folder's files are
 * copied to a temporary one (TMPDIR), of which a start can make what it needs; what is written there ends with the process.
 * @returns null when the system did not mount DATA_DIR read-only, it has no database so far, or DATABASE_URL says where they are
 * @throws when there is no room for the copy, or nowhere to put it
 */
export function standInForReadOnly(environment: Environment, root: string): StandIn | null {
  if ((environment.DATABASE_URL ?? '') !== '') return null;
  const dataDir = resolve(root, (environment.DATA_DIR ?? '') || settings.DATA_DIR.defaultText);
  if (!existsSync(join(dataDir, 'portal.sqlite')) || !isReadOnly(dataDir)) return null;
  let folder = '';
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-'));
    for (const entry of readdirSync(dataDir, { withFileTypes: true })) {
      if (!entry.isFile() || entry.name.endsWith(SHARED_MEMORY)) continue;
      copyFileSync(join(dataDir, entry.name), join(folder, entry.name));
      chmodSync(join(folder, entry.name), 0o600);
    }
    writeFileSync(join(folder, MARK), dataDir);
  } catch (error) {
    if (folder !== '') remove();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${dataDir} cannot be written, and cannot be copied to a folder that can: ${reason}`, {
      cause: error,
    });
  }
  return { environment: { ...environment, DATA_DIR: folder }, remove };
}

/** For which folder this one stands in; null: for none. */
export function standsInFor(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, MARK), 'utf8');
  } catch {
    return null;
  }
}

/** Of a folder that only this account may not write to, somebody else may be writing the files: that is a mistake to mend. */
function isReadOnly(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}
