import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import advisories from './support/advisories.json' with { type: 'json' };
import { type LockPackages, compareVersions, missingDependencies, vulnerablePackages } from './support/lock-file.ts';
import { parseSource, repositoryPaths } from './support/sources.ts';

interface Manifest {
  engines: { node: string };
  scarfSettings: { enabled: boolean };
  allowScripts: Record<string, boolean>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const root = join(import.meta.dirname, '..');
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const manifest = readJson('package.json') as Manifest;
const lock = readJson('package-lock.json') as { lockfileVersion: number; packages: LockPackages };
const installed = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('package.json', () => {
  test('names exact versions only, so that everybody installs the same', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(ranges).toEqual([]);
  });

  test('keeps Astro at 7.3.4: the compiler of 7.3.5 is not published for every system', () => {
    expect(manifest.dependencies.astro).toBe('7.3.4');
  });

  test('can be started with Node 20 and brings Node 24 along', () => {
    expect(manifest.engines.node).toBe('>=20');
    expect(manifest.devDependencies.node).toMatch(/^24\./);
  });

  test('lets no package run a script at installation, except the one that brings Node', () => {
    const withScripts = installed
      .filter(([, entry]) => entry.hasInstallScript)
      .map(([path]) => path.replace('node_modules/', ''));
    expect(withScripts.filter((name) => !(name in manifest.allowScripts))).toEqual([]);
    expect(Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name])).toEqual(['node']);
  });

  test('sends no installation report', () => {
    expect(manifest.scarfSettings).toEqual({ enabled: false });
    expect(manifest.allowScripts['@scarf/scarf']).toBe(false);
  });

  test('declares every package that the code imports, and for src as a dependency', () => {
    const sources = repositoryPaths(root)
      .filter((path) => /^(src|db|tests|\.config)\/.*\.(ts|mjs|js|astro)$/.test(path))
      .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));
    const undeclared = sources.flatMap(({ path, imports }) => {
      const declared = path.startsWith('src/')
        ? manifest.dependencies
        : { ...manifest.dependencies, ...manifest.devDependencies };
      return imports
        .filter(
          ({ target, isTypeOnly }) =>
            !isTypeOnly && !/^(src|db|tests|dist|\.config|content)\/|^(astro:|virtual:|\()/.test(target),
        )
        .filter(({ target }) => !isBuiltin(target) && !(target in declared))
        .map(({ target }) => `${path}: ${target}`);
    });
    expect(undeclared).toEqual([]);
  });
});

describe('package-lock.json', () => {
  test('belongs to this package.json', () => {
    expect(lock.lockfileVersion).toBe(3);
    expect(lock.packages['']).toMatchObject({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });

  test('names everything that any system needs, so that npm ci takes it everywhere', () => {
    expect(missingDependencies(lock.packages)).toEqual([]);
  });

  test('pins the content of every package', () => {
    expect(
      installed.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true).map(([path]) => path),
    ).toEqual([]);
  });

  test('holds no version with a known vulnerability', () => {
    expect(vulnerablePackages(lock.packages, advisories)).toEqual([]);
  });
});

describe('the checks of the lock file', () => {
  const binding = {
    '': { dependencies: { compiler: '1.0.0' } },
    'node_modules/compiler': { version: '1.0.0', optionalDependencies: { 'compiler-darwin': '0.5.1' } },
  };

  test('find a binary that one system would miss', () => {
    expect(missingDependencies(binding)).toEqual(['node_modules/compiler needs compiler-darwin 0.5.1']);
    expect(missingDependencies({ ...binding, 'node_modules/compiler-darwin': { version: '0.4.1' } })).toHaveLength(1);
    expect(missingDependencies({ ...binding, 'node_modules/compiler-darwin': { version: '0.5.1' } })).toEqual([]);
  });

  test('find an old version, also where it is nested', () => {
    const nested = {
      'node_modules/parser/node_modules/marked': { version: '18.0.1' },
      'node_modules/marked': { version: '18.0.2' },
    };
    expect(vulnerablePackages(nested, advisories)).toEqual([
      'node_modules/parser/node_modules/marked 18.0.1: CVE-2026-41680, safe from 18.0.2',
    ]);
  });

  test.each([
    ['1.2.3', '1.2.3', 0],
    ['1.2.3', '1.10.0', -1],
    ['2.0.0', '1.99.99', 1],
    ['2.0.0-beta.1', '2.0.0', -1],
  ])('compare %s with %s', (one, other, expected) => {
    expect(Math.sign(compareVersions(one, other))).toBe(expected);
  });
});
