import { answer } from '../answers.ts';
import { managementDocument } from '../document.ts';
import { type AnyOperation, defineOperation } from '../operation.ts';
import { openApiDocumentSchema } from '../schemas/catalog.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

/** @param all every operation, itself included; asked for when somebody reads the document */
export function defineDocumentOperation(all: () => readonly AnyOperation[]): AnyOperation {
  return defineOperation({
    operationId: 'getManagementDocument',
    method: 'GET',
    path: '/openapi.json',
    tag: 'Catalog',
    summary: 'Get the document of this API',
    description: 'OpenAPI 3.1, made from what the program checks calls with.',
    access: 'public',
    params: noParams,
    query: noQuery,
    body: null,
    success: { status: 200, description: 'The document.', schema: openApiDocumentSchema },
    refusals: [],
    cacheable: true,
    handler({ portal }) {
      return answer({ ...managementDocument(all()), servers: [{ url: `${portal.site.publicUrl}/api/v1` }] });
    },
  });
}
