import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const store = join(import.meta.dirname, '../.artifacts/packages');

export interface PinnedPackage {
  name: string;
  version: string;
  /** Of its tarball, as `npm view <name>@<version> dist.integrity` says it. */
  integrity: `sha512-${string}`;
}

/**
 * The folder of a package that only a benchmark needs, such as a peer or a large collection of documents: too large to
 * be installed by everybody. Fetched from the registry once and kept below `tests/.artifacts`; its dependencies are not
 * fetched and no script of it runs. Throws when the tarball is another than the one named.
 */
export function fetchedPackage({ name, version, integrity }: PinnedPackage): string {
  const folder = join(store, `${name.replace('/', '+')}@${version}`);
  if (!existsSync(folder)) {
    mkdirSync(store, { recursive: true });
    const workshop = mkdtempSync(join(store, 'fetching-'));
    try {
      unpack(`${name}@${version}`, integrity, workshop);
      renameSync(join(workshop, 'package'), folder);
    } finally {
      rmSync(workshop, { recursive: true, force: true });
    }
  }
  return folder;
}

function unpack(specifier: string, integrity: string, workshop: string): void {
  const packed = execFileSync('npm', ['pack', specifier, '--silent', '--pack-destination', workshop], {
    encoding: 'utf8',
  });
  const tarball = join(workshop, packed.trim().split('\n').at(-1) ?? '');
  const actual = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (actual !== integrity)
    throw new Error(`${specifier} is not the package it was: ${actual} instead of ${integrity}`);
  mkdirSync(join(workshop, 'package'));
  execFileSync('tar', ['-xzf', tarball, '-C', join(workshop, 'package'), '--strip-components=1', '--no-same-owner']);
}
