import { z } from 'zod';

const NO_ANSWER = 'The browser sent no passkey. Try again, with JavaScript turned on.';
/** Of an answer as JSON; a credential with an RSA key and all its extensions has about 2 KB. */
const LONGEST_ANSWER = 16_384;

export const base64url = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[\w-]+$/, NO_ANSWER);

/** Where the answer of an authenticator stands: JSON as `PublicKeyCredential.toJSON()` makes it; what else is in it is dropped. */
export function answerField<Response extends z.ZodType>(response: Response) {
  const answer = z.object({
    id: base64url(1400),
    rawId: base64url(1400),
    type: z.literal('public-key'),
    response,
    clientExtensionResults: z.object({}).default({}),
  });
  return z
    .string(NO_ANSWER)
    .min(1, NO_ANSWER)
    .max(LONGEST_ANSWER, NO_ANSWER)
    .transform((text, context) => {
      const parsed = answer.safeParse(jsonOf(text));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: NO_ANSWER });
      return z.NEVER;
    });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
