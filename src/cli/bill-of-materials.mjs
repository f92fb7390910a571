import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @typedef {{ version?: string, integrity?: string, license?: string, dev?: boolean, optional?: boolean, devOptional?: boolean,
 *   dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} LockEntry
 * @typedef {{ name: string, version: string, license?: string, packages: Record<string, LockEntry> }} Installation
 */

/**
 * What production installs, as CycloneDX 1.6: made from the lock file alone, so that it is the same on every machine.
 * Packages for other systems are in it too, with the scope `optional`. (`npm sbom` leaves some packages out.)
 * @param {Installation} installation
 */
export function billOfMaterials({ name, version, license, packages }) {
  const entries = Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.dev && entry.version);
  const byReference = new Map(entries.map(([path, entry]) => [referenceOf(path, entry), entry]));
  const components = [...byReference].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': `pkg:npm/${name}@${version}`,
        name,
        version,
        ...licensesOf(license),
      },
    },
    components: components.map(([purl, { version: own, license: licence, integrity, optional, devOptional }]) => ({
      type: 'library',
      'bom-ref': purl,
      name: decodeURIComponent(purl.slice('pkg:npm/'.length, purl.lastIndexOf('@'))),
      version: own,
      scope: optional || devOptional ? 'optional' : 'required',
      ...licensesOf(licence),
      hashes: hashesOf(integrity),
      purl,
    })),
    dependencies: [
      { ref: `pkg:npm/${name}@${version}`, dependsOn: dependenciesOf('', packages) },
      ...dependencyRows(entries, packages),
    ],
  };
}

/**
 * A package that stands at two places with the same version has what both of them find.
 * @param {[string, LockEntry][]} entries
 * @param {Record<string, LockEntry>} packages
 */
function dependencyRows(entries, packages) {
  const rows = new Map();
  for (const [path, entry] of entries) {
    const ref = referenceOf(path, entry);
    rows.set(ref, [...(rows.get(ref) ?? []), ...dependenciesOf(path, packages)]);
  }
  return [...rows].map(([ref, dependsOn]) => ({ ref, dependsOn: [...new Set(dependsOn)].sort() }));
}

/**
 * @param {string} path
 * @param {Record<string, LockEntry>} packages
 */
function dependenciesOf(path, packages) {
  const { dependencies, optionalDependencies } = packages[path] ?? {};
  return Object.keys({ ...dependencies, ...optionalDependencies }).flatMap((name) => {
    const found = findInstalled(packages, path, name);
    return found === null ? [] : [found];
  });
}

/**
 * Node looks beside the package, then one folder up, and so on.
 * @param {Record<string, LockEntry>} packages
 * @param {string} path
 * @param {string} name
 */
function findInstalled(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const entry = packages[place];
    if (entry) return referenceOf(place, entry);
    if (folder === '') return null;
  }
}

/**
 * The package URL: `pkg:npm/%40astrojs/node@11.1.6`.
 * @param {string} path
 * @param {LockEntry} entry
 */
function referenceOf(path, { version }) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** @param {string | undefined} license an SPDX expression */
function licensesOf(license) {
  return license === undefined ? {} : { licenses: [{ expression: license }] };
}

/** @param {string | undefined} integrity as in the lock file: `sha512-` and base64 */
function hashesOf(integrity) {
  return (integrity ?? '')
    .split(' ')
    .filter((hash) => hash.startsWith('sha512-'))
    .map((hash) => ({ alg: 'SHA-512', content: Buffer.from(hash.slice('sha512-'.length), 'base64').toString('hex') }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const read = (/** @type {string} */ file) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  const { name, version, license } = read('package.json');
  const { packages } = read('package-lock.json');
  process.stdout.write(`${JSON.stringify(billOfMaterials({ name, version, license, packages }), null, 2)}\n`);
}
