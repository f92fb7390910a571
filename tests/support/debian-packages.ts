import { existsSync, rmSync, writeFileSync } from 'node:fs';

import { type DebianPackage, debianPrograms, findProgram } from './programs.ts';
import { runWithProgress } from './progress.ts';

/** Debian's packages start their services; this file forbids it (invoke-rc.d(8)) while they are installed. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs what is missing, where that is possible: as root, with apt-get. What fails is said and left out. */
export async function installDebianPackages(): Promise<void> {
  const names = Object.keys(debianPrograms) as DebianPackage[];
  const missing = names.filter((name) => findProgram(debianPrograms[name]) === null);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || findProgram('apt-get') === null) {
    say(
      `Not installed: ${missing.join(', ')}; their suites are skipped. To run them: apt-get install ${missing.join(' ')}`,
    );
    return;
  }
  await tryApt('Reading the list of Debian packages', ['update']);
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    for (const name of missing)
      await tryApt(`Installing ${name}`, ['install', '--yes', '--no-install-recommends', name]);
  } finally {
    if (isOurs) rmSync(POLICY);
  }
}

async function tryApt(label: string, words: readonly string[]): Promise<void> {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await runWithProgress(label, 'apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...words], environment);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
