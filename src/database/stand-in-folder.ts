import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
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
 * @returns null when DATA_DIR can be written, has no database so far, or DATABASE_URL says where the databases are
 * @throws when there is no room for the copy
 */
export function standInForReadOnly(environment: Environment, root: string): StandIn | null {
  if ((environment.DATABASE_URL ?? '') !== '') return null;
  const dataDir = resolve(root, (environment.DATA_DIR ?? '') || settings.DATA_DIR.defaultText);
  if (!allows(join(dataDir, 'portal.sqlite'), constants.R_OK) || allows(dataDir, constants.W_OK)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const entry of readdirSync(dataDir, { withFileTypes: true })) {
      if (!entry.isFile() || entry.name.endsWith(SHARED_MEMORY)) continue;
      copyFileSync(join(dataDir, entry.name), join(folder, entry.name));
      chmodSync(join(folder, entry.name), 0o600);
    }
    writeFileSync(join(folder, MARK), dataDir);
  } catch (error) {
    remove();
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

function allows(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
