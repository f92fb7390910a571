import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { documentText } from './document-file.ts';

/** `node src/management/write-document.ts` writes the document that the portal shows anew, after a change of the code. */
writeFileSync(join(import.meta.dirname, '../../content/apis/gatehouse/v1/openapi.yaml'), documentText());
