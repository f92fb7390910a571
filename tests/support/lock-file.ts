/** An entry of package-lock.json, version 3, as far as it is needed here. */
export interface LockEntry {
  version?: string;
  integrity?: string;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** Path in node_modules -> entry; '' is the project itself. */
export type LockPackages = Record<string, LockEntry>;

export interface Advisory {
  firstSafe: string;
  id: string;
}

/** Every dependency that a clean installation would miss, on whatever system: the reason why `npm ci` refuses a lock file. */
export function missingDependencies(packages: LockPackages): string[] {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const wanted = Object.entries({ ...entry.dependencies, ...entry.optionalDependencies });
    return wanted
      .filter(([name, range]) => !satisfies(findInstalled(packages, path, name)?.version, range))
      .map(([name, range]) => `${path || 'the project'} needs ${name} ${range}`);
  });
}

/** Every installed package that is older than the first version without a known vulnerability. */
export function vulnerablePackages(packages: LockPackages, advisories: Record<string, readonly Advisory[]>): string[] {
  return Object.entries(packages).flatMap(([path, { version = '0' }]) =>
    (advisories[nameOf(path)] ?? [])
      .filter(({ firstSafe }) => compareVersions(version, firstSafe) < 0)
      .map(({ firstSafe, id }) => `${path} ${version}: ${id}, safe from ${firstSafe}`),
  );
}

/** Node looks beside the package, then one folder up, and so on. */
function findInstalled(packages: LockPackages, path: string, name: string): LockEntry | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const entry = packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`];
    if (entry || folder === '') return entry;
  }
}

/** Exact versions are compared; of a range only that something is there, for npm has chosen it. */
function satisfies(version: string | undefined, range: string): boolean {
  if (version === undefined) return false;
  return !/^\d+\.\d+\.\d+/.test(range) || range.includes(' ') || version === range;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Below, equal or above zero. A pre-release is older than its release. */
export function compareVersions(one: string, other: string): number {
  const [oneRelease = '', onePre] = one.split('-', 2);
  const [otherRelease = '', otherPre] = other.split('-', 2);
  const others = otherRelease.split('.').map(Number);
  for (const [index, part] of oneRelease.split('.').map(Number).entries()) {
    const difference = part - (others[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(otherPre !== undefined) - Number(onePre !== undefined);
}
