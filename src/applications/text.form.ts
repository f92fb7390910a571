import { z } from 'zod';

import { HOLDS_TOKEN, holdsToken } from '../platform/token-shape.ts';

/** Controls, lone surrogates, line separators, and what turns or hides text: names must read as they are stored. */
export const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u2060\ufeff]/u;
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A required name on one line: trimmed, NFC, 1 to `maxLength` UTF-16 units, as an input's `maxlength` counts. */
export function nameField(maxLength: number) {
  return lineField(maxLength).refine((name) => SEEN.test(name), 'Enter a name.');
}

/** Optional text on one line; `''` when absent or empty. */
export function lineField(maxLength: number) {
  return checkedText(maxLength, (text) => text);
}

/** Optional text of several lines, with `\n` between them; `''` when absent or empty. */
export function textField(maxLength: number) {
  return checkedText(maxLength, (text) => text.replaceAll(/[\n\t]/g, ' '));
}

function checkedText(maxLength: number, visibleLayout: (text: string) => string) {
  return z
    .string('Enter text.')
    .default('')
    .transform((text) => text.normalize('NFC').replaceAll('\r\n', '\n').trim())
    .superRefine((text, context) => {
      const problem = textProblem(text, visibleLayout(text), maxLength);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    });
}

function textProblem(text: string, line: string, maxLength: number): string | null {
  if (text.length > maxLength) return `Use ${maxLength} characters or fewer; this has ${text.length}.`;
  const codePoint = UNSEEN.exec(line)?.[0].codePointAt(0);
  if (codePoint !== undefined) {
    const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
    return `There is a character here that cannot be seen (${name}). Type the text again without it.`;
  }
  if (holdsToken(text)) return HOLDS_TOKEN;
  return null;
}
