import { z } from 'zod';

import { lineField } from '../../applications/text.form.ts';

/** Parts that several bodies and answers have. */

export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'Send it as `cursor` to get the next page; null on the last one.' });

/** Lets the parser of a form's field check a member of a body as well, so that both take and keep the same. */
export function checkedBy<Value>(field: z.ZodType<Value>): (value: unknown, context: z.RefinementCtx) => Value {
  return (value, context) => {
    const parsed = field.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      context.addIssue({ code: 'custom', message: issue.message, path: [...issue.path] });
    }
    return z.NEVER;
  };
}

/** Optional text on one line. */
export function optionalLine(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .transform(checkedBy(lineField(maxLength)))
    .default('');
}

/** Required text on one line. */
export function requiredLine(maxLength: number) {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .transform(checkedBy(lineField(maxLength).refine((text) => text !== '', 'This must not be empty.')));
}
