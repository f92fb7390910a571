import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkSync } from 'recheck';

import { partsOf, programExpressions } from './expressions.ts';

/**
 * `node tests/security/write-safe-expressions.ts` judges the regular expressions that are not yet in the list, adds those
 * that are safe, and forgets those that are gone. It takes minutes for all, seconds for a few.
 */
const path = join(import.meta.dirname, 'safe-expressions.txt');
const known = new Set(readFileSync(path, 'utf8').split('\n').filter(Boolean));
const safe: string[] = [];
for (const [literal, files] of programExpressions()) {
  const { source, flags } = partsOf(literal);
  const status = known.has(literal) ? 'safe' : checkSync(source, flags, { timeout: 60_000 }).status;
  if (status === 'safe') safe.push(literal);
  else process.stderr.write(`${status}: ${literal} in ${files.join(', ')}\n`);
}
writeFileSync(path, `${safe.toSorted().join('\n')}\n`);
