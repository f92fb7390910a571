import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const run = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/**
 * A file system that the kernel makes read-only when its disk has a fault, whoever writes just then: what Debian sets up
 * (errors=remount-ro). null where this user may not mount one.
 */
export function mountFaultyDisk(megabytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-faulty-'));
  const [image, path] = [join(folder, 'image'), join(folder, 'disk')];
  mkdirSync(path);
  const mount = (): void => void run('mount', '-o', 'loop,errors=remount-ro', image, path);
  const trigger = (): string => `/sys/fs/ext4/${basename(run('findmnt', '-no', 'SOURCE', path))}/trigger_fs_error`;
  try {
    run('truncate', '-s', `${megabytes}M`, image);
    run('mkfs.ext4', '-q', image);
    mount();
    if (!existsSync(trigger())) throw new Error('no way to make a fault');
  } catch {
    spawnQuietly('umount', path);
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    path,
    /** What was written before is on the disk; what comes now is not, and every write fails. */
    fail() {
      run('sync', '-f', path);
      writeFileSync(trigger(), 'x');
    },
    /** As somebody does who repairs it; nobody may use it meanwhile. */
    repair() {
      run('umount', path);
      // 1: there was something to repair.
      spawnQuietly('e2fsck', '-fp', image);
      mount();
    },
    unmount() {
      spawnQuietly('umount', '-l', path);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function spawnQuietly(program: string, ...words: string[]): void {
  try {
    run(program, ...words);
  } catch {
    // Whether it was needed is not known.
  }
}
