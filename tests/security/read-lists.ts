import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Registry, readRegistry } from './registry.ts';
import { readNamedTests } from './test-titles.ts';

export const repositoryRoot = join(import.meta.dirname, '../..');

/** Both lists of this folder, with the tests that they name. */
export function readLists(): { asvs: Registry; vulnerabilities: Registry } {
  const tests = readNamedTests(repositoryRoot);
  const read = (name: string): Registry => readRegistry(readFileSync(join(import.meta.dirname, name), 'utf8'), tests);
  return { asvs: read('asvs.txt'), vulnerabilities: read('past-vulnerabilities.txt') };
}
