import type { z } from 'zod';

/** How the form calls the fields of a notice. */
const LABELS: Readonly<Record<string, string>> = {
  title: 'The title',
  summary: 'The summary',
  severity: 'The severity',
  fixed_in: 'The fix',
  ids: 'An identifier',
  cvss: 'The CVSS vector',
  cwe: 'The weakness',
  workaround: 'The workaround',
  credit: 'A name',
  deprecated: 'The date of the deprecation',
  sunset: 'The sunset',
  replacement: 'What to move to',
  guide: 'The guide',
  effective: 'The date',
  started: 'The start',
  review: 'The review',
  timeline: 'The timeline',
};

/** An issue of the schema as a sentence beside its field: "The sunset must not be earlier than deprecated (RFC 9745)." */
export function fieldMessage(issue: z.core.$ZodIssue): { field: string; message: string } {
  const [first = '', index, part] = issue.path.map(String);
  if (first === 'affects')
    return index === undefined
      ? { field: 'api', message: 'Choose at least one API.' }
      : { field: part ?? 'api', message: `${AFFECTED[part ?? ''] ?? 'This'} ${issue.message}.` };
  if (first === 'timeline' && index !== undefined)
    return { field: 'timeline', message: `Entry ${Number(index) + 1}: ${PARTS[part ?? ''] ?? 'it'} ${issue.message}.` };
  if (issue.code === 'unrecognized_keys')
    return { field: '', message: 'This form has a field we do not know. Reload the page and try again.' };
  return { field: first, message: `${LABELS[first] ?? 'This'} ${issue.message}.` };
}

const AFFECTED: Readonly<Record<string, string>> = {
  operations: 'An operation',
  keys: 'A key',
  versions: 'A version',
  plans: 'A plan',
};
const PARTS: Readonly<Record<string, string>> = { at: 'the time', status: 'the status', text: 'the text' };
