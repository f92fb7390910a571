import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * From now on the system lets a process write no byte of any file behind `bytes` (RLIMIT_FSIZE, which Node takes as a
 * failed write): 1 is a file system that became read-only under it, without the right to mount anything.
 * @param bytes null lifts the limit
 */
export function limitWrites(pid: number, bytes: number | null): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes ?? 'unlimited'}:`]);
}

/** Processes that a process has started, and theirs. */
export function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return children.flatMap((child) => (child === '' ? [] : [Number(child), ...descendantsOf(Number(child))]));
}
