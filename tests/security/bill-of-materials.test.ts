import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { LockPackages } from '../support/lock-file.ts';
import { repositoryRoot } from './read-lists.ts';

interface Component {
  'bom-ref': string;
  name: string;
  version: string;
  scope: string;
  licenses: { expression: string }[];
  hashes: { alg: string; content: string }[];
  purl: string;
}

interface Bill {
  bomFormat: string;
  specVersion: string;
  metadata: { component: { 'bom-ref': string; name: string; version: string } };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

type Packages = Record<string, LockPackages[string] & { dev?: boolean; resolved?: string; link?: boolean }>;

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(repositoryRoot, path), 'utf8'));
const manifest = readJson('package.json') as { name: string; version: string; dependencies: Record<string, string> };
const { packages } = readJson('package-lock.json') as { packages: Packages };
const production = Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.dev);
const program = join(repositoryRoot, 'src/cli/bill-of-materials.mjs');
const bill = JSON.parse(execFileSync(process.execPath, [program], { encoding: 'utf8' })) as Bill;

/** Raise it only for a package that is worth what it brings along. */
const REQUIRED_PACKAGES = 420;

/** Terms that ask for no more than to be named, and the LGPL of a library that is loaded, not built in. */
const LICENCES = new Set(
  (
    'MIT MIT-0 ISC 0BSD BSD-2-Clause BSD-3-Clause Apache-2.0 BlueOak-1.0.0 CC0-1.0 Unlicense Python-2.0 PSF-2.0 MPL-2.0 ' +
    'LGPL-3.0-or-later'
  ).split(' '),
);

describe('the bill of materials', () => {
  test('names every package that production needs, with version, licence and hash, and no other', () => {
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { name: manifest.name } },
    });
    const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const locked = new Set(production.map(([path, { version }]) => `${nameOf(path)}@${version}`));
    const named = bill.components.map(({ name, version }) => `${name}@${version}`);
    expect(new Set(named).size).toBe(named.length);
    expect(named.toSorted()).toEqual([...locked].toSorted());
    for (const { name, hashes, licenses, purl } of bill.components) {
      expect([name, hashes.length, hashes[0]?.content.length]).toEqual([name, 1, 128]);
      expect([name, licenses.length]).toEqual([name, 1]);
      expect(purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+/);
    }
  });

  test('says what needs what, from the portal to the last package', () => {
    const rows = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const reached = new Set<string>();
    const waiting = [bill.metadata.component['bom-ref']];
    for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
      if (reached.has(ref)) continue;
      reached.add(ref);
      expect(rows.has(ref), ref).toBe(true);
      waiting.push(...(rows.get(ref) ?? []));
    }
    const direct = rows.get(bill.metadata.component['bom-ref']) ?? [];
    expect(direct.length).toBe(Object.keys(manifest.dependencies).length);
    const required = bill.components
      .filter(({ scope }) => scope === 'required')
      .map((component) => component['bom-ref']);
    expect(required.filter((ref) => !reached.has(ref))).toEqual([]);
  });

  test('has licences that let the portal be given away, and no more packages than were agreed', () => {
    const unknown = bill.components.filter(
      ({ licenses }) =>
        !licenses.every(({ expression }) =>
          expression.split(/ AND | OR |[()]/).every((one) => one === '' || LICENCES.has(one)),
        ),
    );
    expect(unknown.map(({ name, licenses }) => `${name}: ${licenses[0]?.expression}`)).toEqual([]);
    const required = bill.components.filter(({ scope }) => scope === 'required').length;
    process.stdout.write(
      `${required} packages in production, ${bill.components.length - required} more for other systems\n`,
    );
    expect(required).toBeLessThanOrEqual(REQUIRED_PACKAGES);
  });

  test('comes from the one registry, and is known by its hash', () => {
    const elsewhere = Object.entries(packages).filter(
      ([path, { resolved, link, integrity }]) =>
        path !== '' && (resolved !== undefined || link === true || !integrity?.startsWith('sha512-')),
    );
    expect(elsewhere.map(([path]) => path)).toEqual([]);
  });
});
