import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { documentText } from './document-file.ts';
import { operationsGuide } from './operations-guide.ts';

/** `node src/management/write-document.ts` writes what is made of the table of operations anew, after a change of it. */
const content = join(import.meta.dirname, '../../content');
writeFileSync(join(content, 'apis/gatehouse/v1/openapi.yaml'), documentText());
writeFileSync(join(content, 'guides/management-api-operations.md'), operationsGuide());
