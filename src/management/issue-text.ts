import type { z } from 'zod';

/** What is wrong with a member, in words that say what to do. */
export function issueText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `This must be ${withArticle(issue.expected)}.`;
    case 'invalid_value':
      return `This must be one of ${issue.values.map(String).join(', ')}.`;
    case 'too_big':
      return limitText(issue.origin, Number(issue.maximum), 'most');
    case 'too_small':
      return limitText(issue.origin, Number(issue.minimum), 'least');
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'custom':
      return issue.message;
  }
}

function withArticle(type: string): string {
  const word = type === 'int' ? 'integer' : type;
  return /^[aeio]/.test(word) ? `an ${word}` : `a ${word}`;
}

function limitText(origin: string, bound: number, side: 'most' | 'least'): string {
  if (origin === 'string' && side === 'least') return 'This must not be empty.';
  if (origin === 'string') return `Use ${bound} characters or fewer.`;
  if (origin === 'array') return side === 'most' ? `This can have ${bound} entries.` : `This needs ${bound} entries.`;
  return side === 'most' ? `This must be ${bound} or less.` : `This must be ${bound} or more.`;
}
