import { z } from 'zod';

/** Schemas that the document names under `components/schemas`: of bodies that are sent, and of what is answered. */
export const bodySchemas = z.registry<{ id: string }>();
export const answerSchemas = z.registry<{ id: string }>();

/** What a call sends. Strict: a member that is not named here is refused. */
export function bodySchema<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  bodySchemas.add(schema, { id });
  return schema;
}

/** What is answered. */
export function answerSchema<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  answerSchemas.add(schema, { id });
  return schema;
}

/** A point in time in UTC (RFC 3339), as it is answered. */
export const time = () => z.iso.datetime().meta({ examples: ['2026-11-25T10:00:00.000Z'] });
export const maybeTime = () =>
  z.iso
    .datetime()
    .nullable()
    .meta({ examples: ['2026-11-25T10:00:00.000Z'] });

/** As answered. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

export function maybeTimeText(ms: number | null): string | null {
  return ms === null ? null : timeText(ms);
}

export const noParams = z.strictObject({});
export const noQuery = z.strictObject({});
