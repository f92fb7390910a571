import { refuse } from './answers.ts';
import { entityTag, matchesStrongly, parseTags } from './entity-tag.ts';
import type { AnyOperation, Answer, Call } from './operation.ts';

/**
 * Does what a call asks for, if it is still as the caller saw it (If-Match, RFC 9110, 13.1.1). Conditional changes of
 * one thing take turns in this process, so that of two with the same tag the second is refused. Without the header
 * nothing is compared.
 */
export async function performIfMatching(operation: AnyOperation, call: Call): Promise<Answer> {
  const header = call.headers.get('if-match');
  if (header === null) return operation.handler(call);
  const tags = parseTags(header);
  if (tags === null) return refuse('invalid_header', 'If-Match must be an ETag as it was answered, or *.');
  const { current } = operation;
  if (!current) return refuse('precondition_failed', 'What this operation is about has no ETag. Leave If-Match out.');
  return call.portal.management.exclusively(Object.values(call.params).join('/'), async () => {
    const now = await current(call);
    // What is not there is told by the operation itself, whoever asks.
    if (now && !matchesStrongly(tags, entityTag(now))) return refuse('precondition_failed');
    return operation.handler(call);
  });
}
