/** Addresses below a version that are not operations. */
const TAKEN_BY_PAGES = ['tags', 'schemas', 'webhooks'];

/** One address for each operation id. */
export function operationSlugs(operationIds: readonly string[]): Map<string, string> {
  return slugsOf(operationIds, kebab, TAKEN_BY_PAGES);
}

/** Names of components are part of addresses as they are, unless something in them needs encoding. */
export function componentSlugs(names: readonly string[]): Map<string, string> {
  return slugsOf(names, (name) => (isPlain(name) ? name : kebab(name)));
}

/**
 * One address for each name. Names that would share one are numbered in the order of their spelling, so that moving
 * things about in a document changes no address.
 */
export function slugsOf(
  names: readonly string[],
  slugOf: (name: string) => string = kebab,
  reserved: readonly string[] = [],
): Map<string, string> {
  const groups = Map.groupBy([...new Set(names)].sort(), (name) => slugOf(name) || 'unnamed');
  const taken = new Set([...groups.keys(), ...reserved]);
  const slugs = new Map<string, string>();
  for (const [slug, [first = '', ...others]] of groups) {
    slugs.set(first, reserved.includes(slug) ? nextFree(slug, taken) : slug);
    for (const name of others) slugs.set(name, nextFree(slug, taken));
  }
  return slugs;
}

/** `createParcel` -> `create-parcel`, `repos/get` -> `repos-get`, `GetHTTPStatus` -> `get-http-status`. */
export function kebab(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/\p{Mn}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 100);
}

function isPlain(name: string): boolean {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(name) && !name.endsWith('.md');
}

function nextFree(slug: string, taken: Set<string>): string {
  let number = 2;
  while (taken.has(`${slug}-${number}`)) number += 1;
  taken.add(`${slug}-${number}`);
  return `${slug}-${number}`;
}
