import { basename, dirname } from 'node:path';

import { COMPUTED, type Import, type Source } from './sources.ts';

/** Rooms that belong together: who may import from the first of a wing may import from all of it, and they from each other. */
const wings: readonly (readonly string[])[] = [
  'accounts access-tokens command-line email-addresses passwords second-step sessions sign-in'.split(' '),
  'keys key-reminders key-restrictions key-revocation key-rotation leaked-keys'.split(' '),
  ['identities', 'passkeys'],
  ['platform', 'database', 'settings'],
];

const features = (
  'audit accounts applications plans keys usage catalog notices editor guides reference webhooks difference policies tyk ' +
  'search identities feedback security-reports teams publishing privacy'
).split(' ');
const all = [...features, ...'management platform verify gateway jobs cli server demo portal composition'.split(' ')];

/** Which folders of src a folder may import from, besides itself and platform. */
const allowedFolders: Record<string, readonly string[]> = {
  platform: [],
  audit: [],
  accounts: ['audit'],
  teams: ['applications', 'accounts', 'audit'],
  applications: ['accounts', 'teams', 'audit'],
  plans: ['audit'],
  keys: ['applications', 'accounts', 'teams', 'plans', 'audit'],
  usage: ['plans'],
  catalog: ['plans', 'audit'],
  notices: ['catalog', 'applications', 'accounts', 'teams', 'usage', 'audit'],
  editor: ['notices', 'difference', 'catalog', 'applications', 'accounts', 'usage', 'audit'],
  guides: [],
  reference: ['catalog', 'plans', 'audit'],
  webhooks: ['applications', 'accounts', 'teams', 'audit'],
  difference: ['catalog'],
  publishing: ['catalog', 'difference', 'notices', 'usage', 'accounts', 'audit'],
  policies: ['catalog', 'applications', 'accounts', 'plans', 'keys', 'usage', 'audit'],
  tyk: ['applications', 'accounts', 'plans', 'keys', 'usage', 'audit'],
  identities: ['applications', 'accounts', 'audit'],
  feedback: ['applications', 'accounts', 'audit'],
  'security-reports': ['applications', 'accounts', 'audit'],
  privacy: ['teams', 'applications', 'accounts', 'audit'],
  search: ['catalog', 'reference', 'notices', 'guides'],
  // The management API: schemas and handlers over the portal's interface.
  management: features,
  verify: ['keys', 'plans', 'usage', 'policies'],
  gateway: ['verify'],
  server: ['accounts'],
  demo: [],
  jobs: features,
  cli: [...features, 'management'],
  // Types only: all that pages may ask.
  portal: [...features, 'management'],
  composition: all,
  // Rules only: what these load must be pure, see `reachAllowedFrom`.
  ui: [...features, 'management', 'verify', 'server'],
  pages: [...features, 'management', 'verify', 'server', 'ui'],
  // Files that stand in src itself.
  'main.ts': all,
  'middleware.ts': features,
  'env.d.ts': ['accounts', 'teams', 'portal'],
};

