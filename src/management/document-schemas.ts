import { z } from 'zod';

import type { answerSchemas } from './schemas/registry.ts';

type Json = Record<string, unknown>;
type Registry = typeof answerSchemas;

/** A reference to a schema of a registry. */
export function refTo(schema: z.ZodType, registry: Registry): Json {
  const id = registry.get(schema)?.id;
  if (id === undefined) throw new Error('a schema of an operation has no name');
  return { $ref: refOf(id) };
}

const refOf = (id: string): string => `#/components/schemas/${id}`;

/** Every schema of a registry by its name, with references between them, sorted so that the document stays the same. */
export function schemasOf(registry: Registry, io: 'input' | 'output'): Record<string, Json> {
  const { schemas } = z.toJSONSchema(registry, { io, uri: refOf, override: simplify });
  return Object.fromEntries(
    Object.entries(schemas)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([id, schema]) => {
        delete schema.$id;
        delete schema.$schema;
        if (io === 'output') allowMore(schema);
        return [id, schema];
      }),
  );
}

/** The schema of one parameter. */
export function toJsonSchema(schema: z.ZodType): Json {
  const made: Json = z.toJSONSchema(schema, { io: 'input', override: simplify });
  delete made.$schema;
  return made;
}

/** What readers need no words for: the range of all integers, and the regular expression behind `date-time`. */
function simplify({ jsonSchema }: { jsonSchema: Json }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  const choices = jsonSchema.anyOf;
  if (!Array.isArray(choices) || choices.length !== 2) return;
  const [one, other] = choices as [Json, Json];
  if (other.type !== 'null' || typeof one.type !== 'string' || one.type === 'array') return;
  delete jsonSchema.anyOf;
  const words = one.enum as unknown[] | undefined;
  Object.assign(jsonSchema, one, { type: [one.type, 'null'], ...(words && { enum: [...words, null] }) });
}

/** Answers may get further members: clients must not stop at one that they do not know. */
function allowMore(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  if ('additionalProperties' in schema && schema.additionalProperties === false) delete schema.additionalProperties;
  for (const part of Object.values(schema)) allowMore(part);
}
