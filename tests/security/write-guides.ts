import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { guideTexts } from './guide-text.ts';
import { readLists, repositoryRoot } from './read-lists.ts';

/** `node tests/security/write-guides.ts` writes the guides about ASVS and past vulnerabilities anew, after a change of a list. */
const { asvs, vulnerabilities } = readLists();
for (const [name, text] of guideTexts(asvs.entries, vulnerabilities.entries))
  writeFileSync(join(repositoryRoot, 'content/guides/security', name), text);
for (const problem of [...asvs.problems, ...vulnerabilities.problems]) process.stderr.write(`${problem}\n`);
