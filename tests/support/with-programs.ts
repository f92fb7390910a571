import { describe } from 'vitest';

import { type DebianPackage, debianPrograms, findProgram } from './programs.ts';

/** A suite that needs programs of other makers. Where one is missing it counts as skipped, and its title says why. */
export function describeWithPrograms(title: string, packages: readonly DebianPackage[], suite: () => void): void {
  const missing = packages.filter((name) => findProgram(debianPrograms[name]) === null);
  describe.skipIf(missing.length > 0)(missing.length > 0 ? `${title} (${howToInstall(missing)})` : title, suite);
}

export function howToInstall(missing: readonly DebianPackage[]): string {
  return `not installed: apt-get install ${missing.join(' ')}`;
}
