import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own that a test can fill; null where this user may not mount one. */
export function mountSmallDisk(megabytes: number) {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmSync(path, { recursive: true });
    return null;
  }
  const filler = join(path, 'filler');
  return {
    path,
    /** Takes every block that is left. */
    fill() {
      const file = openSync(filler, 'a');
      for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
        const block = Buffer.alloc(bytes, 1);
        try {
          for (;;) if (writeSync(file, block) === 0) break;
        } catch {
          // Full for a block of this size.
        }
      }
      closeSync(file);
    },
    free: () => rmSync(filler),
    /** The system refuses `ro` while anybody has a file open for writing. */
    remount: (mode: 'ro' | 'rw') => void execFileSync('mount', ['-o', `remount,${mode}`, path]),
    unmount() {
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