/** What one file alone may import. */
const importers: { target: RegExp; allowed: RegExp; reason: string }[] = [
  { target: /^(better-sqlite3|pg)$/, allowed: /^src\/database\/database\.ts$/, reason: 'a database driver' },
  { target: /^lucia$/, allowed: /^src\/sessions\/sessions\.ts$/, reason: 'lucia' },
  { target: /^astro($|:)|\.astro$/, allowed: /^src\/(pages\/|ui\/|middleware\.ts$|env\.d\.ts$)/, reason: 'Astro' },
  { target: /^tests\//, allowed: /^$/, reason: 'what only tests have' },
];

/** What one file alone may use. */
const users: { use: RegExp; allowed: RegExp; reason: string }[] = [
  {
    use: /^(randomBytes|randomUUID|randomInt|randomFill(Sync)?|getRandomValues|Math\.random)$/,
    allowed: /^src\/platform\/random\.ts$/,
    reason: 'only platform/random.ts draws randomness',
  },
  {
    use: /^(Date\.now|new Date\(\))$/,
    allowed: /^src\/platform\/clock\.ts$/,
    reason: 'only platform/clock.ts reads the clock',
  },
  { use: /^clientAddress$/, allowed: /^$/, reason: 'client addresses come from our own resolver only' },
  {
    use: /^(set:html|innerHTML|outerHTML|insertAdjacentHTML)$/,
    allowed: /^src\/ui\/SafeHtml\.astro$/,
    reason: 'only ui/SafeHtml.astro writes HTML',
  },
];

/** What rules and forms may load: they compute, and reach nothing outside themselves. */
const purePackages = new Set(['zod', 'node:crypto', 'node:net', 'node:zlib', 'ae-cvss-calculator']);
/** What the bundle of the pages may load beside that. */
const pagePackages =
  /^(astro($|:)|@observablehq\/plot$|linkedom$|marked$|sanitize-html$|@simplewebauthn\/browser$|swagger-ui-dist$|uqr$)/;
/** What the process on the hot path may load: an allowlist, so that web code cannot slip in. */
const verifierPackages = /^(node:|kysely$|better-sqlite3$|pg$|pino$|prom-client$|zod$)/;
const verifierFolders = new Set(['verify', 'keys', 'plans', 'usage', 'policies', 'platform']);
/** The entry point of that process, which puts together the verifier and the built-in gateway. */
const VERIFIER_ENTRY = 'src/verify/main.ts';
const gatewayPackages = /^httpxy$/;
const gatewayFolders = new Set(['gateway', 'composition']);

const ruleFiles = new Set([
  'src/accounts/account.ts',
  'src/applications/application.ts',
  'src/catalog/api.ts',
  'src/guides/guide.ts',
  'src/keys/api-key.ts',
  'src/keys/key-secret.ts',
  'src/notices/notice.ts',
  'src/plans/plan.ts',
  'src/policies/policy.ts',
  'src/publishing/revision.ts',
  'src/reference/reference.ts',
  'src/usage/usage.ts',
]);

/** Every breach of the house rules in these files, one line each. */
export function findViolations(sources: readonly Source[]): string[] {
  const files = new Map(sources.map((source) => [source.path, source]));
  const own = sources.filter((source) => source.path.startsWith('src/'));
  return [
    ...own.flatMap(folderViolations),
    ...own.flatMap(importerViolations),
    ...own.flatMap(userViolations),
    ...own.flatMap((source) => reachViolations(source, files)),
    ...cycles(own, files),
  ];
}

function folderViolations({ path, imports }: Source): string[] {
  const folder = wingOf(path);
  const allowed = path === VERIFIER_ENTRY ? all : allowedFolders[folder];
  if (!allowed) return [`${path}: src/${folder} is not part of the layout`];
  return imports
    .filter(({ target }) => target.startsWith('src/'))
    .filter((found) => !mayImport(path, folder, allowed, found))
    .map(({ target }) => `${path}: ${folder} must not import ${target}`);
}

function mayImport(path: string, folder: string, allowed: readonly string[], { target, isTypeOnly }: Import): boolean {
  const targetFolder = wingOf(target);
  if (target === 'src/portal/portal.ts' && (isPage(path) || folder === 'server' || folder === 'management'))
    return isTypeOnly;
  if (isPage(path)) {
    if (target.endsWith('-store.ts') || target === 'src/database/database.ts') return false;
  }
  return targetFolder === folder || targetFolder === 'platform' || allowed.includes(targetFolder);
}

function importerViolations({ path, imports }: Source): string[] {
  const computed = imports.some(({ target }) => target === COMPUTED) && !mayCompute(path);
  const violations = computed ? [`${path}: an import must name its module literally`] : [];
  for (const { target } of imports) {
    const rule = importers.find((candidate) => candidate.target.test(target) && !candidate.allowed.test(path));
    if (rule) violations.push(`${path}: must not import ${rule.reason} (${target})`);
  }
  return violations;
}

/** Migrations are found by listing a folder, Astro's handler exists only after a build. */
function mayCompute(path: string): boolean {
  return ['src/database/migrate.ts', 'src/composition/portal-process.ts'].includes(path);
}

function userViolations({ path, uses }: Source): string[] {
  return users.flatMap(({ use, allowed, reason }) =>
    allowed.test(path) ? [] : [...uses].filter((name) => use.test(name)).map((name) => `${path}: ${name}: ${reason}`),
  );
}

function reachViolations(source: Source, files: ReadonlyMap<string, Source>): string[] {
  const allowed = reachAllowedFrom(source.path);
  if (!allowed) return [];
  return reach(source, files)
    .filter(({ target }) => !allowed(target))
    .map(({ target, via }) => `${source.path}: must not reach ${target} (through ${via})`);
}

function reachAllowedFrom(path: string): ((target: string) => boolean) | null {
  const isPure = (target: string): boolean =>
    target.startsWith('src/') ? !target.endsWith('-store.ts') : purePackages.has(target);
  if (ruleFiles.has(path) || path.endsWith('.form.ts')) return isPure;
  if (isPage(path)) return (target) => isPure(target) || pagePackages.test(target) || isAsset(target);
  if (path === VERIFIER_ENTRY || folderOf(path) === 'gateway') {
    return (target) => isOnHotPath(target) || gatewayFolders.has(folderOf(target)) || gatewayPackages.test(target);
  }
  return folderOf(path) === 'verify' ? isOnHotPath : null;
}

function isOnHotPath(target: string): boolean {
  if (target === COMPUTED) return true;
  return target.startsWith('src/') ? verifierFolders.has(wingOf(target)) : verifierPackages.test(target);
}

/** Everything that is loaded when this file is: `import type` loads nothing. */
function reach(start: Source, files: ReadonlyMap<string, Source>): { target: string; via: string }[] {
  const found = new Map<string, string>();
  const waiting = [start];
  for (let source = waiting.pop(); source; source = waiting.pop()) {
    for (const { target, isTypeOnly } of source.imports) {
      if (isTypeOnly || found.has(target)) continue;
      found.set(target, source.path);
      const next = files.get(target);
      if (next) waiting.push(next);
    }
  }
  return [...found].map(([target, via]) => ({ target, via }));
}

function cycles(sources: readonly Source[], files: ReadonlyMap<string, Source>): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const walk = (source: Source, trail: readonly string[]): void => {
    state.set(source.path, 'open');
    for (const { target } of source.imports) {
      const next = files.get(target);
      if (!next) continue;
      if (state.get(target) === 'open') found.push([...trail.slice(trail.indexOf(target)), target].join(' -> '));
      if (!state.has(target)) walk(next, [...trail, target]);
    }
    state.set(source.path, 'done');
  };
  for (const source of sources) if (!state.has(source.path)) walk(source, [source.path]);
  return found.map((circle) => `${circle}: a cycle`);
}

function isPage(path: string): boolean {
  return /^src\/(pages\/|ui\/|middleware\.ts$)/.test(path);
}

function isAsset(target: string): boolean {
  return /\.(css|svg|woff2|png)$/.test(target);
}

/** The first room of the wing in which a file is, or its folder where that belongs to none. */
function wingOf(path: string): string {
  const folder = folderOf(path);
  return wings.find((rooms) => rooms.includes(folder))?.[0] ?? folder;
}

/** `key-rotation` for src/key-rotation/rotate-key.ts, `main.ts` for src/main.ts. */
function folderOf(path: string): string {
  return dirname(path) === 'src' ? basename(path) : (path.split('/')[1] ?? '');
}
