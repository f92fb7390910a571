import type { z } from 'zod';

import { accessScopes } from '../access-tokens/access-token.ts';
import { problemSchema, refusalsOf, shareResponses } from './document-refusals.ts';
import { refTo, schemasOf, toJsonSchema } from './document-schemas.ts';
import { describeDocument } from './document-text.ts';
import { type AnyOperation, wantsToken } from './operation.ts';
import { answerSchemas, bodySchemas } from './schemas/registry.ts';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of the management API, made from the table of operations and the schemas that they check with. */
export function managementDocument(operations: readonly AnyOperation[]): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation) };
  }
  const responses = shareResponses(paths);
  const { info, tags, securitySchemes } = describeDocument(accessScopes);
  return {
    openapi: '3.1.0',
    info,
    tags,
    paths,
    components: {
      securitySchemes,
      responses,
      schemas: { ...schemasOf(answerSchemas, 'output'), ...schemasOf(bodySchemas, 'input'), Problem: problemSchema },
    },
  };
}

function describe(operation: AnyOperation): Json {
  const { operationId, tag, summary, description, success, body } = operation;
  const parameters = [...parametersOf(operation.params, 'path'), ...parametersOf(operation.query, 'query')];
  const headers = headerParametersOf(operation);
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: securityOf(operation),
    ...(parameters.length + headers.length > 0 && { parameters: [...parameters, ...headers] }),
    ...((body ?? operation.rawBody) && { requestBody: requestBodyOf(operation) }),
    responses: {
      [String(success.status)]: {
        description: success.description,
        ...(success.schema && { content: { 'application/json': { schema: refTo(success.schema, answerSchemas) } } }),
      },
      ...refusalsOf(operation),
    },
  };
}

/** The scope stands in the requirement, as OpenAPI 3.1 allows for every kind of scheme. */
function securityOf(operation: AnyOperation): Json[] {
  const { access } = operation;
  if (access === 'public') return [];
  if (access === 'api key') return [{ apiKey: [] }];
  return [{ accessToken: access === 'any token' ? [] : [access] }];
}

function requestBodyOf({ body, exampleBody, rawBody }: AnyOperation): Json {
  if (rawBody) {
    const types = rawBody.mediaTypes.map((type) => [
      type,
      { schema: { type: type.endsWith('json') ? 'object' : 'string' } },
    ]);
    return { required: true, description: rawBody.description, content: Object.fromEntries(types) as Json };
  }
  if (!body) return {};
  const media = { schema: refTo(body, bodySchemas), ...(exampleBody !== undefined && { example: exampleBody }) };
  return { required: true, content: { 'application/json': media } };
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): Json[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description, examples, ...rest } = toJsonSchema(field as z.ZodType);
    const example = (examples as unknown[] | undefined)?.[0];
    return {
      name,
      in: place,
      ...(place === 'path' && { required: true }),
      ...(description !== undefined && { description }),
      schema: rest,
      ...(example !== undefined && { example }),
    };
  });
}

const headerParameters = {
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Makes it safe to send the same call again: it is done once, and answered again for 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  },
  ifMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag of the key as you read it: when it has changed since, nothing is done.',
    schema: { type: 'string' },
  },
} as const;

function headerParametersOf(operation: AnyOperation): Json[] {
  const found: Json[] = [];
  if (operation.method === 'POST' && wantsToken(operation)) found.push(headerParameters.idempotencyKey);
  if (operation.method !== 'GET' && operation.current) found.push(headerParameters.ifMatch);
  return found;
}
