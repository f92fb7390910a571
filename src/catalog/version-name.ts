export const VERSION = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
const LONGEST = 20;

/** Words that stand, or may come to stand, where the name of a version stands in an address. */
const TAKEN_BY_ADDRESSES = new Set([
  'api',
  'changes',
  'document',
  'feed',
  'index',
  'latest',
  'new',
  'openapi',
  'revisions',
  'schemas',
  'search',
  'sitemap',
  'tags',
  'versions',
  'webhooks',
]);
/** `/docs/parcels/v2.md` is a form of the page of v2. */
const FORMS = /\.(?:md|json|xml|txt|html|yaml|yml)$/;

/** Why this cannot be the name of a version; null when it can. */
export function versionNameProblem(name: string): string | null {
  if (name.length > LONGEST || !VERSION.test(name))
    return `must be lower-case letters and digits, such as v2 or 2026-11, ${LONGEST} characters at most`;
  if (TAKEN_BY_ADDRESSES.has(name)) return `must not be "${name}": addresses use this word`;
  return FORMS.test(name) ? `must not end in "${FORMS.exec(name)?.[0] ?? ''}": addresses use this ending` : null;
}
