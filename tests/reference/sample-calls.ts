import { createResolver } from '../../src/reference/resolver.ts';
import { type SampleRequest, sampleRequest } from '../../src/reference/sample-request.ts';
import { createTree } from '../../src/reference/schema-tree.ts';

/** What would run, break out of its quotes or be read in another way, in one language or another. */
const hostile = [
  `it's "quoted"`,
  '$HOME ${HOME} $(touch pwned) `touch pwned`',
  '#{`touch pwned`} #$0 #@x',
  'back\\slash \\n \\u0041',
  'line\nbreak',
  "'; touch pwned; '",
  'JSON\nJSON',
  '%s {0} {{x}} <?php ?> """',
  '@/etc/passwd',
  '🙂 é </script>',
];
/** All of it as names and values of a body. */
export const hostileBody = {
  ...Object.fromEntries(hostile.entries()),
  list: [1, 2.5, true, false, null, 'x', ...hostile],
  deep: { a: [{ b: "'" }] },
};

const operation = {
  parameters: [
    { in: 'path', name: 'id', required: true, example: hostile.join(' ') },
    { in: 'query', name: "q'$(touch pwned)", required: true, example: hostile.join('&') },
    { in: 'header', name: 'X-Note', required: true, example: hostile[1] },
    { in: 'header', name: 'X-Plain', required: true, example: 'as it is' },
    { in: 'header', name: 'X"\'$bad', required: true, example: 'x' },
  ],
};

/** The sample call of an operation whose path, query and headers are hostile too. @param more such as its body */
export function requestOf(more: object, origin = 'http://127.0.0.1:9'): SampleRequest {
  const tree = createTree(createResolver(new Map([['', { value: {}, slug: '' }]])), '');
  const target = { method: 'POST', path: "/a/{id}/it's $(touch pwned)`", serverUrl: origin, token: 'gth_test_...' };
  return sampleRequest(tree, { ...operation, ...more }, undefined, target);
}

/** A body with one example. */
export const json = (example: unknown, mediaType = 'application/json') => ({
  requestBody: { content: { [mediaType]: { example } } },
});
