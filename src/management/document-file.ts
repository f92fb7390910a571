import { stringify } from 'yaml';

import { managementDocument } from './document.ts';
import { operations } from './operations.ts';

const HEAD = '# Made from the code by: node src/management/write-document.ts\n';

/** What stands in `content/apis/gatehouse/v1/openapi.yaml`. */
export function documentText(): string {
  return (
    HEAD +
    stringify(managementDocument(operations), {
      lineWidth: 120,
      singleQuote: true,
      blockQuote: 'literal',
      aliasDuplicateObjects: false,
    })
  );
}
